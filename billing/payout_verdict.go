package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/money"
)

// verdict is what of the shop's a movement is.
type verdict struct {
	state  PayoutLineState
	detail string
	// paymentID is the payment behind it, subject the thing itself.
	paymentID, subject string
	// fee is what it moved as a fee that the books do not have yet; late is set when that is the
	// whole fee of a payment whose own has not been told.
	fee  int64
	late bool
	// open is what it moved that nothing in the books explains.
	open int64
}

func matched(paymentID, subject string) verdict {
	return verdict{state: LineMatched, paymentID: paymentID, subject: subject}
}

// differs is a movement of something that is known here otherwise; booked is what the books have
// of it where the money is.
func differs(l db.PayoutLine, paymentID, subject string, booked int64, detail string) verdict {
	return verdict{state: LineDiffers, detail: detail, paymentID: paymentID, subject: subject, open: l.Net - booked}
}

func unmatched(l db.PayoutLine, detail string) verdict {
	return verdict{state: LineUnmatched, detail: detail, open: l.Net}
}

// judge says what of the shop's a line is, as the books are now. It only reads.
func (b *Billing) judge(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	if money.Currency(l.Currency) != b.currency {
		return b.judgeForeign(ctx, q, l)
	}
	switch MovementKind(l.Kind) {
	case MovedCharge:
		return b.judgeCharge(ctx, q, l)
	case MovedRefund, MovedRefundFailure:
		return b.judgeRefund(ctx, q, l)
	case MovedDispute, MovedDisputeReversal:
		return b.judgeDispute(ctx, q, l)
	case MovedPayoutFailure:
		return b.judgePayoutFailure(ctx, q, l)
	case MovedFee:
		return verdict{state: LineMatched, fee: -l.Net}, nil
	}
	return unmatched(l, "It is no payment, refund, dispute or fee."), nil
}

// judgeForeign is a line in another currency than the books': it is listed, and moves nothing.
func (b *Billing) judgeForeign(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	v := verdict{state: LineForeign, detail: "It is in another currency than the books."}
	switch MovementKind(l.Kind) {
	case MovedCharge:
	case MovedRefund:
		r, err := q.RefundByReference(ctx, db.RefundByReferenceParams{Gateway: l.Gateway, Reference: l.Source})
		if err == nil {
			v.paymentID, v.subject = r.PaymentID, r.ID
		} else if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return v, err
	default:
		return v, nil
	}
	p, found, err := heardPayment(ctx, q, l.Gateway, told{Reference: l.Source})
	if found {
		v.paymentID, v.subject = p.ID, p.ID
	}
	return v, err
}

func (b *Billing) judgeCharge(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	p, found, err := heardPayment(ctx, q, l.Gateway, told{Reference: l.Source})
	if err != nil {
		return verdict{}, err
	}
	if !found || l.Source == "" {
		return b.judgeSuspense(ctx, q, l)
	}
	if l.Gross < 0 || p.State != string(PaymentSucceeded) {
		if is, err := undone(ctx, q, l, p); err != nil || is {
			return cancelled(l, p), err
		}
	}
	if l.Gross < 0 {
		v := unmatched(l, "It takes back a charge of a payment that is "+p.State+" here.")
		v.subject = p.ID
		return v, nil
	}
	booked := int64(0)
	if p.Received > 0 {
		booked = p.Received - p.Fee
	}
	switch {
	case p.State != string(PaymentSucceeded):
		return differs(l, p.ID, p.ID, booked, "Its payment is "+p.State+" here."), nil
	case p.Received != l.Gross:
		v := differs(l, p.ID, p.ID, booked, "Here "+money.New(p.Received, b.currency).String()+" came.")
		if p.Fee == 0 { // it is not told again
			v.fee, v.late, v.open = l.Fee, true, l.Gross-p.Received
		}
		return v, nil
	}
	others, err := q.PayoutLineOfPayment(ctx, db.PayoutLineOfPaymentParams{PaymentID: p.ID, ID: l.ID})
	if err != nil {
		return verdict{}, fmt.Errorf("lines of payment %s: %w", p.ID, err)
	}
	if len(others) > 0 {
		if is, err := undone(ctx, q, l, p); err != nil || is {
			return cancelled(l, p), err
		}
		return differs(l, p.ID, p.ID, 0, "The payment is in another payout already."), nil
	}
	v := matched(p.ID, p.ID)
	v.fee, v.late = l.Fee-p.Fee, p.Fee == 0
	return v, nil
}

