package dunning

import (
	"context"
	"fmt"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
)

// Case is how far an invoice has come on its ladder.
type Case struct {
	InvoiceID, CustomerID, SubscriptionID, ServiceID string
	// State is the invoice's; Due is what is still to be paid.
	State string
	Due   money.Amount
	// DueAt is when it was to be paid; OverdueSince is zero while that has not passed.
	DueAt, OverdueSince time.Time
	// Taken are the steps that were taken, oldest first.
	Taken []Taken
	// Next is the step that comes next, nil at the end; NextAt is when it is due. Frozen
	// says why it would not be taken now, empty when nothing stands in the way.
	Next   *Step
	NextAt time.Time
	Frozen string
}

// Taken is a step that was taken, or passed over because it had no reason any more.
type Taken struct {
	Step   string
	Action Action
	Passed bool
	At     time.Time
}

// Case shows how far one invoice has come; an invoice that is for no subscription has no
// ladder and shows no step. Fault NotFound when there is no such invoice.
func (d *Dunning) Case(ctx context.Context, invoiceID string) (Case, error) {
	q := d.Store.Read()
	inv, err := d.Billing.Invoice(ctx, q, invoiceID)
	if err != nil {
		return Case{}, err
	}
	seen := Case{InvoiceID: inv.ID, CustomerID: inv.CustomerID, State: string(inv.State), Due: inv.Due(), DueAt: inv.DueAt}
	if inv.State != billing.InvoiceOpen {
		seen.Due = money.Zero(inv.Gross.Currency)
	}
	policy, err := d.Policy(ctx, q)
	if err != nil {
		return Case{}, err
	}
	c, live, err := d.read(ctx, q, policy, inv.ID)
	if err != nil {
		return Case{}, err
	}
	seen.SubscriptionID, seen.ServiceID, seen.OverdueSince = c.SubscriptionID, c.ServiceID, c.OverdueAt.Time()
	steps, err := q.DunningSteps(ctx, inv.ID)
	if err != nil {
		return Case{}, fmt.Errorf("steps of invoice %s: %w", inv.ID, err)
	}
	for _, s := range steps {
		seen.Taken = append(seen.Taken, Taken{Step: s.Step, Action: Action(s.Action), Passed: s.Outcome == outcomePassed, At: s.DoneAt.Time()})
	}
	if s, at, more := c.next(); live && more {
		seen.Next, seen.NextAt = &s, at
		seen.Frozen, err = d.frozen(ctx, q, c, s)
	}
	return seen, err
}

// Cases lists the overdue invoices, oldest id first, after a cursor (an invoice's id; empty
// for the first page).
func (d *Dunning) Cases(ctx context.Context, cursor string, limit int) ([]Case, error) {
	ids, err := d.Store.Read().DunningOverdue(ctx, db.DunningOverdueParams{After: cursor, Page: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("list overdue invoices: %w", err)
	}
	cases := make([]Case, 0, len(ids))
	for _, id := range ids {
		c, err := d.Case(ctx, id)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}
