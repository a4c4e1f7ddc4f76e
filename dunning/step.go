package dunning

import (
	"context"
	"fmt"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/service"
)

// The events of the ladder. Suspension and end are told by the service, when they happen.
const (
	EventReminded    = "invoice.reminded"
	EventFinalNotice = "invoice.final_notice_sent"
	EventLateFee     = "invoice.late_fee_charged"
)

// told is the data of those events.
type told struct {
	InvoiceID string `json:"invoice_id"`
	Step      string `json:"step"`
	// Next is what comes next if nothing is paid, from NextAt; empty at the end.
	Next   Action    `json:"next,omitempty"`
	NextAt time.Time `json:"next_at,omitzero"`
	// LateInvoiceID is the invoice that a fee is for.
	LateInvoiceID string `json:"late_invoice_id,omitempty"`
	ServiceID     string `json:"service_id"`
}

// take looks at everything again, in the transaction that takes the step: a payment, a
// dispute or an exemption may have come meanwhile. The step's row is the compare-and-set.
func (d *Dunning) take(ctx context.Context, q *db.Queries, policy Policy, id string) (result, error) {
	c, any, err := d.read(ctx, q, policy, id)
	if err != nil || !any {
		return result{}, err
	}
	now := d.Clock.Now()
	s, at, more := c.next()
	if !more || at.After(now) {
		return result{}, nil
	}
	if err := d.learn(ctx, q, &c); err != nil {
		return result{}, err
	}
	if frozen := c.frozen(s); frozen != "" {
		return result{frozen: frozen}, nil
	}
	row := db.DunningStepInsertParams{
		InvoiceID: c.ID, Step: s.Name, OwedAt: c.ReopenedAt, Action: string(s.Action), CustomerID: c.CustomerID, SubscriptionID: c.SubscriptionID,
		Outcome: outcomeDone, DoneAt: db.At(now),
	}
	passed := c.passed(s, now) || c.endedAlready(s)
	if passed {
		row.Outcome = outcomePassed
	}
	rows, err := q.DunningStepInsert(ctx, row)
	if err != nil || rows == 0 || passed {
		return result{passed: passed && rows > 0}, err
	}
	return result{action: s.Action}, d.do(ctx, q, c, s)
}

// endedAlready: there is nothing to suspend or to let lapse of a subscription that has ended.
func (c invoiceCase) endedAlready(s Step) bool {
	return c.SubscriptionState == string(billing.SubscriptionCancelled) && (s.Action == Suspend || s.Action == FinalNotice || s.Action == Lapse)
}

// do is the step itself.
func (d *Dunning) do(ctx context.Context, q *db.Queries, c invoiceCase, s Step) error {
	switch s.Action {
	case Remind:
		return d.tell(ctx, q, c, s, EventReminded)
	case FinalNotice:
		return d.tell(ctx, q, c, s, EventFinalNotice)
	case LateFee:
		return d.charge(ctx, q, c, s)
	case Suspend:
		if err := d.Billing.SuspendSubscription(ctx, q, c.SubscriptionID); err != nil {
			return err
		}
		return d.Services.Suspend(ctx, q, c.ServiceID, service.ReasonUnpaid)
	case Terminate:
		return d.end(ctx, q, c)
	case Lapse:
		return d.Services.LetLapse(ctx, q, c.ServiceID, service.ReasonUnpaid)
	}
	return fmt.Errorf("step %s does %q, which is nothing known", s.Name, s.Action)
}

func (d *Dunning) tell(ctx context.Context, q *db.Queries, c invoiceCase, s Step, kind string) error {
	data := told{InvoiceID: c.ID, Step: s.Name, ServiceID: c.ServiceID}
	data.Next, data.NextAt = c.announced(s, d.Clock.Now())
	return d.Events.Emit(ctx, q, event.Params{Kind: kind, Subject: c.ID, CustomerID: c.CustomerID, Data: data})
}

// feeDue is how long a customer has to pay a late fee.
const feeDue = 14 * day

func (d *Dunning) charge(ctx context.Context, q *db.Queries, c invoiceCase, s Step) error {
	fee, err := d.Billing.ChargeLateFee(ctx, q, billing.LateFeeParams{
		CustomerID: c.CustomerID, SubscriptionID: c.SubscriptionID, Description: "Late payment of " + c.Description,
		Fee: c.policy.LateFee, DueIn: feeDue,
	})
	if err != nil {
		return err
	}
	data := told{InvoiceID: fee.ID, LateInvoiceID: c.ID, Step: s.Name, ServiceID: c.ServiceID}
	return d.Events.Emit(ctx, q, event.Params{Kind: EventLateFee, Subject: fee.ID, CustomerID: c.CustomerID, Data: data})
}

// end is the termination of hosting for debt: the subscription ends now, the site is ended
// upstream, and what is owed for it is given up or kept, as the policy says.
func (d *Dunning) end(ctx context.Context, q *db.Queries, c invoiceCase) error {
	if err := d.Billing.EndSubscription(ctx, q, c.SubscriptionID); err != nil {
		return err
	}
	if err := d.Services.Terminate(ctx, q, c.ServiceID, service.ReasonUnpaid); err != nil {
		return err
	}
	invoices, err := q.InvoicesBySubject(ctx, c.SubscriptionID)
	if err != nil {
		return fmt.Errorf("invoices of %s: %w", c.SubscriptionID, err)
	}
	for _, inv := range invoices {
		if inv.State != string(billing.InvoiceOpen) || inv.Document != "invoice" {
			continue
		}
		if err := d.giveUp(ctx, q, c.policy, inv.ID); err != nil {
			return err
		}
	}
	return nil
}

// giveUp deals with one open invoice of what was ended. One that is being paid at this
// moment is left as it is.
func (d *Dunning) giveUp(ctx context.Context, q *db.Queries, p Policy, invoiceID string) error {
	if p.AfterTermination == KeepInvoice {
		return d.Billing.NumberAtSupply(ctx, q, invoiceID)
	}
	err := d.Billing.WriteOff(ctx, q, invoiceID)
	if fault.Is(err, "payment_processing") {
		return nil
	}
	return err
}
