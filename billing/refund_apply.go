package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
)

// applyRefund brings a refund to what its provider says: a compare-and-set, so that the
// answer, a webhook and the reconciliation book it once.
func (b *Billing) applyRefund(ctx context.Context, q *db.Queries, r db.Refund, s toldRefund) error {
	now := b.clock.Now()
	if r.State == string(refundSucceeded) && s.State == refundFailed {
		return b.refundReturned(ctx, q, r, s)
	}
	row := db.RefundApplyParams{ID: r.ID, State: string(s.State), ProviderReference: r.ProviderReference, Code: s.Code}
	if s.Reference != "" {
		row.ProviderReference = s.Reference
	}
	if s.State == refundPending {
		row.CheckAt = db.At(now.Add(time.Hour))
	} else {
		row.SettledAt = db.At(now)
	}
	rows, err := q.RefundApply(ctx, row)
	if err != nil {
		return fmt.Errorf("move refund %s to %s: %w", r.ID, s.State, err)
	}
	if rows == 0 {
		return nil
	}
	switch s.State {
	case refundSucceeded:
		return b.refundSent(ctx, q, r)
	case refundFailed:
		return b.refundLost(ctx, q, r, s)
	}
	return nil
}

// refundSent books the money that went back and closes the credit note when all of it has.
func (b *Billing) refundSent(ctx context.Context, q *db.Queries, r db.Refund) error {
	a := money.New(r.Amount, money.Currency(r.Currency))
	err := b.post(ctx, q, posting{
		kind: "refund", subject: r.ID, customerID: r.CustomerID, invoiceID: r.CreditNoteID,
		entries: []entry{{account: Receivable, amount: a}, {account: moneyAt(r.Gateway), amount: a.Neg()}},
	})
	if err != nil {
		return err
	}
	if err := b.closeNote(ctx, q, r.CreditNoteID); err != nil {
		return err
	}
	return b.events.Emit(ctx, q, event.Params{
		Kind: "refund.sent", Subject: r.ID, CustomerID: r.CustomerID, Data: refundData{InvoiceID: r.CreditNoteID, ByHand: r.Gateway == transferGateway},
	})
}

// closeNote settles a credit note of which nothing is owed any more.
func (b *Billing) closeNote(ctx context.Context, q *db.Queries, noteID string) error {
	owed, err := q.LedgerInvoice(ctx, noteID)
	if err != nil {
		return fmt.Errorf("what is owed on %s: %w", noteID, err)
	}
	if owed != 0 {
		return nil
	}
	note, err := invoiceRow(ctx, q, noteID)
	if err != nil || note.State != string(InvoiceOpen) {
		return err
	}
	if err := b.owedAnswered(ctx, q, noteID); err != nil {
		return err
	}
	return b.close(ctx, q, note)
}

// refundLost frees the reserved amount and tells an operator: the customer is still owed
// what the credit note says.
func (b *Billing) refundLost(ctx context.Context, q *db.Queries, r db.Refund, s toldRefund) error {
	_, err := q.PaymentReleaseRefund(ctx, db.PaymentReleaseRefundParams{
		ID: r.PaymentID, Amount: r.Amount, UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return fmt.Errorf("release refund %s: %w", r.ID, err)
	}
	err = b.events.Raise(ctx, q, event.Alarm{
		Code: "refund_failed", Subject: r.ID,
		Message: fmt.Sprintf("The refund of %s did not go through (%s): the customer is still owed it.",
			money.New(r.Amount, money.Currency(r.Currency)), s.Code),
	})
	if err != nil {
		return err
	}
	return b.askOwed(ctx, q, r.CreditNoteID, s.Code)
}

// refundReturned books money that was sent and came back, because the bank would not take
// it. The credit note stays settled: what it owed is the customer's credit now, which the
// payment can take back in its turn.
func (b *Billing) refundReturned(ctx context.Context, q *db.Queries, r db.Refund, s toldRefund) error {
	rows, err := q.RefundReturned(ctx, db.RefundReturnedParams{ID: r.ID, Code: s.Code, SettledAt: db.At(b.clock.Now())})
	if err != nil || rows == 0 {
		return wrap(err, "take refund "+r.ID+" back")
	}
	_, err = q.PaymentReleaseRefund(ctx, db.PaymentReleaseRefundParams{ID: r.PaymentID, Amount: r.Amount, UpdatedAt: db.At(b.clock.Now())})
	if err != nil {
		return fmt.Errorf("release refund %s: %w", r.ID, err)
	}
	if err := b.refundFound(ctx, q, r.ID, "the bank has sent it back"); err != nil {
		return err
	}
	a := money.New(r.Amount, money.Currency(r.Currency))
	err = b.post(ctx, q, posting{
		kind: "refund_returned", subject: r.ID, customerID: r.CustomerID, invoiceID: r.CreditNoteID,
		entries: []entry{{account: moneyAt(r.Gateway), amount: a}, {account: Credit, amount: a.Neg()}},
	})
	if err != nil {
		return err
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "refund_failed", Subject: r.ID,
		Message: fmt.Sprintf("The refund of %s came back (%s); it is the customer's credit now.", a, s.Code),
	})
}

func hearRefund(ctx context.Context, g Gateway, reference string, out *heard) error {
	fetcher, ok := g.(RefundFetcher)
	if !ok {
		return nil
	}
	s, err := fetcher.FetchRefund(ctx, reference)
	if err = later(err); err != nil {
		if fault.OutcomeOf(err).Result == fault.Rejected {
			return nil
		}
		return err
	}
	out.Refunds = append(out.Refunds, toldRefundOf(s))
	return nil
}

// applyHeardRefund applies what a webhook told of a refund that is known by its reference;
// one whose sending has not been answered yet is left to the answer.
func (b *Billing) applyHeardRefund(ctx context.Context, q *db.Queries, gateway string, s toldRefund) error {
	r, err := q.RefundByReference(ctx, db.RefundByReferenceParams{Gateway: gateway, Reference: s.Reference})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("refund with reference %s: %w", s.Reference, err)
	}
	return b.applyRefund(ctx, q, r, s)
}
