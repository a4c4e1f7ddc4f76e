package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/tally"
)

// matchLines brings each line of a payout that is not yet together with what it is of the shop's.
// One that cannot be dealt with keeps no other waiting.
func (r *payoutRun) matchLines(ctx context.Context, id string) error {
	for after := ""; ; {
		lines, err := r.store.Read().PayoutLinesOpen(ctx, db.PayoutLinesOpenParams{PayoutID: id, After: after, Page: payoutPage})
		if err != nil {
			return fmt.Errorf("lines of payout %s: %w", id, err)
		}
		for _, l := range lines {
			after = l.ID
			r.report.Skip(l.ID, tally.One(func() error { return r.matchLine(ctx, l) }))
		}
		if len(lines) < payoutPage || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// matchLine judges one line and books what the books do not have of it. Where they explain it not,
// the provider is asked about the thing first: its webhook may have been lost.
func (r *payoutRun) matchLine(ctx context.Context, l db.PayoutLine) error {
	v, err := r.judge(ctx, r.store.Read(), l)
	if err != nil {
		return err
	}
	out := heard{Gateway: l.Gateway}
	if v.state.open() {
		if out, err = r.hearLine(ctx, l); err != nil {
			return err
		}
	}
	return r.store.Tx(ctx, func(q *db.Queries) error {
		row, err := q.PayoutLineByID(ctx, l.ID)
		if err != nil || !PayoutLineState(row.State).open() {
			return wrap(err, "read line "+l.ID)
		}
		if err := r.applyAll(ctx, q, out); err != nil {
			return err
		}
		v, err := r.judge(ctx, q, row)
		if err != nil {
			return err
		}
		return r.bookLine(ctx, q, row, v)
	})
}

// hearLine reads from the provider what a line is of.
func (r *payoutRun) hearLine(ctx context.Context, l db.PayoutLine) (heard, error) {
	out := heard{Gateway: l.Gateway}
	if l.Source == "" {
		return out, nil
	}
	switch MovementKind(l.Kind) {
	case MovedCharge:
		return out, r.hear(ctx, r.gateway, l.Source, &out)
	case MovedRefund, MovedRefundFailure:
		return out, hearRefund(ctx, r.gateway, l.Source, &out)
	case MovedDispute, MovedDisputeReversal:
		return out, r.hearDispute(ctx, r.gateway, l.Source, &out)
	case MovedPayoutFailure:
		told, err := r.lister.FetchPayout(ctx, l.Source)
		if err = later(err); err != nil {
			if fault.OutcomeOf(err).Result == fault.Rejected {
				return out, nil
			}
			return out, err
		}
		return out, r.keepPayout(ctx, l.Gateway, told)
	}
	return out, nil
}

// bookLine writes what a line is, and posts what the books do not have of it, in the caller's
// transaction. One that fits nothing moves the account of unmatched money, so that clearing stands
// where the provider's balance does, and is taken back once it fits.
func (b *Billing) bookLine(ctx context.Context, q *db.Queries, l db.PayoutLine, v verdict) error {
	fee := int64(0)
	if !v.late {
		fee = v.fee
	}
	rows, err := q.PayoutLineMove(ctx, db.PayoutLineMoveParams{
		ID: l.ID, OldState: l.State, State: string(v.state), Detail: v.detail, PaymentID: v.paymentID, Subject: v.subject,
		FeeBooked: fee, OpenBooked: v.open,
	})
	if err != nil || rows == 0 {
		return wrap(err, "move line "+l.ID)
	}
	if err := b.postLine(ctx, q, l, v); err != nil {
		return err
	}
	if v.paymentID == "" {
		return nil
	}
	switch MovementKind(l.Kind) {
	case MovedCharge:
		return b.paidOut(ctx, q, v.paymentID)
	case MovedRefund:
		_, err = q.RefundLearnReference(ctx, db.RefundLearnReferenceParams{ID: v.subject, Gateway: l.Gateway, Reference: l.Source})
		if err == nil {
			err = b.refundPaidOut(ctx, q, v.subject)
		}
	}
	return wrap(err, "refund "+v.subject)
}

// postLine posts a line's fee, and what of it fits nothing or fits now.
func (b *Billing) postLine(ctx context.Context, q *db.Queries, l db.PayoutLine, v verdict) error {
	cur := money.Currency(l.Currency)
	fee := money.New(v.fee, cur)
	var err error
	switch {
	case v.fee == 0:
	case v.late:
		p, rowErr := paymentRow(ctx, q, v.paymentID)
		if rowErr != nil {
			return rowErr
		}
		err = b.lateFee(ctx, q, p, told{Fee: v.fee})
	default:
		err = b.post(ctx, q, posting{kind: "payout_fee", subject: l.ID, entries: []entry{
			{account: Fees(l.Gateway), amount: fee}, {account: Clearing(l.Gateway), amount: fee.Neg()},
		}})
	}
	moves := money.New(v.open-l.OpenBooked, cur)
	if err != nil || moves.IsZero() {
		return err
	}
	kind := "payout_unmatched"
	if v.open == 0 {
		kind = "payout_matched"
	}
	before, err := q.LedgerPosting(ctx, db.LedgerPostingParams{Kind: kind, Subject: l.ID})
	if err != nil {
		return fmt.Errorf("postings of line %s: %w", l.ID, err)
	}
	return b.post(ctx, q, posting{kind: kind, subject: l.ID, after: int64(len(before)), entries: []entry{
		{account: Clearing(l.Gateway), amount: moves}, {account: Unmatched(l.Gateway), amount: moves.Neg()},
	}})
}
