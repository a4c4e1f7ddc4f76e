package service

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/task"
)

// renewalPayload is what a subscription hands to its renewals; billing adds where the
// period begins that was paid.
type renewalPayload struct {
	ServiceID   string    `json:"service_id"`
	PeriodStart time.Time `json:"period_start,omitzero"`
}

type renewalResult struct {
	// Before is the expiry that the paid period starts at, After the one read upstream.
	Before db.Instant `json:"before"`
	After  db.Instant `json:"after,omitempty"`
}

// domainRenewal follows a paid renewal of a name. The upstream renews by itself and
// has no call for it, so that none is made: the expiry is read until it has moved.
// The alarm of a task that waits too long is the operator's warning.
func (s *Services) domainRenewal(queue string) task.Kind {
	return task.Kind{
		Name: KindDomainRenewal, Queue: queue, Idempotent: true, AlarmAfter: 50 * 24 * time.Hour,
		PollEvery: func(poll int) time.Duration { return min(time.Duration(poll)*time.Hour, 24*time.Hour) },
		Check:     s.renewalWanted, Do: s.beginRenewal, Poll: s.pollRenewal, Done: s.renewed,
	}
}

func (s *Services) renewalWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	svc, err := s.renewing(ctx, q, t)
	if err != nil {
		return err
	}
	if isOver(svc) {
		return s.renewedNoMore(ctx, q, svc, t)
	}
	if svc.LapseAt.IsZero() || svc.SubscriptionID == "" {
		return nil
	}
	sub, err := s.Billing.Subscription(ctx, q, svc.SubscriptionID)
	if err != nil || !goesBeyond(sub, svc.ExpiresAt) {
		return err
	}
	// It was paid after all, and the upstream was told not to renew it.
	return s.Keep(ctx, q, svc.ID)
}

// isOver tells that a service has ended: nothing is renewed for it.
func isOver(svc db.Service) bool {
	return svc.State == StateCancelled || svc.State == StateTerminated || svc.State == StateFailed
}

// goesBeyond tells whether a subscription goes on after an expiry: the name is to be renewed
// then. A day's play is for registries that tell another hour.
func goesBeyond(sub billing.Subscription, expires db.Instant) bool {
	return sub.State != billing.SubscriptionCancelled && (sub.CancelAt.IsZero() || db.At(sub.CancelAt) > expires.Add(24*time.Hour))
}

func (s *Services) renewing(ctx context.Context, q *db.Queries, t task.Task) (db.Service, error) {
	p, err := renewalOf(t)
	if err != nil {
		return db.Service{}, err
	}
	svc, err := q.ServiceByID(ctx, p.ServiceID)
	if errors.Is(err, sql.ErrNoRows) {
		return svc, missing(p.ServiceID)
	}
	return svc, err
}

func renewalOf(t task.Task) (p renewalPayload, err error) {
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return p, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	return p, nil
}

// beginRenewal notes the expiry that is to move: where the paid period begins. What
// the service says may have moved already, when the upstream renewed before a late
// customer paid.
func (s *Services) beginRenewal(ctx context.Context, t task.Task) (task.Progress, error) {
	svc, err := s.renewing(ctx, s.Store.Read(), t)
	if err != nil {
		return task.Progress{}, unanswered(err)
	}
	p, err := renewalOf(t)
	if err != nil {
		return task.Progress{}, unanswered(err)
	}
	before := db.At(p.PeriodStart)
	if before.IsZero() {
		before = svc.ExpiresAt
	}
	return s.readExpiry(ctx, svc, renewalResult{Before: before})
}

func (s *Services) pollRenewal(ctx context.Context, t task.Task) (task.Progress, error) {
	svc, err := s.renewing(ctx, s.Store.Read(), t)
	if err != nil {
		return task.Progress{}, unanswered(err)
	}
	var r renewalResult
	if err := json.Unmarshal(t.Result, &r); err != nil {
		return task.Progress{}, unanswered(fmt.Errorf("result of task %s: %w", t.ID, err))
	}
	if isOver(svc) {
		return task.Progress{}, s.renewedNoMore(ctx, s.Store.Read(), svc, t)
	}
	return s.readExpiry(ctx, svc, r)
}

// renewedNoMore is the end of a renewal whose name has lapsed after it was paid: nothing is left to
// do once the money went back, and until then a person decides about it.
func (s *Services) renewedNoMore(ctx context.Context, q *db.Queries, svc db.Service, t task.Task) error {
	kept, err := s.Billing.Kept(ctx, q, t.InvoiceID)
	if err != nil {
		return unanswered(err)
	}
	if !kept {
		return task.ErrNotNeeded
	}
	return byHand("paid_not_renewed", "%s has lapsed and was not renewed at %s, and invoice %s is paid for that: refund it, then retry this task; or settle it as failed.",
		svc.Name, svc.Upstream, t.InvoiceID)
}

// renewedBy is how far an expiry moves at least when a name is renewed for a year. Less
// is a registry that tells another hour of the same day.
const renewedBy = 180 * 24 * time.Hour

// readExpiry is done when the name's expiry has moved on.
func (s *Services) readExpiry(ctx context.Context, svc db.Service, r renewalResult) (task.Progress, error) {
	a, err := s.at(svc.Upstream)
	if err != nil {
		return task.Progress{}, unanswered(err)
	}
	seen, found, err := seeName(ctx, a, svc.Name)
	if err != nil {
		return task.Progress{}, err
	}
	task.Note(ctx, "expiry", found.ExpiresAt)
	now := db.At(found.ExpiresAt)
	if !seen.Ours || now < r.Before.Add(renewedBy) {
		return task.Progress{Result: r, Waiting: true, LookBy: s.renewedSoon(r.Before)}, nil
	}
	r.After = now
	return task.Progress{Result: r}, nil
}

// renewedSoon is when a paid name is looked at next at the latest: upstreams renew by the expiry, and
// whoever has paid is not to see an expired name for a day. Within the day after it each hour is asked.
func (s *Services) renewedSoon(expires db.Instant) time.Time {
	now := s.Clock.Now()
	if at := expires.Time().Add(expiryRead); at.After(now) {
		return at
	}
	if now.Before(expires.Time().Add(24 * time.Hour)) {
		return now.Add(expiryRead)
	}
	return time.Time{}
}

// expiryRead is how long after its expiry a paid name is looked at, and how often then.
const expiryRead = time.Hour

func (s *Services) renewed(ctx context.Context, q *db.Queries, t task.Task) error {
	svc, err := s.renewing(ctx, q, t)
	if err != nil {
		return err
	}
	var r renewalResult
	if err := json.Unmarshal(t.Result, &r); err != nil {
		return fmt.Errorf("result of task %s: %w", t.ID, err)
	}
	if err := s.moveExpiry(ctx, q, svc, r.After); err != nil || svc.SubscriptionID == "" {
		return err
	}
	sub, err := s.Billing.Subscription(ctx, q, svc.SubscriptionID)
	if err != nil {
		return err
	}
	return s.Billing.PostUpstreamCost(ctx, q, fmt.Sprintf("%s:%d", svc.ID, r.Before), sub.Cost)
}
