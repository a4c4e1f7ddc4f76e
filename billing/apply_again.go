package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// applyTwice sees to success that is told of a payment that has succeeded: the same
// money is nothing new, but a fee may be known now, or money have been taken back;
// another object at the provider is money that fits nothing.
func (b *Billing) applyTwice(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if s.State != PaymentSucceeded || s.Received == 0 || s.Reference == "" {
		return nil
	}
	if s.Reference == p.ProviderReference {
		if err := b.lateFee(ctx, q, p, s); err != nil {
			return err
		}
		return b.takenBack(ctx, q, p, s)
	}
	return b.suspend(ctx, q, SuspenseParams{
		Gateway: p.Gateway, Reference: s.Reference, Amount: money.New(s.Received, money.Currency(p.Currency)),
		Note: "A second payment of " + p.ID + " at the provider.", PaymentID: p.ID, ReceivedAt: p.SettledAt.Time(),
	})
}

// lateFee books what the provider keeps where it did not say so with the money.
func (b *Billing) lateFee(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if p.Fee != 0 || s.Fee == 0 {
		return nil
	}
	rows, err := q.PaymentSetFee(ctx, db.PaymentSetFeeParams{ID: p.ID, Fee: s.Fee})
	if err != nil || rows == 0 {
		return wrap(err, "keep the fee of payment "+p.ID)
	}
	fee := money.New(s.Fee, money.Currency(p.Currency))
	return b.post(ctx, q, posting{
		kind: "fee", subject: p.ID, customerID: p.CustomerID, invoiceID: p.InvoiceID,
		entries: []entry{{account: Fees(p.Gateway), amount: fee}, {account: moneyAt(p.Gateway), amount: fee.Neg()}},
	})
}

// takenBack tells an operator of money that went back without the shop: a refund made at
// the provider, a disputed charge. What to credit for it is a person's decision.
func (b *Billing) takenBack(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if s.Refunded <= p.Refunded {
		return nil
	}
	cur := money.Currency(p.Currency)
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "refunded_elsewhere", Subject: p.ID,
		Message: fmt.Sprintf("The gateway says that %s of the payment went back; the shop sent %s.",
			money.New(s.Refunded, cur), money.New(p.Refunded, cur)),
	})
}
