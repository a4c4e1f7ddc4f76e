package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// delivered is the Done of every delivering task: the line becomes a service with a
// subscription, and what it cost goes into the ledger.
func (s *Services) delivered(ctx context.Context, q *db.Queries, t task.Task) error {
	d, err := s.delivery(ctx, q, t)
	if err != nil {
		return err
	}
	rows, err := q.DeliveryDone(ctx, db.DeliveryDoneParams{ID: d.ID, UpdatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("end delivery %s: %w", d.ID, err)
	}
	if rows == 0 {
		return s.deliveredTooLate(ctx, q, d)
	}
	result := resultOf(t)
	if result.ExpiresAt <= s.now() {
		result.ExpiresAt = 0 // a paid name that has expired already is an answer that cannot be right
	}
	svc, err := s.create(ctx, q, d, result)
	if err != nil {
		return err
	}
	if err := s.forgetZone(ctx, q, d); err != nil {
		return err
	}
	if err := s.subscribe(ctx, q, d, svc); err != nil {
		return err
	}
	if _, err := q.NameReservationRelease(ctx, d.ID); err != nil {
		return fmt.Errorf("release the name of delivery %s: %w", d.ID, err)
	}
	return s.Events.Emit(ctx, q, event.Params{
		Kind: "service.delivered", Subject: svc.ID, CustomerID: d.CustomerID,
		Data: map[string]string{"service_id": svc.ID, "order_line_id": d.ID, "order_id": d.OrderID},
	})
}

// deliveredTooLate: the upstream delivered what was given up meanwhile. Nothing is
// undone by itself: a person looks.
func (s *Services) deliveredTooLate(ctx context.Context, q *db.Queries, d db.Delivery) error {
	if d.State == DeliveryDelivered {
		return nil
	}
	return s.Events.Raise(ctx, q, event.Alarm{
		Code: "delivered_after_refund", Subject: d.ID, Message: "The upstream delivered a line that had been given up and refunded.",
	})
}

// create writes the service row. A name that was just registered cannot be another
// service's: what stands in its way has lost the name, and is ended with an alarm.
func (s *Services) create(ctx context.Context, q *db.Queries, d db.Delivery, r deliveryResult) (db.ServiceInsertParams, error) {
	now := s.now()
	row := db.ServiceInsertParams{
		ID: s.Store.NewID("svc"), CustomerID: d.CustomerID, OrderLineID: d.ID, Upstream: d.Upstream, Kind: KindDomain,
		Name: d.Domain, ProductID: d.ProductID, Description: d.Description, RegistrantID: d.RegistrantID,
		SiteID: string(r.SiteID), UpstreamOrder: string(r.OrderID), ExpiresAt: r.ExpiresAt, CreatedAt: now, UpdatedAt: now,
	}
	if isHosting(d.Kind) {
		row.Kind = KindHosting
	}
	rows, err := q.ServiceInsert(ctx, row)
	if err == nil && rows == 0 {
		if err = s.endFormer(ctx, q, d); err == nil {
			rows, err = q.ServiceInsert(ctx, row)
		}
	}
	if err != nil {
		return row, fmt.Errorf("create the service of delivery %s: %w", d.ID, err)
	}
	if rows == 0 {
		return row, fmt.Errorf("create the service of delivery %s: another has the name", d.ID)
	}
	return row, s.alarmIfIncomplete(ctx, q, d, r)
}

// endFormer ends the services that have lost a name, with what is billed for them: the name is
// another's now, and is neither switched off nor renewed for them.
func (s *Services) endFormer(ctx context.Context, q *db.Queries, d db.Delivery) error {
	former, err := q.ServicesLiveByName(ctx, db.ServicesLiveByNameParams{Name: d.Domain, Kind: KindDomain})
	if err != nil {
		return err
	}
	for _, f := range former {
		for _, from := range []string{StateActive, StateSuspended, StatePending} {
			if _, err := q.ServiceSetState(ctx, db.ServiceSetStateParams{ID: f.ID, FromState: from, State: StateTerminated, UpdatedAt: s.now()}); err != nil {
				return err
			}
		}
		if err := s.endFormerBilling(ctx, q, f.ID); err != nil {
			return err
		}
		err := s.Events.Raise(ctx, q, event.Alarm{
			Code: "service_replaced", Subject: f.ID, Message: "The name was delivered anew; the service that had it is ended, and nothing is billed for it any more.",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Services) endFormerBilling(ctx context.Context, q *db.Queries, serviceID string) error {
	svc, err := q.ServiceByID(ctx, serviceID)
	if err != nil || svc.SubscriptionID == "" {
		return err
	}
	if err := s.Billing.EndSubscription(ctx, q, svc.SubscriptionID); err != nil {
		return err
	}
	return s.giveUpOpen(ctx, q, svc.SubscriptionID)
}

// alarmIfIncomplete tells the operator of a site that never appeared. A name's expiry
// that cannot be read is billing's alarm: it cannot bill the next period.
func (s *Services) alarmIfIncomplete(ctx context.Context, q *db.Queries, d db.Delivery, r deliveryResult) error {
	if !hasSite(d) || r.SiteID != "" {
		return nil
	}
	return s.Events.Raise(ctx, q, event.Alarm{
		Code: "site_missing", Subject: d.ID, Message: "The order of " + d.Domain + " is completed without a site.",
	})
}

// subscribe starts the paid period. Hosting is paid from the moment it is delivered,
// so that a customer never pays for the wait; a name is paid until the expiry that
// was read upstream.
func (s *Services) subscribe(ctx context.Context, q *db.Queries, d db.Delivery, svc db.ServiceInsertParams) error {
	p := billing.SubscriptionParams{
		CustomerID: d.CustomerID, ServiceID: svc.ID, OrderLineID: d.ID, Kind: billing.HostingSubscription,
		Description: d.Description, Cycle: d.Cycle, Net: amountOf(d, d.RenewNetMinor), Cost: amountOf(d, d.RenewCostMinor),
		Anchor: s.Clock.Now(), ProductID: d.ProductID, InvoiceID: d.InvoiceID, FirstNet: amountOf(d, d.NetMinor),
	}
	if d.IntroPeriods > 1 {
		phase := billing.Phase{Kind: billing.PricePhase, Amount: amountOf(d, d.IntroNetMinor), Periods: int(d.IntroPeriods - 1)}
		if d.IntroNetMinor == 0 {
			phase.Kind = billing.FreePhase
		}
		p.Phases = []billing.Phase{phase}
	}
	if svc.Kind == KindDomain {
		p.Kind, p.PaidUntil, p.Name = billing.DomainSubscription, svc.ExpiresAt.Time(), svc.Name
		p.RenewTaskKind, p.RenewTaskPayload = KindDomainRenewal, renewalPayload{ServiceID: svc.ID}
	}
	sub, err := s.Billing.Subscribe(ctx, q, p)
	if err != nil {
		return fmt.Errorf("subscribe service %s: %w", svc.ID, err)
	}
	err = q.ServiceSetSubscription(ctx, db.ServiceSetSubscriptionParams{ID: svc.ID, SubscriptionID: sub.ID, UpdatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("keep the subscription of service %s: %w", svc.ID, err)
	}
	return s.Billing.PostUpstreamCost(ctx, q, d.ID, amountOf(d, d.CostMinor))
}

// FurthestExpiry is how far ahead the expiry of a name can be: registries allow ten years.
const FurthestExpiry = 11 * 365 * 24 * time.Hour

// SetExpiry is the operator's word on a name's expiry: one that cannot be read upstream, or a year
// that its customer is given (billing.SetExpiry). Fault "invalid_fields" for one that cannot be:
// not after the day on which the name was delivered, or further ahead than FurthestExpiry.
func (s *Services) SetExpiry(ctx context.Context, q *db.Queries, serviceID string, expires time.Time) error {
	svc, err := nameByID(ctx, q, serviceID)
	if err != nil {
		return err
	}
	if first, last := svc.CreatedAt.Add(day), s.now().Add(FurthestExpiry); db.At(expires) <= first || db.At(expires) > last {
		return fault.InvalidField("expires_at", "out_of_range", "A name expires after %s, when it was delivered, and no later than %s.",
			first.Time().Format(time.DateOnly), last.Time().Format(time.DateOnly))
	}
	return s.expires(ctx, q, svc, db.At(expires), s.Billing.SetExpiry)
}

// FollowExpiry gives a name the expiry that was read upstream (billing.FollowExpiry).
func (s *Services) FollowExpiry(ctx context.Context, q *db.Queries, serviceID string, expires time.Time) error {
	svc, err := nameByID(ctx, q, serviceID)
	if err != nil {
		return err
	}
	return s.moveExpiry(ctx, q, svc, db.At(expires))
}

func nameByID(ctx context.Context, q *db.Queries, serviceID string) (db.Service, error) {
	svc, err := q.ServiceByID(ctx, serviceID)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && svc.Kind != KindDomain) {
		return svc, missing(serviceID)
	}
	if err != nil {
		return svc, fmt.Errorf("read service %s: %w", serviceID, err)
	}
	return svc, nil
}

func (s *Services) moveExpiry(ctx context.Context, q *db.Queries, svc db.Service, expires db.Instant) error {
	return s.expires(ctx, q, svc, expires, s.Billing.FollowExpiry)
}

// bills has billing take an expiry over.
type bills func(ctx context.Context, q *db.Queries, subscriptionID string, expires time.Time) error

func (s *Services) expires(ctx context.Context, q *db.Queries, svc db.Service, expires db.Instant, bill bills) error {
	err := q.ServiceSetExpiry(ctx, db.ServiceSetExpiryParams{ID: svc.ID, ExpiresAt: expires, UpdatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("move the expiry of service %s: %w", svc.ID, err)
	}
	if svc.State == StateSuspended && expires > s.now() {
		// It had expired, and was renewed or restored after all.
		if err := s.become(ctx, q, svc, change{from: []string{StateSuspended}, state: StateActive, event: "domain.restored"}); err != nil {
			return err
		}
	}
	if svc.SubscriptionID == "" {
		return nil
	}
	return bill(ctx, q, svc.SubscriptionID, expires.Time())
}
