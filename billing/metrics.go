package billing

import (
	"context"
	"fmt"
)

// PaymentCount is how many payments of a gateway are in a state.
type PaymentCount struct {
	Gateway string
	State   PaymentState
	Count   int64
}

// PaymentCounts counts all payments by gateway and state, for the metrics.
func (b *Billing) PaymentCounts(ctx context.Context) ([]PaymentCount, error) {
	rows, err := b.store.Read().PaymentStates(ctx)
	if err != nil {
		return nil, fmt.Errorf("count payments: %w", err)
	}
	out := make([]PaymentCount, 0, len(rows))
	for _, r := range rows {
		out = append(out, PaymentCount{Gateway: r.Gateway, State: PaymentState(r.State), Count: r.Payments})
	}
	return out, nil
}

// OpenPayoutLines counts the movements of payouts that are not matched with anything of the
// shop's, by each gateway whose provider pays out, for the metrics.
func (b *Billing) OpenPayoutLines(ctx context.Context) (map[string]int64, error) {
	rows, err := b.store.Read().PayoutLinesOpenCount(ctx)
	if err != nil {
		return nil, fmt.Errorf("count open lines of payouts: %w", err)
	}
	counts := map[string]int64{}
	for _, g := range b.gateways {
		if _, lists := g.(PayoutLister); lists {
			counts[g.Name()] = 0
		}
	}
	for _, r := range rows {
		counts[r.Gateway] = r.Lines
	}
	return counts, nil
}
