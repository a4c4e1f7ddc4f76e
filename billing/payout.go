package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// Payout is what a gateway has paid out to the shop's bank, below zero what it took from it.
type Payout struct {
	ID, Gateway, Reference string
	State                  PayoutState
	// Automatic says that the provider tells what it is made of, Booked that it is in the ledger:
	// one in another currency than the shop's is not.
	Automatic, Booked bool
	Amount, Fee       money.Amount
	// Off is what its lines do not explain of it, once they are all read.
	Off  money.Amount
	Code string
	// MadeAt is when the money left the gateway; LinesAt when its lines were read, zero before.
	MadeAt, ArrivesAt, LinesAt time.Time
}

// PayoutLineState is what became of a movement of a payout.
type PayoutLineState string

// The states of a line. Unmatched and differs wait for a person, and are looked at again each
// night until then.
const (
	LineNew       PayoutLineState = "new"
	LineMatched   PayoutLineState = "matched"
	LineUnmatched PayoutLineState = "unmatched"
	LineDiffers   PayoutLineState = "differs"
	LineForeign   PayoutLineState = "foreign"
	LineSettled   PayoutLineState = "settled"
)

// open is true for a line that is not brought together with anything.
func (s PayoutLineState) open() bool { return s == LineNew || s == LineUnmatched || s == LineDiffers }

// PayoutLine is a movement of the provider's balance that a payout is made of.
type PayoutLine struct {
	ID, PayoutID, Reference string
	Kind                    MovementKind
	Source, Description     string
	State                   PayoutLineState
	// Detail says what does not agree.
	Detail          string
	Gross, Fee, Net money.Amount
	// PaymentID and Subject are what of the shop's it was matched with: the payment, and the
	// payment, refund, dispute, suspense item or payout itself.
	PaymentID, Subject string
	// Open is what stands of it on the account of unmatched money.
	Open money.Amount
	// Account and Note are what staff settled it by.
	Account Account
	Note    string
	MovedAt time.Time
}

func payoutOf(r db.Payout) Payout {
	cur := money.Currency(r.Currency)
	return Payout{
		ID: r.ID, Gateway: r.Gateway, Reference: r.Reference, State: PayoutState(r.State), Automatic: r.Automatic, Booked: r.Booked,
		Amount: money.New(r.Amount, cur), Fee: money.New(r.Fee, cur), Off: money.New(r.Off, cur), Code: r.Code,
		MadeAt: r.MadeAt.Time(), ArrivesAt: r.ArrivesAt.Time(), LinesAt: r.LinesAt.Time(),
	}
}

func payoutLineOf(r db.PayoutLine) PayoutLine {
	cur := money.Currency(r.Currency)
	return PayoutLine{
		ID: r.ID, PayoutID: r.PayoutID, Reference: r.Reference, Kind: MovementKind(r.Kind), Source: r.Source, Description: r.Description,
		State: PayoutLineState(r.State), Detail: r.Detail, Gross: money.New(r.Gross, cur), Fee: money.New(r.Fee, cur),
		Net: money.New(r.Net, cur), PaymentID: r.PaymentID, Subject: r.Subject, Open: money.New(r.OpenBooked, cur),
		Account: Account(r.Account), Note: r.Note, MovedAt: r.MovedAt.Time(),
	}
}

// PayoutFilter narrows a list of payouts; empty is all.
type PayoutFilter struct {
	Gateway string
	State   PayoutState
	Cursor  string
	Limit   int
}

// Payouts lists payouts, newest first, behind a cursor (a payout's id).
func (b *Billing) Payouts(ctx context.Context, f PayoutFilter) ([]Payout, error) {
	rows, err := b.store.Read().PayoutsPage(ctx, db.PayoutsPageParams{
		Before: db.FromNewest(f.Cursor), State: string(f.State), Gateway: f.Gateway, Page: int64(f.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list payouts: %w", err)
	}
	return mapped(rows, payoutOf), nil
}

// Payout reads one.
func (b *Billing) Payout(ctx context.Context, id string) (Payout, error) {
	row, err := payoutRow(ctx, b.store.Read(), id)
	return payoutOf(row), err
}

// PayoutLines lists what a payout is made of, oldest id first, behind a cursor (a line's id).
func (b *Billing) PayoutLines(ctx context.Context, payoutID, cursor string, limit int) ([]PayoutLine, error) {
	rows, err := b.store.Read().PayoutLinesPage(ctx, db.PayoutLinesPageParams{PayoutID: payoutID, After: cursor, Page: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("lines of payout %s: %w", payoutID, err)
	}
	return mapped(rows, payoutLineOf), nil
}

// PayoutsMade lists the payouts of a period, oldest id first, behind a cursor.
func (b *Billing) PayoutsMade(ctx context.Context, p Span, cursor string, limit int) ([]Payout, error) {
	rows, err := b.store.Read().PayoutsMade(ctx, db.PayoutsMadeParams{After: cursor, FromAt: db.At(p.From), UntilAt: p.until(), Page: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("payouts of a period: %w", err)
	}
	return mapped(rows, payoutOf), nil
}

func mapped[R, T any](rows []R, of func(R) T) []T {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		out = append(out, of(r))
	}
	return out
}

func payoutRow(ctx context.Context, q *db.Queries, id string) (db.Payout, error) {
	row, err := q.PayoutByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return row, fault.Missing("payout", id)
	}
	return row, wrap(err, "read payout "+id)
}
