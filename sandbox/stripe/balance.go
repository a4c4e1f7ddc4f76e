package stripe

// movement is a balance transaction: what moved the account's balance, once.
type movement struct {
	id string
	// kind is Stripe's type, category its reporting category.
	kind, category string
	// source is the object that it is of; charge is that of a refund's or dispute's source.
	source, currency, description string
	amount, fee                   int64
	// payout is the one that has paid it out, empty until then.
	payout  string
	created int64
}

func (m *movement) net() int64 { return m.amount - m.fee }

// move puts a movement on the balance.
func (s *Server) move(m movement) *movement {
	m.id, m.created = s.newID("txn_"), s.now()
	s.moves.put(m.id, &m)
	return &m
}

// Charged has the provider itself take something of the balance (or, below zero, give back): a fee
// that belongs to no charge, or with another category than "fee" what a shop cannot know of. It
// gives the movement's id.
func (s *Server) Charged(amount int64, currency, category, description string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := "stripe_fee"
	if category != categoryFee {
		kind = "adjustment"
	}
	return s.move(movement{kind: kind, category: category, currency: currency, amount: -amount, description: description}).id
}

// categoryFee is the reporting category of fees that belong to no charge.
const categoryFee = "fee"

// Balance is what the account holds in a currency by now: all that moved it, payouts included.
func (s *Server) Balance(currency string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.payDays()
	sum := int64(0)
	for _, m := range s.moves.byID {
		if m.currency == currency {
			sum += m.net()
		}
	}
	return sum
}

func (s *Server) getBalance(c call) (object, *apiError) {
	m, ok := s.moves.get(c.id)
	if !ok {
		return nil, noSuch("balance transaction", "id", c.id)
	}
	return s.showMovement(m, c.expand), nil
}

// listBalances lists balance transactions; those of a payout have the payout's own among them.
func (s *Server) listBalances(c call) (object, *apiError) {
	payout, source, kind := c.form.text("payout"), c.form.text("source"), c.form.text("type")
	if payout != "" {
		p, ok := s.payouts.get(payout)
		if !ok {
			return nil, noSuch("payout", "payout", payout)
		}
		if !p.automatic {
			return nil, invalid("payout", "", "Balance transaction history can only be filtered on automatic transfers, not manual.")
		}
	}
	found := s.moves.newest(func(m *movement) bool {
		return (payout == "" || m.payout == payout) && (source == "" || m.source == source) && (kind == "" || m.kind == kind) && c.form.createdHolds(m.created)
	})
	return page(c, "/v1/balance_transactions", found, func(m *movement) string { return m.id },
		func(m *movement) object { return s.showMovement(m, c.expand["data"]) })
}

func (s *Server) showMovement(m *movement, e expansion) object {
	status := "pending"
	if m.payout != "" || m.created <= s.now()-s.options.PayoutDelay.Milliseconds()/1000 {
		status = "available"
	}
	o := object{
		"id": m.id, "object": "balance_transaction", "amount": m.amount, "fee": m.fee, "net": m.net(), "currency": m.currency,
		"type": m.kind, "reporting_category": m.category, "status": status, "created": m.created, "description": orNull(m.description),
	}
	o["source"] = link(m.source, e, "source", func(sub expansion) (object, bool) { return s.sourceOf(m.source, sub) })
	return o
}

// sourceOf shows the object that a movement is of.
func (s *Server) sourceOf(id string, e expansion) (object, bool) {
	if c, ok := s.charges.get(id); ok {
		return s.showCharge(c, e), true
	}
	if r, ok := s.refunds.get(id); ok {
		return s.showRefund(r, e), true
	}
	if d, ok := s.disputes.get(id); ok {
		return s.showDispute(d, e), true
	}
	if p, ok := s.payouts.get(id); ok {
		return s.showPayout(p, e), true
	}
	return nil, false
}
