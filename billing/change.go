package billing

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// The states of a change.
const (
	changePending   = "pending"   // its invoice is to be paid
	changeScheduled = "scheduled" // it comes with the next period
	changeDone      = "done"
	changeWithdrawn = "withdrawn"
)

// Change is a change of product or cycle that was asked for.
type Change struct {
	ID, SubscriptionID string
	// State is pending (until its invoice is paid), scheduled (for the period that starts at
	// EffectiveAt), done or withdrawn.
	State                   string
	InvoiceID, CreditNoteID string
	EffectiveAt             db.Instant
	From, To                ChangeTarget
}

// changeable reads a subscription whose product or cycle can be changed now.
func (b *Billing) changeable(ctx context.Context, q *db.Queries, id string) (db.Subscription, error) {
	sub, err := subscriptionRow(ctx, q, id)
	if err != nil {
		return sub, err
	}
	switch {
	case sub.State == string(SubscriptionCancelled):
		return sub, errEnded()
	case sub.Kind == string(DomainSubscription):
		return sub, fault.New(fault.Conflict, "not_changeable", "A domain has no other product or cycle to change to.")
	case sub.State == string(SubscriptionPaused):
		return sub, fault.New(fault.Conflict, "not_changeable", "The subscription is paused. Resume it first.")
	case !sub.CancelAt.IsZero():
		return sub, fault.New(fault.Conflict, "not_changeable", "The subscription is cancelled. Take that back first.")
	case sub.State != string(SubscriptionActive) || sub.CurrentEndAt <= db.At(b.clock.Now()):
		return sub, fault.New(fault.Conflict, "past_due", "The present period is not paid for. Pay it first.")
	}
	return sub, nil
}

// Change changes what a subscription is for, in the caller's transaction. At once, what is not
// used of the paid time goes back and what it costs now is charged, both on one invoice: the
// change takes effect when that is paid. One that comes to less than nothing takes effect now
// and gives the difference as credit. At the period's end it comes with the next renewal. An
// unpaid bill for the next period is withdrawn and drawn anew. An earlier change that is still
// to come gives way. Fault codes: "payment_processing", "payment_in_progress", "past_due",
// "not_changeable", "nothing_changes", "preview_expired", "preview_changed".
func (b *Billing) Change(ctx context.Context, q *db.Queries, p ChangeParams) (Change, error) {
	sub, err := b.changeable(ctx, q, p.SubscriptionID)
	if err != nil {
		return Change{}, err
	}
	if sub, err = b.dropChange(ctx, q, sub); err != nil {
		return Change{}, err
	}
	if sub, err = b.withdraw(ctx, q, sub, sub.CurrentEndAt); err != nil {
		return Change{}, err
	}
	d, err := b.drawChange(ctx, q, sub, p)
	if err != nil {
		return Change{}, err
	}
	if err := d.same(p); err != nil {
		return Change{}, err
	}
	if sub, err = b.rewind(ctx, q, sub); err != nil {
		return Change{}, err
	}
	return b.change(ctx, q, sub, d)
}

// same refuses a change that would come to something else than its preview said.
func (d drawn) same(p ChangeParams) error {
	if p.Token == "" {
		return nil
	}
	token, err := d.token(p)
	if err == nil && token != p.Token {
		err = fault.New(fault.Conflict, "preview_changed", "This comes to something else now. Ask for a new preview.")
	}
	return err
}

func (b *Billing) change(ctx context.Context, q *db.Queries, sub db.Subscription, d drawn) (Change, error) {
	now := db.At(b.clock.Now())
	row := db.ChangeInsertParams{
		ID: b.store.NewID("chg"), SubscriptionID: sub.ID, State: changePending, FromAt: d.plan.At, CreatedAt: now, UpdatedAt: now,
	}
	var err error
	if d.plan.Payload, err = withChange(d.plan.Payload, row.ID); err != nil {
		return Change{}, err
	}
	text, err := json.Marshal(d.plan)
	if err != nil {
		return Change{}, fmt.Errorf("plan of the change of %s: %w", sub.ID, err)
	}
	row.Plan = string(text)
	switch {
	case d.plan.Scheduled:
		row.State = changeScheduled
		err = b.schedule(ctx, q, sub, row)
	case d.invoice != nil:
		row.InvoiceID = d.invoice.head.ID
		err = b.chargeChange(ctx, q, sub, d, row)
	default:
		row.State = changeDone
		err = b.changeForLess(ctx, q, sub, d, row)
	}
	if err != nil {
		return Change{}, err
	}
	return b.ChangeByID(ctx, q, row.ID)
}

