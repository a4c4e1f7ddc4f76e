package service

import (
	"context"
	"fmt"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/tally"
	"hostfront/task"
)

// CodeCancelled is why a delivery failed that the shop itself gave up.
const CodeCancelled = "cancelled_by_shop"

// ExpireActions gives up what a customer was to mend and did not in time: the line
// fails and its money goes back. Each line is a transaction of its own, and one that
// cannot be given up is skipped.
func (s *Services) ExpireActions(ctx context.Context) (*tally.Report, error) {
	report := tally.New()
	since := db.At(s.Clock.Now().Add(-s.Mending))
	page := db.DeliveriesAwaitingCustomerParams{SinceAt: since, MaxRows: 200}
	for {
		due, err := s.Store.Read().DeliveriesAwaitingCustomer(ctx, page)
		if err != nil {
			return report, fmt.Errorf("deliveries that await the customer: %w", err)
		}
		for _, d := range due {
			page.AfterAt, page.AfterID = d.ActionAt, d.ID
			expired, err := s.expireOne(ctx, d.ID, since)
			if expired || err != nil {
				report.Skip(d.ID, err)
			}
		}
		if int64(len(due)) < page.MaxRows {
			return report, ctx.Err()
		}
	}
}

func (s *Services) expireOne(ctx context.Context, id string, since db.Instant) (expired bool, err error) {
	err = tally.One(func() error {
		return s.Store.Tx(ctx, func(q *db.Queries) (err error) {
			expired, err = s.expire(ctx, q, id, since)
			return err
		})
	})
	if err != nil {
		return false, fmt.Errorf("give up delivery %s: %w", id, err)
	}
	return expired, nil
}

func (s *Services) expire(ctx context.Context, q *db.Queries, id string, since db.Instant) (bool, error) {
	d, err := q.DeliveryByID(ctx, id)
	if err != nil {
		return false, err
	}
	if d.State != DeliveryActionRequired || d.ActionAt > since {
		return false, nil
	}
	return s.giveUpIfIdle(ctx, q, d, "action_expired")
}

// giveUpIfIdle gives a delivery up unless its task is at work, waits for the other side
// or may have bought something: an operator may have taken it in hand.
func (s *Services) giveUpIfIdle(ctx context.Context, q *db.Queries, d db.Delivery, code string) (bool, error) {
	t, err := s.Tasks.Get(ctx, q, d.TaskID)
	if err != nil {
		return false, err
	}
	switch t.State {
	case task.Blocked, task.Ready, task.ActionRequired, task.Cancelled, task.Failed:
		return true, s.giveUp(ctx, q, d, code)
	}
	return false, nil
}

// giveUp ends a delivery that nothing has been bought for: its tasks go, its money
// goes back.
func (s *Services) giveUp(ctx context.Context, q *db.Queries, d db.Delivery, code string) error {
	if err := s.abandonContact(ctx, q, d); err != nil {
		return err
	}
	if err := s.Tasks.CancelSubject(ctx, q, d.ID); err != nil {
		return err
	}
	return s.fail(ctx, q, d, code)
}

// abandonContact ends the contact that a delivery waits for and that the customer did
// not mend, unless another line still waits for it.
func (s *Services) abandonContact(ctx context.Context, q *db.Queries, d db.Delivery) error {
	contact, err := s.contactInTrouble(ctx, q, d)
	if err != nil || contact == nil {
		return err
	}
	waiting, err := q.DeliveriesByContactTask(ctx, contact.ID)
	if err != nil {
		return fmt.Errorf("deliveries that wait for contact %s: %w", contact.ID, err)
	}
	for _, other := range waiting {
		if other.ID != d.ID && (other.State == DeliveryPending || other.State == DeliveryActionRequired) {
			return nil
		}
	}
	p, err := contactOf(*contact)
	if err != nil {
		return err
	}
	p.Abandoned = true
	return s.Tasks.Resume(ctx, q, contact.ID, p)
}

// cancelled is the Cancelled of every delivering task: the line is given up and its
// money goes back. Fault not_paid before there is any: then the order is cancelled.
func (s *Services) cancelled(ctx context.Context, q *db.Queries, t task.Task) error {
	d, err := s.delivery(ctx, q, t)
	if err != nil {
		return err
	}
	standing, err := s.Standing(ctx, q, d.InvoiceID)
	if err != nil {
		return err
	}
	if standing.Invoice == string(billing.InvoiceOpen) {
		return fault.New(fault.Conflict, "not_paid", "The line waits to be paid for; cancel its order instead.")
	}
	return s.giveUp(ctx, q, d, CodeCancelled)
}

// Withdraw gives a paid delivery up at the shop's wish, in the caller's transaction.
// False: something was bought or may have been, so that it is left to run.
func (s *Services) Withdraw(ctx context.Context, q *db.Queries, deliveryID, code string) (bool, error) {
	d, err := q.DeliveryByID(ctx, deliveryID)
	if err != nil {
		return false, fmt.Errorf("read delivery %s: %w", deliveryID, err)
	}
	if d.State == DeliveryDelivered || d.State == DeliveryFailed {
		return false, nil
	}
	return s.giveUpIfIdle(ctx, q, d, code)
}
