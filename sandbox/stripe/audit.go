package stripe

import "time"

// Moved is money that was taken or sent back, as an audit wants it.
type Moved struct {
	ID, Intent, Customer, Method string
	// Amount is in Stripe's smallest units of Currency (lower case).
	Amount   int64
	Currency string
	// Status is succeeded, pending or failed; Stripe's own of a dispute or payout.
	Status string
	// Created is when a payout was made.
	Created time.Time
	// Metadata is that of the intent, or of the refund.
	Metadata map[string]string
}

// Charges are all attempts to take money, the refused ones included, oldest first.
func (s *Server) Charges() []Moved {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Moved, 0, len(s.charges.order))
	for _, id := range s.charges.order {
		c := s.charges.byID[id]
		m := Moved{ID: c.id, Intent: c.intent, Customer: c.customer, Method: c.method, Amount: c.amount, Currency: c.currency, Status: c.status}
		if i, ok := s.intents.get(c.intent); ok {
			m.Metadata = i.metadata
		}
		out = append(out, m)
	}
	return out
}

// Refunds are all refunds, oldest first.
func (s *Server) Refunds() []Moved {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Moved, 0, len(s.refunds.order))
	for _, id := range s.refunds.order {
		r := s.refunds.byID[id]
		out = append(out, Moved{ID: r.id, Intent: r.intent, Amount: r.amount, Currency: r.currency, Status: r.status, Metadata: r.metadata})
	}
	return out
}

// Intents are the ids of all payment intents, oldest first.
func (s *Server) Intents() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.intents.order...)
}

// Customers are the ids of all customers, oldest first.
func (s *Server) Customers() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.customers.order...)
}

// Requests is how many calls of the API have been made.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Saved is a card that is kept for a customer.
type Saved struct {
	ID string
	// Card is the test number that decides what it does.
	Card string
}

// SavedCards are the cards kept for the customers with an address, oldest first.
func (s *Server) SavedCards(email string) []Saved {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Saved
	for _, id := range s.methods.order {
		m := s.methods.byID[id]
		if c, ok := s.customers.get(m.customer); ok && c.email == email && m.kind == typeCard {
			out = append(out, Saved{ID: m.id, Card: m.card})
		}
	}
	return out
}

// Setups are the ids of all setup intents, oldest first.
func (s *Server) Setups() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.setups.order...)
}

// Attached are the ids of the methods that a customer has, oldest first.
func (s *Server) Attached(customerID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, id := range s.methods.order {
		if m := s.methods.byID[id]; customerID != "" && m.customer == customerID {
			ids = append(ids, id)
		}
	}
	return ids
}
