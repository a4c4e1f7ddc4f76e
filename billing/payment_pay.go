package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// Pay lets a customer pay an open invoice: for the first time, again after a
// failed payment, or by another way. A payment of the same gateway that still waits
// for the customer is given again; one by another way, or of another amount than is due by now, is
// cancelled at its gateway first; one that is processing is in the way ("payment_in_progress"). It opens its
// own transactions and runs the gateway's call inline: past ctx's deadline the
// payment comes back pending, without a next action.
func (b *Billing) Pay(ctx context.Context, customerID, invoiceID string, p PaymentParams) (Payment, error) {
	p.InvoiceID = invoiceID
	if _, err := b.gateway(p.Gateway); err != nil {
		return Payment{}, err
	}
	if err := b.owns(ctx, customerID, invoiceID); err != nil {
		return Payment{}, err
	}
	for range 2 {
		step, err := b.payStep(ctx, p)
		if err != nil {
			return Payment{}, err
		}
		if step.taskID != "" {
			if _, err := b.tasks.Run(ctx, step.taskID); err != nil {
				return Payment{}, fmt.Errorf("pay invoice %s: %w", invoiceID, err)
			}
		}
		if !step.cancelling {
			return b.Payment(ctx, step.paymentID)
		}
		stopped, err := b.Payment(ctx, step.paymentID)
		if err != nil || stopped.State == PaymentSucceeded {
			return stopped, err
		}
	}
	return Payment{}, errInProgress()
}

func (b *Billing) owns(ctx context.Context, customerID, invoiceID string) error {
	inv, err := invoiceRow(ctx, b.store.Read(), invoiceID)
	if err != nil {
		return err
	}
	if inv.CustomerID != customerID {
		return fault.Missing("invoice", invoiceID)
	}
	return nil
}

// payStep is what Pay does next: run a task of a payment, which either begins it or
// cancels it to make room.
type payStep struct {
	paymentID, taskID string
	cancelling        bool
}

func (b *Billing) payStep(ctx context.Context, p PaymentParams) (payStep, error) {
	var step payStep
	err := b.store.Tx(ctx, func(q *db.Queries) error {
		step = payStep{}
		live, err := q.PaymentLive(ctx, p.InvoiceID)
		if err != nil {
			return fmt.Errorf("live payment of %s: %w", p.InvoiceID, err)
		}
		for _, old := range live {
			done, err := b.makeRoom(ctx, q, old, p, &step)
			if done || err != nil {
				return err
			}
		}
		if err := p.admitted(); err != nil {
			return err
		}
		payment, taskID, err := b.StartPayment(ctx, q, p)
		step = payStep{paymentID: payment.ID, taskID: taskID}
		return err
	})
	return step, err
}

// makeRoom decides about the live payment that is in the way: done means that step
// says what to do and no new payment is begun now.
func (b *Billing) makeRoom(ctx context.Context, q *db.Queries, old db.Payment, p PaymentParams, step *payStep) (done bool, err error) {
	inv, err := invoiceRow(ctx, q, old.InvoiceID)
	if err != nil {
		return true, err
	}
	switch {
	case old.State == string(PaymentProcessing):
		return true, errInProgress()
	case scheduled(old):
		if err := p.admitted(); err != nil {
			return true, err
		}
		return false, b.dropScheduled(ctx, q, old)
	case old.Automatic && old.Gateway == p.Gateway:
		*step = payStep{paymentID: old.ID}
		return true, nil
	case old.Gateway == p.Gateway && old.Amount-old.Received == inv.Gross-inv.Paid:
		begin, err := b.tasks.Add(ctx, q, task.Params{
			Kind: KindBegin, Queue: b.queueOf(old.Gateway), Subject: old.ID, Payload: paymentPayload{old.ID}, DedupeKey: "begin:" + old.ID,
		})
		*step = payStep{paymentID: old.ID, taskID: begin}
		return true, err
	}
	if err := p.admitted(); err != nil {
		return true, err
	}
	cancel, err := b.addCancel(ctx, q, old)
	*step = payStep{paymentID: old.ID, taskID: cancel, cancelling: true}
	return true, err
}

// scheduled is true for an automatic payment whose charge has not begun: its gateway has
// not heard of it.
func scheduled(p db.Payment) bool { return p.Automatic && p.State == string(PaymentPending) }

// dropScheduled cancels an automatic payment whose charge has not begun.
func (b *Billing) dropScheduled(ctx context.Context, q *db.Queries, p db.Payment) error {
	if err := b.tasks.CancelSubject(ctx, q, p.ID); err != nil {
		return fmt.Errorf("cancel the charge of payment %s: %w", p.ID, err)
	}
	_, err := b.move(ctx, q, p, told{State: PaymentCancelled})
	return err
}

// addCancel adds the task that cancels a payment at its gateway: one for each state the
// payment was in, since a cancellation may have come while it could not be cancelled.
func (b *Billing) addCancel(ctx context.Context, q *db.Queries, p db.Payment) (string, error) {
	return b.tasks.Add(ctx, q, task.Params{
		Kind: KindCancel, Queue: b.queueOf(p.Gateway), Subject: p.ID, Payload: paymentPayload{p.ID}, DedupeKey: fmt.Sprintf("cancel:%s:%d", p.ID, p.UpdatedAt),
	})
}
