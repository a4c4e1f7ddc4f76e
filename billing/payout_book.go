package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/money"
	"hostfront/review"
)

// keepPayout mirrors what a provider says of a payout, and books it, in a transaction of its own.
func (b *Billing) keepPayout(ctx context.Context, gateway string, told PayoutStatus) error {
	return b.store.Tx(ctx, func(q *db.Queries) error {
		row, err := b.payoutKept(ctx, q, gateway, told)
		if err != nil {
			return err
		}
		return b.movePayout(ctx, q, row, told)
	})
}

// payoutKept is the row of a payout, written and booked as pending where there is none.
func (b *Billing) payoutKept(ctx context.Context, q *db.Queries, gateway string, told PayoutStatus) (db.Payout, error) {
	now := db.At(b.clock.Now())
	made, err := q.PayoutInsert(ctx, db.PayoutInsertParams{
		ID: b.store.NewID("pot"), Gateway: gateway, Reference: told.Reference, Automatic: told.Automatic,
		Booked: told.Amount.Currency == b.currency, Currency: string(told.Amount.Currency), Amount: told.Amount.Minor, Fee: told.Fee.Minor,
		MadeAt: db.At(told.MadeAt), ArrivesAt: db.At(told.ArrivesAt), CheckAt: now, CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return db.Payout{}, fmt.Errorf("store payout %s: %w", told.Reference, err)
	}
	rows, err := q.PayoutByReference(ctx, db.PayoutByReferenceParams{Gateway: gateway, Reference: told.Reference})
	if err != nil || len(rows) == 0 {
		return db.Payout{}, fmt.Errorf("read payout %s: %d rows: %w", told.Reference, len(rows), err)
	}
	row := rows[0]
	if made == 0 {
		return row, nil
	}
	if !row.Booked {
		return row, b.askForeign(ctx, q, row)
	}
	cur := money.Currency(row.Currency)
	return row, b.post(ctx, q, posting{kind: "payout", subject: row.ID, entries: []entry{
		{account: Transit(gateway), amount: money.New(row.Amount, cur)},
		{account: Fees(gateway), amount: money.New(row.Fee, cur)},
		{account: Clearing(gateway), amount: money.New(-row.Amount-row.Fee, cur)},
	}})
}

// movePayout brings a payout to the state that its provider tells: a compare-and-set, so that the
// job and a webhook book it once. What has failed stays so.
func (b *Billing) movePayout(ctx context.Context, q *db.Queries, row db.Payout, told PayoutStatus) error {
	from, to := PayoutState(row.State), told.State
	if from == to || from == PayoutFailed || from == PayoutCancelled || from == PayoutPaid && to != PayoutFailed && to != PayoutCancelled {
		return nil
	}
	rows, err := q.PayoutMove(ctx, db.PayoutMoveParams{
		ID: row.ID, OldState: row.State, State: string(to), Code: told.Code, ArrivesAt: db.At(told.ArrivesAt), UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil || rows == 0 {
		return wrap(err, "move payout "+row.ID)
	}
	amount := money.New(row.Amount, money.Currency(row.Currency))
	at := Transit(row.Gateway)
	if from == PayoutPaid {
		at = Bank
	}
	switch {
	case to == PayoutPaid && row.Booked:
		return b.post(ctx, q, posting{kind: "payout_paid", subject: row.ID, entries: []entry{
			{account: Bank, amount: amount}, {account: at, amount: amount.Neg()},
		}})
	case to == PayoutFailed || to == PayoutCancelled:
		return b.payoutCameBack(ctx, q, row, told, at)
	}
	return nil
}

// payoutCameBack books that the money is with the gateway again, and tells the operator.
func (b *Billing) payoutCameBack(ctx context.Context, q *db.Queries, row db.Payout, told PayoutStatus, from Account) error {
	amount := money.New(row.Amount, money.Currency(row.Currency))
	if row.Booked {
		err := b.post(ctx, q, posting{kind: "payout_failed", subject: row.ID, entries: []entry{
			{account: Clearing(row.Gateway), amount: amount}, {account: from, amount: amount.Neg()},
		}})
		if err != nil {
			return err
		}
	}
	_, err := review.Ask(ctx, q, b.tasks, review.Question{
		Code: "payout_failed", Subject: row.ID,
		Message: "A payout did not reach the bank. Mend the bank account at the provider, who pays it out again; then settle this.",
		Details: map[string]string{
			"gateway": row.Gateway, "reference": row.Reference, "amount": amount.String(), "state": string(told.State), "code": told.Code,
		},
	})
	return err
}

// askForeign puts a payout in another currency than the books' to the operator.
func (b *Billing) askForeign(ctx context.Context, q *db.Queries, row db.Payout) error {
	_, err := review.Ask(ctx, q, b.tasks, review.Question{
		Code: "payout_currency", Subject: row.ID,
		Message: fmt.Sprintf("A payout is in %s, the books are in %s: it is listed and not booked. Have the provider settle in %s, and book this one with your accountant at the bank's rate.",
			row.Currency, b.currency, b.currency),
		Details: map[string]string{
			"gateway": row.Gateway, "reference": row.Reference, "amount": money.New(row.Amount, money.Currency(row.Currency)).String(),
		},
	})
	return err
}
