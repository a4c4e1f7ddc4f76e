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
	// Former: for a debt that was paid, before a lost dispute opened the invoice again.
	Former bool
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
	if !live {
		steps, err := q.DunningSteps(ctx, inv.ID)
		if err != nil {
			return Case{}, fmt.Errorf("steps of invoice %s: %w", inv.ID, err)
		}
		c.climbed(steps)
	} else if err := d.learn(ctx, q, &c); err != nil {
		return Case{}, err
	}
	seen.show(c, live)
	return seen, nil
}

// show adds what is known of an invoice's ladder.
func (seen *Case) show(c invoiceCase, live bool) {
	seen.SubscriptionID, seen.ServiceID, seen.OverdueSince = c.SubscriptionID, c.ServiceID, c.OverdueAt.Time()
	for _, s := range c.taken {
		seen.Taken = append(seen.Taken, Taken{
			Step: s.Step, Action: Action(s.Action), Passed: s.Outcome == outcomePassed, Former: s.OwedAt != c.ReopenedAt, At: s.DoneAt.Time(),
		})
	}
	if s, at, more := c.next(); live && more {
		seen.Next, seen.NextAt, seen.Frozen = &s, at, c.frozen(s)
	}
}

// Cases lists the overdue invoices, oldest id first, after a cursor (an invoice's id; empty
// for the first page). A page takes as many statements as a single one.
func (d *Dunning) Cases(ctx context.Context, cursor string, limit int) ([]Case, error) {
	q := d.Store.Read()
	policy, err := d.Policy(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := q.DunningCases(ctx, db.DunningCasesParams{After: cursor, Page: int64(limit)})
	if err != nil || len(rows) == 0 {
		return nil, wrapList(err)
	}
	known, err := readAbout(ctx, q, rows[0].ID, rows[len(rows)-1].ID)
	if err != nil {
		return nil, wrapList(err)
	}
	cases := make([]Case, 0, len(rows))
	for _, row := range rows {
		c := invoiceCase{DunningCaseRow: db.DunningCaseRow(row), policy: policy, paying: known.paying[row.ID], disputed: known.disputed[row.ID]}
		c.ladder = policy.ladder(c.domain())
		c.climbed(known.steps[row.ID])
		cur := money.Currency(row.Currency)
		seen := Case{
			InvoiceID: row.ID, CustomerID: row.CustomerID, State: row.State, Due: money.New(row.Gross-row.Paid, cur), DueAt: row.DueAt.Time(),
		}
		seen.show(c, c.SubscriptionID != "" && !c.WrittenOff)
		cases = append(cases, seen)
	}
	return cases, nil
}

func wrapList(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("list overdue invoices: %w", err)
}

// about is what is known of the invoices of a page beside themselves, by their ids.
type about struct {
	steps            map[string][]db.DunningStep
	paying, disputed map[string]bool
}

// readAbout reads it for the overdue invoices from one id to another.
func readAbout(ctx context.Context, q *db.Queries, oldest, newest string) (about, error) {
	known := about{steps: map[string][]db.DunningStep{}, paying: map[string]bool{}, disputed: map[string]bool{}}
	steps, err := q.DunningStepsOfCases(ctx, db.DunningStepsOfCasesParams{Oldest: oldest, Newest: newest})
	if err != nil {
		return known, err
	}
	for _, s := range steps {
		known.steps[s.InvoiceID] = append(known.steps[s.InvoiceID], s)
	}
	paying, err := q.DunningProcessing(ctx, db.DunningProcessingParams{Oldest: oldest, Newest: newest})
	if err != nil {
		return known, err
	}
	for _, id := range paying {
		known.paying[id] = true
	}
	disputed, err := q.DunningDisputed(ctx, db.DunningDisputedParams{Oldest: oldest, Newest: newest})
	for _, id := range disputed {
		known.disputed[id] = true
	}
	return known, err
}