// judgeSuspense is a charge that is no payment of an invoice: its money may lie in suspense, or
// have lain there. Suspense is booked whole, without the fee.
func (b *Billing) judgeSuspense(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	items, err := q.SuspenseByReference(ctx, db.SuspenseByReferenceParams{Gateway: l.Gateway, Reference: l.Source})
	if err != nil {
		return verdict{}, fmt.Errorf("suspense of %s: %w", l.Source, err)
	}
	for _, item := range items {
		if item.Amount == l.Gross {
			v := matched("", item.ID)
			v.fee = l.Fee
			return v, nil
		}
	}
	return unmatched(l, "No payment of the shop is known by it."), nil
}

func (b *Billing) judgeRefund(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	r, err := q.RefundByReference(ctx, db.RefundByReferenceParams{Gateway: l.Gateway, Reference: l.Source})
	if errors.Is(err, sql.ErrNoRows) {
		return b.judgeByHand(ctx, q, l)
	}
	if err != nil {
		return verdict{}, fmt.Errorf("refund with reference %s: %w", l.Source, err)
	}
	came := MovementKind(l.Kind) == MovedRefundFailure
	want, booked := -r.Amount, int64(0)
	if came {
		want = r.Amount
	} else if r.State != string(refundFailed) {
		booked = -r.Amount // at once, or when the bank has it
	}
	switch {
	case l.Gross != want:
		return differs(l, r.PaymentID, r.ID, booked, "Here it is a refund of "+money.New(r.Amount, b.currency).String()+"."), nil
	case came && r.State != string(refundFailed):
		return differs(l, r.PaymentID, r.ID, 0, "The refund is "+r.State+" here."), nil
	}
	v := matched(r.PaymentID, r.ID)
	v.fee = l.Fee
	return v, nil
}

// judgeByHand is a refund that the shop's own did not make: one that staff made at the provider
// and booked here by hand is brought together with it.
func (b *Billing) judgeByHand(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	p, found, err := heardPayment(ctx, q, l.Gateway, told{Reference: l.PaidBy})
	if err != nil {
		return verdict{}, err
	}
	if !found || l.PaidBy == "" {
		return unmatched(l, "No refund and no payment of the shop is known by it."), nil
	}
	if MovementKind(l.Kind) == MovedRefund {
		ids, err := q.RefundByHand(ctx, db.RefundByHandParams{PaymentID: p.ID, Gateway: l.Gateway, Amount: -l.Gross})
		if err != nil {
			return verdict{}, fmt.Errorf("refunds of payment %s by hand: %w", p.ID, err)
		}
		if len(ids) > 0 {
			v := matched(p.ID, ids[0])
			v.fee = l.Fee
			return v, nil
		}
	}
	v := unmatched(l, "The shop made no such refund of the payment.")
	v.paymentID = p.ID
	return v, nil
}

func (b *Billing) judgeDispute(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	rows, err := q.DisputeByReference(ctx, db.DisputeByReferenceParams{Gateway: l.Gateway, ProviderReference: l.Source})
	if err != nil {
		return verdict{}, fmt.Errorf("dispute with reference %s: %w", l.Source, err)
	}
	if len(rows) == 0 {
		return unmatched(l, "No dispute of a payment of the shop is known by it."), nil
	}
	d := rows[0]
	back := MovementKind(l.Kind) == MovedDisputeReversal
	want, state := -d.Amount, DisputeState(d.State)
	if back {
		want = d.Amount
	}
	switch {
	case back && state != DisputeWon, !back && state == DisputeInquiry:
		return differs(l, d.PaymentID, d.ID, 0, "The dispute is "+d.State+" here."), nil
	case l.Gross != want:
		// Its fee is booked with the dispute, whatever the amount.
		return differs(l, d.PaymentID, d.ID, want-l.Fee, "Here "+money.New(d.Amount, b.currency).String()+" is disputed."), nil
	}
	return matched(d.PaymentID, d.ID), nil
}

func (b *Billing) judgePayoutFailure(ctx context.Context, q *db.Queries, l db.PayoutLine) (verdict, error) {
	rows, err := q.PayoutByReference(ctx, db.PayoutByReferenceParams{Gateway: l.Gateway, Reference: l.Source})
	if err != nil {
		return verdict{}, fmt.Errorf("payout %s: %w", l.Source, err)
	}
	if len(rows) == 0 {
		return unmatched(l, "The payout that came back is not known here."), nil
	}
	p, state := rows[0], PayoutState(rows[0].State)
	if state != PayoutFailed && state != PayoutCancelled || l.Gross != p.Amount {
		return differs(l, "", p.ID, 0, "The payout of "+money.New(p.Amount, b.currency).String()+" is "+p.State+" here."), nil
	}
	v := matched("", p.ID)
	v.fee = l.Fee
	return v, nil
}
