package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// checkCharge takes the payment into processing in the transaction of the claim, so
// that from here on nothing else pays, voids or lapses its invoice. Where the reason
// has gone (paid or withdrawn meanwhile), the payment ends and nothing is charged.
func (b *Billing) checkCharge(ctx context.Context, q *db.Queries, t task.Task) error {
	pay, err := readPayload[paymentPayload](t)
	if err != nil {
		return err
	}
	now := b.clock.Now()
	rows, err := q.PaymentBeginCharge(ctx, db.PaymentBeginChargeParams{
		ID: pay.PaymentID, UpdatedAt: db.At(now), CheckAt: db.At(now.Add(30 * time.Minute)),
	})
	if err != nil {
		return fmt.Errorf("begin the charge of payment %s: %w", pay.PaymentID, err)
	}
	if rows == 1 {
		return nil
	}
	p, err := paymentRow(ctx, q, pay.PaymentID)
	if err != nil {
		return err
	}
	if p.State == string(PaymentProcessing) {
		return nil // it may have been charged: only the gateway knows
	}
	if p.State == string(PaymentPending) {
		if err := b.giveUpCharge(ctx, q, p); err != nil {
			return err
		}
	}
	return task.ErrNotNeeded
}

// giveUpCharge ends a charge that is not made by itself any more. An invoice that is still
// open is the customer's to pay then, and they are told.
func (b *Billing) giveUpCharge(ctx context.Context, q *db.Queries, p db.Payment) error {
	if _, err := b.move(ctx, q, p, told{State: PaymentCancelled}); err != nil {
		return err
	}
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil || inv.State != string(InvoiceOpen) {
		return err
	}
	return b.askToPay(ctx, q, inv)
}

// askToPay tells the customer of an invoice that is theirs to pay.
func (b *Billing) askToPay(ctx context.Context, q *db.Queries, inv db.Invoice) error {
	return b.events.Emit(ctx, q, event.Params{
		Kind: "invoice.issued", Subject: inv.ID, CustomerID: inv.CustomerID, Data: invoiceData{inv.ID},
	})
}

func (b *Billing) doCharge(ctx context.Context, t task.Task) (task.Progress, error) {
	q := b.store.Read()
	p, err := taskPayment(ctx, q, t)
	if err != nil {
		return task.Progress{}, err
	}
	g, err := b.gateway(p.Gateway)
	if err != nil {
		return task.Progress{}, gone(p.Gateway)
	}
	if t.Attempts > 1 {
		// The first try comes right after the claim, which has looked.
		inv, err := invoiceRow(ctx, q, p.InvoiceID)
		if err != nil {
			return task.Progress{}, err
		}
		if inv.State != string(InvoiceOpen) {
			return b.lookForCharge(ctx, g, t, told{State: PaymentCancelled})
		}
	}
	charger, ok := g.(MandateCharger)
	if !ok {
		return task.Progress{}, fault.Came(fault.Rejected, "no_saved_methods", "The gateway cannot charge saved methods.")
	}
	m, err := q.MethodByID(ctx, p.MethodID)
	if err != nil {
		return task.Progress{}, fmt.Errorf("method %s: %w", p.MethodID, err)
	}
	if !m.RemovedAt.IsZero() {
		return b.lookForCharge(ctx, g, t, told{State: PaymentFailed, Decline: Decline{Class: DeclineHard, Code: "method_removed"}})
	}
	c, err := b.charge(ctx, p)
	if err != nil {
		return task.Progress{}, err
	}
	if t.Attempts <= 1 {
		// The row may be weeks older than its charge; the provider's key begins now.
		c.CreatedAt = b.clock.Now()
	}
	mandate := Mandate{Reference: m.Reference, ProviderCustomer: m.ProviderCustomer, Kind: m.Kind}
	return b.once(ctx, g, t, func() (Status, error) {
		s, err := charger.Charge(ctx, mandate, c)
		return s, later(err)
	})
}

// lookForCharge ends a charge that is not to be made any more, since other money has settled
// the invoice or the customer has removed the method: nothing is charged now, but a try
// before may have been, and only the provider knows.
func (b *Billing) lookForCharge(ctx context.Context, g Gateway, t task.Task, nothing told) (task.Progress, error) {
	if t.Attempts <= 1 {
		return task.Progress{Result: nothing}, nil
	}
	finder, ok := g.(Finder)
	if !ok {
		return task.Progress{}, fault.Came(fault.Held, "charge_unfindable", "The charge is not to be made any more, and the gateway cannot tell whether it was.")
	}
	found, yes, err := finder.Find(ctx, t.Subject)
	if err != nil {
		return task.Progress{}, later(err)
	}
	if yes {
		return b.progress(t, found)
	}
	return task.Progress{Result: nothing}, nil
}

// scheduleCharge writes an automatic payment of what is due on an invoice and its
// charge at an instant. attempt counts the charges that were declined before. What is too little
// to be charged is carried to the next invoice.
func (b *Billing) scheduleCharge(ctx context.Context, q *db.Queries, inv db.Invoice, m db.PaymentMethod, at chargeAt) error {
	if carried, err := b.carrySmall(ctx, q, inv); err != nil || carried {
		return err
	}
	row, err := b.insertPayment(ctx, q, inv, db.PaymentInsertParams{
		Gateway: m.Gateway, Automatic: true, MethodID: m.ID, Attempt: at.attempt,
	})
	if err != nil {
		return err
	}
	_, err = b.tasks.Add(ctx, q, task.Params{
		Kind: KindCharge, Queue: b.queueOf(m.Gateway), Subject: row.ID, Payload: paymentPayload{row.ID}, DedupeKey: "charge:" + row.ID, RunAt: at.at,
	})
	if err != nil || at.attempt > 0 || b.policies.Early[m.Kind] == 0 {
		return err
	}
	return b.announceDebit(ctx, q, row, m, at.at)
}

// chargeAt is when a saved method is charged, and how many charges came before.
type chargeAt struct {
	at      time.Time
	attempt int64
}
