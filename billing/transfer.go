package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// TransferParams is money that staff saw on the bank account, for one payment.
type TransferParams struct {
	PaymentID string
	Amount    money.Amount
	// Reference is the bank's reference of this transfer.
	Reference string
	// ReceivedAt is the day of value: its hour counts for nothing.
	ReceivedAt time.Time
}

// dayOf is the start of a day: the same transfer is entered at another hour the second time.
func dayOf(t time.Time) time.Time { return t.UTC().Truncate(day) }

// hasCome refuses a day of value that has not come: money is booked once it is there.
func (b *Billing) hasCome(at time.Time) error {
	if dayOf(at).After(b.clock.Now()) {
		return fault.InvalidField("received_at", "not_acceptable", "The day of value must not be in the future.")
	}
	return nil
}

// SettleTransfer books a bank transfer for its payment, in a transaction of its own.
// Parts add up; the payment succeeds, and its invoice is settled, when all that is due
// is there. What is more becomes the customer's credit, as does money for an invoice that
// is paid or void. Fault codes: "transfer_booked" for a transfer (same reference, amount
// and day) that is booked already, "not_a_transfer" for a payment whose gateway itself
// says what has arrived.
func (b *Billing) SettleTransfer(ctx context.Context, t TransferParams) (Payment, error) {
	if !t.Amount.IsPositive() || t.Amount.Currency != b.currency {
		return Payment{}, fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing, in %s.", b.currency)
	}
	if t.ReceivedAt.IsZero() {
		t.ReceivedAt = b.clock.Now()
	}
	if err := b.hasCome(t.ReceivedAt); err != nil {
		return Payment{}, err
	}
	t.ReceivedAt = dayOf(t.ReceivedAt)
	err := b.store.Tx(ctx, func(q *db.Queries) error { return b.settleTransfer(ctx, q, t) })
	if err != nil {
		return Payment{}, err
	}
	return b.Payment(ctx, t.PaymentID)
}

func (b *Billing) settleTransfer(ctx context.Context, q *db.Queries, t TransferParams) error {
	p, err := paymentRow(ctx, q, t.PaymentID)
	if err != nil {
		return err
	}
	if g, err := b.gateway(p.Gateway); err == nil {
		if _, calls := g.(WebhookReceiver); calls {
			return fault.New(fault.Conflict, "not_a_transfer", "The gateway %s says itself what has arrived.", p.Gateway)
		}
	}
	id := b.store.NewID("rcp")
	rows, err := q.ReceiptInsert(ctx, db.ReceiptInsertParams{
		ID: id, PaymentID: p.ID, Reference: t.Reference, Amount: t.Amount.Minor,
		ReceivedAt: db.At(t.ReceivedAt), CreatedAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return fmt.Errorf("store transfer for payment %s: %w", p.ID, err)
	}
	if rows == 0 {
		return fault.New(fault.Conflict, "transfer_booked", "This transfer is booked already.")
	}
	moved, err := b.move(ctx, q, p, told{State: transferState(p, t.Amount), Received: p.Received + t.Amount.Minor})
	if err != nil || !moved {
		return fmt.Errorf("count transfer for payment %s: moved %v: %w", p.ID, moved, err)
	}
	return b.receive(ctx, q, p, receipt{subject: id, account: moneyAt(p.Gateway), amount: t.Amount})
}

// transferState is where a payment stands with a part more: succeeded when all is there.
// One that had come to an end has come to money now.
func transferState(p db.Payment, part money.Amount) PaymentState {
	if p.Received+part.Minor >= p.Amount || PaymentState(p.State).isFinal() {
		return PaymentSucceeded
	}
	return PaymentState(p.State)
}
