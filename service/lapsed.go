package service

import (
	"context"
	"fmt"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/tally"
)

// endLapsed follows the names that were left to lapse past their expiry: suspended while
// they can be restored, then ended here, with what is still open for them withdrawn. Nothing
// is called: the registry deletes a name by itself.
func (s *Services) endLapsed(ctx context.Context, o NoticeOptions, report *NoticeReport) error {
	const page = 200
	for after := ""; ; {
		rows, err := s.Store.Read().ServicesLapsed(ctx, db.ServicesLapsedParams{NowAt: s.now(), After: after, Page: page})
		if err != nil {
			return fmt.Errorf("read lapsed names: %w", err)
		}
		for _, row := range rows {
			err := tally.One(func() error {
				return s.Store.Tx(ctx, func(q *db.Queries) error { return s.lapsed(ctx, q, row.ID, o, report) })
			})
			if err != nil {
				report.skip(row.ID, err)
			}
			after = row.ID
		}
		if len(rows) < page || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (s *Services) lapsed(ctx context.Context, q *db.Queries, id string, o NoticeOptions, report *NoticeReport) error {
	svc, err := q.ServiceByID(ctx, id)
	if err != nil {
		return fmt.Errorf("read service %s: %w", id, err)
	}
	if svc.LapseAt.IsZero() || svc.ExpiresAt > s.now() {
		return nil
	}
	if s.now() < svc.ExpiresAt.Add(o.Grace) {
		if svc.State == StateActive {
			report.Expired++
		}
		return s.become(ctx, q, svc, change{from: []string{StateActive}, state: StateSuspended, event: "domain.expired"})
	}
	sub, err := s.Billing.Subscription(ctx, q, svc.SubscriptionID)
	if err != nil {
		return err
	}
	state := StateTerminated
	if sub.State == billing.SubscriptionCancelled {
		state = StateCancelled
	}
	if err := s.withdrawBilling(ctx, q, sub); err != nil {
		return err
	}
	report.Ended++
	if err := s.Events.Clear(ctx, q, "domain_unpaid", svc.ID); err != nil {
		return err
	}
	return s.become(ctx, q, svc, change{from: []string{StateActive, StateSuspended}, state: state, event: "domain.lapsed"})
}

// withdrawBilling ends the subscription of a name that is gone. The year that never came is
// not owed: its invoice is void. One that is being paid stays, for staff to refund.
func (s *Services) withdrawBilling(ctx context.Context, q *db.Queries, sub billing.Subscription) error {
	if err := s.Billing.CancelSubscription(ctx, q, sub.ID, s.Clock.Now()); err != nil {
		return err
	}
	return s.giveUpOpen(ctx, q, sub.ID)
}

// giveUpOpen withdraws what is still open for a subscription, but what is being paid.
func (s *Services) giveUpOpen(ctx context.Context, q *db.Queries, subscriptionID string) error {
	open, err := q.InvoicesBySubject(ctx, subscriptionID)
	if err != nil {
		return fmt.Errorf("invoices of %s: %w", subscriptionID, err)
	}
	for _, inv := range open {
		if inv.State != string(billing.InvoiceOpen) {
			continue
		}
		if err := s.Billing.WriteOff(ctx, q, inv.ID); err != nil && !fault.Is(err, "payment_processing") {
			return err
		}
	}
	return nil
}
