package billing

import (
	"context"
	"fmt"

	"hostfront/db"
)

// undone says that a movement is one of a charge that failed after it had moved the balance, as a
// SEPA debit may: the charge, or what took it back (below zero). The two cancel each other, and no
// money of a payment is in them. It holds where all the charges of the payment come to what it has
// brought; else a person looks.
func undone(ctx context.Context, q *db.Queries, l db.PayoutLine, p db.Payment) (bool, error) {
	lines, err := q.PayoutLinesOfSource(ctx, db.PayoutLinesOfSourceParams{Gateway: l.Gateway, Source: l.Source})
	if err != nil {
		return false, fmt.Errorf("movements of payment %s: %w", p.ID, err)
	}
	failed, sum := false, int64(0)
	for _, gross := range lines {
		failed, sum = failed || gross < 0, sum+gross
	}
	return failed && sum == p.Received && PaymentState(p.State).isFinal(), nil
}

// cancelled is a movement that another one has undone: nothing but its fee is booked.
func cancelled(l db.PayoutLine, p db.Payment) verdict {
	return verdict{
		state: LineMatched, subject: p.ID, fee: l.Fee, detail: "The charge failed after it had moved the balance: it and what took it back cancel each other.",
	}
}