// withChange adds the change's id to the payload of its task.
func withChange(payload json.RawMessage, id string) (json.RawMessage, error) {
	fields := map[string]any{}
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &fields); err != nil {
			return nil, fmt.Errorf("payload of change %s: %w", id, err)
		}
	}
	fields["change_id"] = id
	return json.Marshal(fields)
}

func (b *Billing) schedule(ctx context.Context, q *db.Queries, sub db.Subscription, row db.ChangeInsertParams) error {
	if err := q.ChangeInsert(ctx, row); err != nil {
		return fmt.Errorf("store change %s: %w", row.ID, err)
	}
	sub.ChangeID = row.ID
	_, err := b.save(ctx, q, sub)
	return err
}

// chargeChange issues the invoice of a change and waits for its money: nothing else of the
// subscription is billed meanwhile.
func (b *Billing) chargeChange(ctx context.Context, q *db.Queries, sub db.Subscription, d drawn, row db.ChangeInsertParams) error {
	if err := q.ChangeInsert(ctx, row); err != nil {
		return fmt.Errorf("store change %s: %w", row.ID, err)
	}
	sub.ChangeID, sub.NextInvoiceAt = row.ID, 0
	sub, err := b.save(ctx, q, sub)
	if err != nil {
		return err
	}
	if err := b.write(ctx, q, *d.invoice); err != nil {
		return err
	}
	if err := b.addChangeTask(ctx, q, sub, changeTask{plan: d.plan, changeID: row.ID, invoiceID: row.InvoiceID}); err != nil {
		return err
	}
	customer, err := b.accounts.Customer(ctx, q, sub.CustomerID)
	if err != nil {
		return err
	}
	_, err = b.collect(ctx, q, collection{sub: sub, customer: customer, doc: *d.invoice, start: db.At(b.clock.Now())})
	return err
}

// changeForLess gives what a change comes to less than nothing as credit, and makes it.
func (b *Billing) changeForLess(ctx context.Context, q *db.Queries, sub db.Subscription, d drawn, row db.ChangeInsertParams) error {
	for _, n := range d.notes {
		note, err := b.giveCredit(ctx, q, n, d.reason)
		if err != nil {
			return err
		}
		row.CreditNoteID = cmp.Or(row.CreditNoteID, note.ID)
	}
	if err := q.ChangeInsert(ctx, row); err != nil {
		return fmt.Errorf("store change %s: %w", row.ID, err)
	}
	if err := b.makeChange(ctx, q, sub, d.plan, ""); err != nil {
		return err
	}
	return b.addChangeTask(ctx, q, sub, changeTask{plan: d.plan, changeID: row.ID})
}

// changeTask is the upstream's part of a change.
type changeTask struct {
	plan                plan
	changeID, invoiceID string
}

func (b *Billing) addChangeTask(ctx context.Context, q *db.Queries, sub db.Subscription, c changeTask) error {
	if c.plan.Task == "" {
		return nil
	}
	p := task.Params{
		Kind: c.plan.Task, Subject: sub.ServiceID, InvoiceID: c.invoiceID, Payload: c.plan.Payload,
		DedupeKey: "change:" + c.changeID + ":" + c.invoiceID,
	}
	if c.plan.Scheduled {
		p.RunAt = c.plan.At.Time()
	}
	_, err := b.tasks.Add(ctx, q, p)
	return err
}

// ChangeByID reads a change.
func (b *Billing) ChangeByID(ctx context.Context, q *db.Queries, id string) (Change, error) {
	row, c, err := changeRow(ctx, q, id)
	return changeOf(row, c), err
}

// Changes are those of a subscription, oldest first.
func (b *Billing) Changes(ctx context.Context, q *db.Queries, subscriptionID string) ([]Change, error) {
	rows, err := q.ChangesBySubscription(ctx, subscriptionID)
	if err != nil {
		return nil, fmt.Errorf("changes of %s: %w", subscriptionID, err)
	}
	changes := make([]Change, 0, len(rows))
	for _, row := range rows {
		_, c, err := planOf(row)
		if err != nil {
			return nil, err
		}
		changes = append(changes, changeOf(row, c))
	}
	return changes, nil
}

