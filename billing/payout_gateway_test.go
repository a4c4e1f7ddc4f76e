package billing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
)

// payer is the memory gateway whose provider also pays out.
type payer struct {
	*memory
	mu      sync.Mutex
	payouts []billing.PayoutStatus
	moves   map[string][]billing.Movement
	// page is how many movements a page has; after so many calls more, if any, all are refused.
	page, after int
	breaks      bool
}

var _ billing.PayoutLister = (*payer)(nil)

// paying is a shop whose card gateway pays out.
func paying(s *payer) option {
	return func(c *billing.Config) {
		s.memory, s.moves, s.page = c.Gateways[0].(*memory), map[string][]billing.Movement{}, 2
		c.Gateways[0] = s
	}
}

func (p *payer) called() error {
	if p.after--; p.breaks && p.after < 0 {
		return fault.Came(fault.Unavailable, "away", "The provider is away.")
	}
	return nil
}

func (p *payer) Payouts(_ context.Context, since time.Time) ([]billing.PayoutStatus, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []billing.PayoutStatus
	for _, o := range p.payouts {
		if !o.MadeAt.Before(since) {
			found = append(found, o)
		}
	}
	return found, p.called()
}

func (p *payer) FetchPayout(_ context.Context, reference string) (billing.PayoutStatus, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.payouts {
		if o.Reference == reference {
			return o, p.called()
		}
	}
	return billing.PayoutStatus{}, fault.Came(fault.Rejected, "no_such_payout", "")
}

func (p *payer) PayoutMovements(_ context.Context, reference, after string) ([]billing.Movement, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all, from := p.moves[reference], 0
	for i, m := range all {
		if m.Reference == after {
			from = i + 1
		}
	}
	to := min(from+p.page, len(all))
	return all[from:to], to < len(all), p.called()
}

// breakAfter has the provider be away after so many calls more; 0 has it back.
func (p *payer) breakAfter(calls int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.after, p.breaks = calls, calls > 0
}

// payOut pays movements out, in the shop's currency unless they say another.
func (p *payer) payOut(s *shop, moves ...billing.Movement) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	reference := fmt.Sprintf("po_%d", len(p.payouts)+1)
	sum := money.Zero(moves[0].Gross.Currency)
	for i := range moves {
		moves[i].Reference, moves[i].At = fmt.Sprintf("txn_%s_%d", reference, i), s.clock.Now()
		sum = sum.Add(moves[i].Gross).Sub(moves[i].Fee)
	}
	p.moves[reference] = moves
	p.payouts = append(p.payouts, billing.PayoutStatus{
		Reference: reference, State: billing.PayoutPaid, Amount: sum, Fee: money.Zero(sum.Currency), Automatic: true, Complete: true,
		MadeAt: s.clock.Now(), ArrivesAt: s.clock.Now().Add(24 * time.Hour),
	})
	return reference
}

// turn puts a payout at the provider into a state.
func (p *payer) turn(reference string, state billing.PayoutState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.payouts {
		if p.payouts[i].Reference == reference {
			p.payouts[i].State = state
		}
	}
}

func (p *payer) notice(s *shop, reference string) []byte {
	body, err := json.Marshal(billing.Notice{EventID: s.store.NewID("evt"), Kind: "payout", Payouts: []string{reference}})
	s.must(err)
	return body
}

// taken is the movement of a payment, with a fee.
func taken(p billing.Payment, gross, fee int64) billing.Movement {
	return billing.Movement{Kind: billing.MovedCharge, Source: "pi_" + p.ID, Payment: "pi_" + p.ID, Gross: eur(gross), Fee: eur(fee)}
}

// moved is any other movement.
func moved(kind billing.MovementKind, source, payment string, gross, fee int64) billing.Movement {
	return billing.Movement{Kind: kind, Source: source, Payment: payment, Gross: eur(gross), Fee: eur(fee)}
}
