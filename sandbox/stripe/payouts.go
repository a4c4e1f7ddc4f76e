package stripe

import (
	"fmt"
	"time"
)

// payout is money on its way from the account's balance to the bank, or back (below zero).
type payout struct {
	id, currency, status string
	amount               int64
	automatic            bool
	failure              string
	move, back           string
	created, arrives     int64
}

// The states of payouts.
const (
	inTransit = "in_transit"
	paid      = "paid"
)

// transitTime is how long a payout is on its way to the bank.
const transitTime = 24 * time.Hour

const oneDay = 24 * time.Hour

// payDays does what the days that have passed since the last look brought: at each midnight (UTC)
// what has been on the balance for long enough is paid out, and a payout a day old has arrived.
// The lock is held.
func (s *Server) payDays() {
	now := s.options.Clock.Now()
	for next := s.payDay.Add(oneDay); !next.After(now); next = next.Add(oneDay) {
		s.payDay = next
		s.arrive(next)
		for _, currency := range s.currencies() {
			s.payOut(next, currency)
		}
	}
	s.arrive(now)
}

// currencies are those of what is not paid out yet, in the order they came.
func (s *Server) currencies() []string {
	var found []string
	seen := map[string]bool{}
	for _, m := range s.unpaid() {
		if !seen[m.currency] {
			seen[m.currency] = true
			found = append(found, m.currency)
		}
	}
	return found
}

// unpaid are the movements that no payout has paid out, oldest first. Looking begins where the
// last one ended: what lies before is paid out.
func (s *Server) unpaid() []*movement {
	var found []*movement
	first := -1
	for i := s.paidUpTo; i < len(s.moves.order); i++ {
		m := s.moves.byID[s.moves.order[i]]
		if m.payout != "" {
			continue
		}
		if first < 0 {
			first = i
		}
		found = append(found, m)
	}
	if first < 0 {
		first = len(s.moves.order)
	}
	s.paidUpTo = first
	return found
}

// payOut pays out what has been on the balance for long enough, unless it comes to nothing.
func (s *Server) payOut(at time.Time, currency string) {
	ready := at.Add(-s.options.PayoutDelay).Unix()
	var moves []*movement
	sum := int64(0)
	for _, m := range s.unpaid() {
		if m.currency == currency && m.created <= ready {
			moves = append(moves, m)
			sum += m.net()
		}
	}
	if sum == 0 {
		return
	}
	p := s.newPayout(at, sum, currency)
	p.automatic = true
	for _, m := range moves {
		m.payout = p.id
	}
	s.moves.byID[p.move].payout = p.id
	s.happen("payout.created", s.showPayout(p, nil))
	s.happen("payout.reconciliation_completed", s.showPayout(p, nil))
}

func (s *Server) newPayout(at time.Time, amount int64, currency string) *payout {
	p := &payout{
		id: s.newID("po_"), currency: currency, status: inTransit, amount: amount, created: at.Unix(), arrives: at.Add(transitTime).Unix(),
	}
	s.payouts.put(p.id, p)
	m := s.move(movement{kind: "payout", category: "payout", source: p.id, currency: currency, amount: -amount})
	m.created, p.move = at.Unix(), m.id
	s.onTheWay = append(s.onTheWay, p)
	return p
}

// arrive has the payouts be on the bank that are due there.
func (s *Server) arrive(now time.Time) {
	kept := s.onTheWay[:0]
	for _, p := range s.onTheWay {
		switch {
		case p.status != inTransit:
		case p.arrives > now.Unix():
			kept = append(kept, p)
		case s.refusing:
			s.bounce(p, "account_closed")
		default:
			p.status = paid
			s.happen("payout.paid", s.showPayout(p, nil))
		}
	}
	s.onTheWay = kept
}

// bounce has the bank not take a payout: the money is on the balance again.
func (s *Server) bounce(p *payout, code string) {
	p.status, p.failure = failed, code
	p.back = s.move(movement{kind: "payout_failure", category: "payout_reversal", source: p.id, currency: p.currency, amount: p.amount}).id
	s.happen("payout.failed", s.showPayout(p, nil))
}

// RefusePayouts has the shop's bank take no payouts, or take them again.
func (s *Server) RefusePayouts(refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.payDays()
	s.refusing = refuse
}

// FailPayout has the bank send a payout back, also one that had arrived.
func (s *Server) FailPayout(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payouts.get(id)
	if !ok || p.status == failed {
		return fmt.Errorf("there is no payout %s to send back", id)
	}
	s.bounce(p, "account_closed")
	return nil
}

// PayOutByHand is a payout that the account's owner makes: Stripe does not say what it is made of.
func (s *Server) PayOutByHand(amount int64, currency string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.newPayout(s.options.Clock.Now(), amount, currency)
	s.moves.byID[p.move].payout = p.id
	s.happen("payout.created", s.showPayout(p, nil))
	return p.id
}

func (s *Server) getPayout(c call) (object, *apiError) {
	p, ok := s.payouts.get(c.id)
	if !ok {
		return nil, noSuch("payout", "id", c.id)
	}
	return s.showPayout(p, c.expand), nil
}

func (s *Server) listPayouts(c call) (object, *apiError) {
	status := c.form.text("status")
	found := s.payouts.newest(func(p *payout) bool {
		return (status == "" || p.status == status) && c.form.createdHolds(p.created)
	})
	return page(c, "/v1/payouts", found, func(p *payout) string { return p.id },
		func(p *payout) object { return s.showPayout(p, c.expand["data"]) })
}

func (s *Server) showPayout(p *payout, e expansion) object {
	o := object{
		"id": p.id, "object": "payout", "amount": p.amount, "currency": p.currency, "status": p.status, "automatic": p.automatic,
		"arrival_date": p.arrives, "created": p.created, "livemode": false, "method": "standard", "type": "bank_account",
		"reconciliation_status": "not_applicable", "failure_code": orNull(p.failure), "failure_balance_transaction": orNull(p.back),
		"metadata": object{}, "source_type": "card",
	}
	if p.automatic {
		o["reconciliation_status"] = "completed"
	}
	o["balance_transaction"] = link(p.move, e, "balance_transaction", func(sub expansion) (object, bool) {
		return shown(s.moves, p.move, func(m *movement) object { return s.showMovement(m, sub) })
	})
	return o
}

// Payouts are all payouts, oldest first; Status is Stripe's.
func (s *Server) Payouts() []Moved {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.payDays()
	out := make([]Moved, 0, len(s.payouts.order))
	for _, id := range s.payouts.order {
		p := s.payouts.byID[id]
		out = append(out, Moved{ID: p.id, Amount: p.amount, Currency: p.currency, Status: p.status, Created: time.Unix(p.created, 0).UTC()})
	}
	return out
}
