package billing

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"hostfront/db"
)

// Series names the documents of one kind: each year is a series of its own, gapless
// from 1. "HF" in 2026 gives HF2026-000001.
type Series struct {
	// Invoice, CreditNote and Receipt (of credit bought and paid back) are the prefixes; they
	// must differ.
	Invoice, CreditNote, Receipt string
}

func (s Series) differ() bool {
	return s.Invoice != "" && s.CreditNote != "" && s.Receipt != "" &&
		s.Invoice != s.CreditNote && s.CreditNote != s.Receipt && s.Receipt != s.Invoice
}

// legalNumber is a number of a series: Text is what stands on the document.
type legalNumber struct {
	series string
	number int64
	text   string
}

// nextNumber gives the next number of a series. The series' row stays locked until
// the transaction ends, so that this is the last thing a transaction does but for
// the row that carries the number; a rollback gives the number back.
func (b *Billing) nextNumber(ctx context.Context, q *db.Queries, prefix string, at time.Time) (legalNumber, error) {
	series := prefix + strconv.Itoa(at.Year())
	n, err := q.NumberNext(ctx, series)
	if err != nil {
		return legalNumber{}, fmt.Errorf("number of series %s: %w", series, err)
	}
	return legalNumber{series: series, number: n, text: fmt.Sprintf("%s-%06d", series, n)}, nil
}
