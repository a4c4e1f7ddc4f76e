package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"hostfront/db"
	"hostfront/money"
)

// Span is from an instant until before another; zero is from the first entry, and for ever.
type Span struct{ From, Until time.Time }

func (p Span) until() db.Instant {
	if p.Until.IsZero() {
		return db.Instant(1<<63 - 1)
	}
	return db.At(p.Until)
}

// Balance is an account in a period. Debits are positive.
type Balance struct {
	Account Account
	// Opening stood on it before the period; Debit and Credit (below zero) are what was booked in
	// it; Balance is what stands on it at the end.
	Opening, Debit, Credit, Balance money.Amount
}

// Entry is one line of the journal.
type Entry struct {
	ID         string       `json:"id"`
	Kind       string       `json:"kind"`
	Subject    string       `json:"subject"`
	Account    Account      `json:"account"`
	Amount     money.Amount `json:"amount"`
	CustomerID string       `json:"customer_id,omitempty"`
	InvoiceID  string       `json:"invoice_id,omitempty"`
	BookedAt   time.Time    `json:"booked_at"`
}

// Currency is that of the shop's documents and books.
func (b *Billing) Currency() money.Currency { return b.currency }

// LedgerBalance is the sum of every entry in minor units: anything but zero is a
// fault in the books.
func (b *Billing) LedgerBalance(ctx context.Context) (int64, error) {
	return b.store.Read().LedgerSum(ctx)
}

// Trial is the trial balance of all time: every account that was ever posted to, by name.
func (b *Billing) Trial(ctx context.Context) ([]Balance, error) { return b.TrialOf(ctx, Span{}) }

// TrialOf is the trial balance of a period.
func (b *Billing) TrialOf(ctx context.Context, p Span) ([]Balance, error) {
	rows, err := b.store.Read().LedgerByAccount(ctx, db.LedgerByAccountParams{FromAt: db.At(p.From), UntilAt: p.until()})
	if err != nil {
		return nil, fmt.Errorf("trial balance: %w", err)
	}
	out := make([]Balance, 0, len(rows))
	for _, r := range rows {
		cur := money.Currency(r.Currency)
		out = append(out, Balance{
			Account: Account(r.Account), Opening: money.New(r.Opening, cur), Debit: money.New(r.Debit, cur), Credit: money.New(r.Credit, cur),
			Balance: money.New(r.Opening+r.Debit+r.Credit, cur),
		})
	}
	slices.SortFunc(out, func(x, y Balance) int { return cmp.Compare(x.Account, y.Account) })
	return out, nil
}

// Journal lists the entries of a period oldest first, after a cursor (an entry's id; empty for
// the first page).
func (b *Billing) Journal(ctx context.Context, p Span, cursor string, limit int) ([]Entry, error) {
	rows, err := b.store.Read().LedgerJournal(ctx, db.LedgerJournalParams{
		After: cursor, Page: int64(limit), FromAt: db.At(p.From), UntilAt: p.until(),
	})
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	out := make([]Entry, 0, len(rows))
	for _, r := range rows {
		out = append(out, Entry{
			ID: r.ID, Kind: r.Kind, Subject: r.Subject, Account: Account(r.Account),
			Amount:     money.New(r.Amount, money.Currency(r.Currency)),
			CustomerID: r.CustomerID, InvoiceID: r.InvoiceID, BookedAt: r.BookedAt.Time(),
		})
	}
	return out, nil
}

// PostUpstreamCost books, in the caller's transaction, what a delivery costs
// upstream. Subject is the thing delivered and for what: a service's id, or that
// with the start of the renewed period. It is posted once; a second call for the
// same subject changes nothing.
func (b *Billing) PostUpstreamCost(ctx context.Context, q *db.Queries, subject string, cost money.Amount) error {
	if cost.IsZero() {
		return nil
	}
	known, err := q.LedgerPosting(ctx, db.LedgerPostingParams{Kind: "upstream_cost", Subject: subject})
	if err != nil {
		return fmt.Errorf("cost of %s: %w", subject, err)
	}
	if len(known) > 0 {
		return nil
	}
	return b.postCost(ctx, q, subject, cost)
}

func (b *Billing) postCost(ctx context.Context, q *db.Queries, subject string, cost money.Amount) error {
	return b.post(ctx, q, posting{kind: "upstream_cost", subject: subject, entries: []entry{
		{account: UpstreamCost, amount: cost}, {account: UpstreamPayable, amount: cost.Neg()},
	}})
}
