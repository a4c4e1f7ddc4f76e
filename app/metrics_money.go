package app

import (
	"context"
	"sync"
	"time"

	"hostfront/billing"
	"hostfront/clock"
)

// figuresLast is how long figures over whole tables are shown again: every scrape would
// go through all payments and the whole ledger otherwise.
const figuresLast = 30 * time.Second

// moneyFigures is what /metrics shows of the money.
type moneyFigures struct {
	payments []billing.PaymentCount
	// balance is the sum of the ledger in minor units.
	balance int64
	// payoutLines are the movements of payouts that wait for a person, by gateway.
	payoutLines map[string]int64
}

// moneyReader reads the figures at most once in figuresLast. An error is not remembered.
type moneyReader struct {
	steady clock.Clock
	read   func(ctx context.Context) (moneyFigures, error)

	mu   sync.Mutex
	last moneyFigures
	at   time.Time
}

func (r *moneyReader) figures(ctx context.Context) (moneyFigures, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.steady.Now()
	if !r.at.IsZero() && now.Sub(r.at) < figuresLast {
		return r.last, nil
	}
	figures, err := r.read(ctx)
	if err != nil {
		return moneyFigures{}, err
	}
	r.last, r.at = figures, now
	return figures, nil
}

// readMoney goes through the books.
func (a *App) readMoney(ctx context.Context) (moneyFigures, error) {
	counts, err := a.Billing.PaymentCounts(ctx)
	if err != nil {
		return moneyFigures{}, err
	}
	balance, err := a.Billing.LedgerBalance(ctx)
	if err != nil {
		return moneyFigures{}, err
	}
	lines, err := a.Billing.OpenPayoutLines(ctx)
	return moneyFigures{payments: counts, balance: balance, payoutLines: lines}, err
}