func changeOf(row db.SubscriptionChange, c plan) Change {
	return Change{
		ID: row.ID, SubscriptionID: row.SubscriptionID, State: row.State, InvoiceID: row.InvoiceID, CreditNoteID: row.CreditNoteID,
		EffectiveAt: row.FromAt, From: c.From, To: c.To,
	}
}

// dropChange withdraws a change that is still to come; its invoice is voided.
func (b *Billing) dropChange(ctx context.Context, q *db.Queries, sub db.Subscription) (db.Subscription, error) {
	if sub.ChangeID == "" {
		return sub, nil
	}
	row, _, err := changeRow(ctx, q, sub.ChangeID)
	if err != nil {
		return sub, err
	}
	if row.State == changePending {
		if err := b.withdrawInvoice(ctx, q, row.InvoiceID); err != nil {
			return sub, err
		}
		return subscriptionRow(ctx, q, sub.ID)
	}
	if err := b.endChange(ctx, q, row, changeWithdrawn); err != nil {
		return sub, err
	}
	sub.ChangeID = ""
	return b.save(ctx, q, sub)
}

func (b *Billing) endChange(ctx context.Context, q *db.Queries, row db.SubscriptionChange, state string) error {
	rows, err := q.ChangeMove(ctx, db.ChangeMoveParams{
		ID: row.ID, FromState: row.State, State: state, InvoiceID: row.InvoiceID, UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil || rows == 0 {
		return fmt.Errorf("move change %s to %s: %d rows: %w", row.ID, state, rows, err)
	}
	return nil
}

// makeChange makes a change whose money is settled: the paid periods are cut, and the
// subscription is what it was changed to. invoiceID is what the new pieces were paid by;
// empty: what they were paid by before.
func (b *Billing) makeChange(ctx context.Context, q *db.Queries, sub db.Subscription, c plan, invoiceID string) error {
	for _, s := range c.Pieces {
		if err := cut(ctx, q, sub, s); err != nil {
			return err
		}
		if !c.sameCycle {
			continue
		}
		if err := b.paidPiece(ctx, q, sub, s, invoiceID); err != nil {
			return err
		}
	}
	if !c.sameCycle {
		end := db.At(c.newCycle.Start(c.At.Time(), 1))
		s := piece{Start: c.At, End: end, Charge: c.To.Net.Minor, InvoiceID: c.Pieces[0].InvoiceID}
		if err := b.paidPiece(ctx, q, sub, s, invoiceID); err != nil {
			return err
		}
		sub.CurrentStartAt, sub.CurrentEndAt = c.At, end
	}
	sub, err := b.dropNotice(ctx, q, sub)
	if err != nil {
		return err
	}
	if sub, err = b.rewind(ctx, q, c.onto(sub)); err != nil {
		return err
	}
	if sub, err = b.save(ctx, q, sub); err != nil {
		return err
	}
	return b.tell(ctx, q, "subscription.changed", sub)
}

// onto is a subscription after the change. Discounts and an announced price were for what it
// was before.
func (c plan) onto(sub db.Subscription) db.Subscription {
	sub.ProductID, sub.Description = c.To.ProductID, c.To.Description
	sub.Net, sub.Cost, sub.Least = c.To.Net.Minor, c.To.Cost.Minor, c.To.Least.Minor
	sub.Phases, sub.ChangeID, sub.NoticeNet, sub.NoticeAt = "", "", 0, 0
	if !c.sameCycle {
		sub.CycleUnit, sub.CycleCount = string(c.newCycle.Unit), int64(c.newCycle.Count)
		sub.AnchorAt, sub.NextNumber = c.At, 0
	}
	return sub
}

func (b *Billing) paidPiece(ctx context.Context, q *db.Queries, sub db.Subscription, s piece, invoiceID string) error {
	if invoiceID == "" {
		invoiceID = s.InvoiceID
	}
	rows, err := q.PeriodInsert(ctx, db.PeriodInsertParams{
		SubscriptionID: sub.ID, StartAt: s.Start, EndAt: s.End, InvoiceID: invoiceID, Net: s.Charge, State: periodPaid,
	})
	if err != nil || rows == 0 {
		return fmt.Errorf("period of the change of %s: %d rows: %w", sub.ID, rows, err)
	}
	return nil
}
