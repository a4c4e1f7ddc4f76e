package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/money"
	"hostfront/review"
)

// readLines reads what a payout is made of, page by page, each kept in a transaction of its own:
// after a crash reading goes on behind the last page.
func (r *payoutRun) readLines(ctx context.Context, id string) error {
	for {
		row, err := payoutRow(ctx, r.store.Read(), id)
		if err != nil || !row.LinesAt.IsZero() {
			return err
		}
		page, more, err := r.lister.PayoutMovements(ctx, row.Reference, row.LinesAfter)
		if err != nil {
			return fmt.Errorf("movements of payout %s: %w", row.Reference, later(err))
		}
		if more && len(page) == 0 {
			return fmt.Errorf("movements of payout %s: an empty page that is not the last", row.Reference)
		}
		err = r.store.Tx(ctx, func(q *db.Queries) error { return r.keepLines(ctx, q, row, page, more) })
		if err != nil {
			return err
		}
	}
}

// keepLines stores a page of movements, each once, and with the last page holds their sum against
// the payout.
func (r *payoutRun) keepLines(ctx context.Context, q *db.Queries, row db.Payout, page []Movement, more bool) error {
	after := row.LinesAfter
	for _, m := range page {
		after = m.Reference
		stored, err := q.PayoutLineInsert(ctx, db.PayoutLineInsertParams{
			ID: r.store.NewID("pol"), PayoutID: row.ID, Gateway: row.Gateway, Reference: m.Reference, Kind: string(m.Kind), Source: m.Source,
			PaidBy: m.Payment, Description: m.Description, State: string(LineNew), Currency: string(m.Gross.Currency), Gross: m.Gross.Minor,
			Fee: m.Fee.Minor, Net: m.Gross.Minor - m.Fee.Minor, MovedAt: db.At(m.At),
		})
		if err != nil {
			return fmt.Errorf("store movement %s: %w", m.Reference, err)
		}
		r.report.Count("lines", int(stored))
	}
	now := db.At(r.clock.Now())
	if more {
		_, err := q.PayoutLinesRead(ctx, db.PayoutLinesReadParams{ID: row.ID, LinesAfter: after, OldAfter: row.LinesAfter, UpdatedAt: now})
		return wrap(err, "keep how far payout "+row.ID+" is read")
	}
	net, err := q.PayoutLinesNet(ctx, row.ID)
	if err != nil {
		return fmt.Errorf("sum of payout %s: %w", row.ID, err)
	}
	off := row.Amount + row.Fee - net
	_, err = q.PayoutLinesDone(ctx, db.PayoutLinesDoneParams{ID: row.ID, Off: off, LinesAt: now})
	if err != nil || off == 0 {
		return wrap(err, "keep that payout "+row.ID+" is read")
	}
	return r.askOff(ctx, q, row, off)
}

// askOff puts a payout to the operator that its movements do not explain.
func (r *payoutRun) askOff(ctx context.Context, q *db.Queries, row db.Payout, off int64) error {
	cur := money.Currency(row.Currency)
	_, err := review.Ask(ctx, q, r.tasks, review.Question{
		Code: "payout_off", Subject: row.ID,
		Message: "The movements that the provider names for a payout do not add up to it. Ask the provider for what is missing, book it with your accountant, and settle this.",
		Details: map[string]string{
			"gateway": row.Gateway, "reference": row.Reference, "amount": money.New(row.Amount, cur).String(), "unexplained": money.New(off, cur).String(),
		},
	})
	return err
}

// How often a payout is looked at again that is not over, and for how long one that was paid may
// still fail.
const (
	payoutAgain    = 20 * time.Hour
	payoutMayFail  = 10 * day
	payoutListed   = 10 // ids of lines that a question names
	payoutQuestion = "payout_unmatched"
)

// closePayout says when a payout is looked at again, and keeps the question about its lines as
// they are now, in the caller's transaction.
func (r *payoutRun) closePayout(ctx context.Context, q *db.Queries, id string) error {
	row, err := payoutRow(ctx, q, id)
	if err != nil {
		return err
	}
	open, err := r.keepQuestion(ctx, q, row)
	if err != nil {
		return err
	}
	now := r.clock.Now()
	state := PayoutState(row.State)
	over := state == PayoutFailed || state == PayoutCancelled ||
		state == PayoutPaid && now.Sub(max(row.ArrivesAt, row.MadeAt).Time()) > payoutMayFail
	again := db.Instant(0)
	if !over || open > 0 || row.Automatic && row.LinesAt.IsZero() && state != PayoutCancelled {
		again = db.At(now.Add(payoutAgain))
	}
	return wrap(q.PayoutCheckAt(ctx, db.PayoutCheckAtParams{ID: id, CheckAt: again}), "put payout "+id+" off")
}

// keepQuestion puts the lines of a payout that fit nothing to the operator, as one question, and
// ends it when there are none. It gives how many there are, those beyond a page not counted.
func (b *Billing) keepQuestion(ctx context.Context, q *db.Queries, row db.Payout) (int, error) {
	open, err := q.PayoutLinesOpen(ctx, db.PayoutLinesOpenParams{PayoutID: row.ID, Page: payoutPage})
	if err != nil {
		return 0, fmt.Errorf("open lines of payout %s: %w", row.ID, err)
	}
	if len(open) == 0 {
		_, err := review.Answered(ctx, q, b.tasks, payoutQuestion, row.ID, "each of its movements is matched or settled")
		return 0, err
	}
	details := map[string]string{"gateway": row.Gateway, "reference": row.Reference}
	for _, l := range open[:min(len(open), payoutListed)] {
		details[l.ID] = fmt.Sprintf("%s %s of %s: %s", l.Kind, l.Reference, money.New(l.Net, money.Currency(l.Currency)), l.Detail)
	}
	_, err = review.Ask(ctx, q, b.tasks, review.Question{
		Code: payoutQuestion, Subject: row.ID,
		Message: fmt.Sprintf("%d movements of a payout fit nothing of the shop's (GET /v1/admin/payouts/%s/lines). A refund made at the provider: refund the invoice here too, by hand. Anything else: settle the line to the account it belongs to (POST /v1/admin/payout-lines/{id}/settle).", len(open), row.ID),
		Details: details,
	})
	return len(open), err
}
