package stripe

import "fmt"

// disputeFee is what Stripe keeps for a dispute here, and gives back when it is won.
const disputeFee = 2000

// answerDays is for how long evidence is taken.
const answerDays = 7

type dispute struct {
	id, intent, charge       string
	amount                   int64
	currency, status, reason string
	// moved are the balance transactions, in the order they happened.
	moved   []*movement
	due     int64
	created int64
}

// The states of disputes.
const (
	inquiry       = "warning_needs_response"
	inquiryClosed = "warning_closed"
	needsResponse = "needs_response"
	won           = "won"
	lost          = "lost"
)

// Dispute has the customer's bank dispute an amount of an intent that has succeeded; 0 is all of
// it. It gives the dispute's id.
func (s *Server) Dispute(intentID string, amount int64) (string, error) {
	id := ""
	err := s.act(intentID, func(i *intent) *apiError {
		c, ok := s.charges.get(i.charge)
		if !ok || i.status != succeeded {
			return unexpectedState(i, "dispute")
		}
		if amount == 0 {
			amount = c.amount
		}
		id = s.openDispute(c, amount, "fraudulent", needsResponse)
		return nil
	})
	return id, err
}

func (s *Server) openDispute(c *charge, amount int64, reason, status string) string {
	d := &dispute{
		id: s.newID("dp_"), intent: c.intent, charge: c.id, amount: amount, currency: c.currency, status: status, reason: reason,
		due: s.now() + answerDays*24*3600, created: s.now(),
	}
	if status == needsResponse {
		s.withdraw(d)
	}
	s.disputes.put(d.id, d)
	s.happen("charge.dispute.created", s.showDispute(d, nil))
	if status == needsResponse {
		s.happen("charge.dispute.funds_withdrawn", s.showDispute(d, nil))
	}
	return d.id
}

// withdraw takes what is disputed, and the fee.
func (s *Server) withdraw(d *dispute) {
	d.moved = append(d.moved, s.move(movement{
		kind: "adjustment", category: "dispute", source: d.id, currency: d.currency, amount: -d.amount, fee: disputeFee,
	}))
}

// CloseDispute is the decision of the customer's bank: an inquiry that is not won becomes a
// dispute, and one that was lost may be won after all.
func (s *Server) CloseDispute(id string, favourable bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.disputes.get(id)
	if !ok {
		return fmt.Errorf("there is no dispute %s", id)
	}
	switch {
	case d.status == inquiry && favourable:
		d.status = inquiryClosed
	case d.status == inquiry:
		d.status = needsResponse
		s.withdraw(d)
		s.happen("charge.dispute.funds_withdrawn", s.showDispute(d, nil))
		return nil
	case (d.status == needsResponse || d.status == lost) && favourable: // a bank may take its decision back
		d.status = won
		d.moved = append(d.moved, s.move(movement{
			kind: "adjustment", category: "dispute_reversal", source: d.id, currency: d.currency, amount: d.amount, fee: -disputeFee,
		}))
		s.happen("charge.dispute.funds_reinstated", s.showDispute(d, nil))
	case d.status == needsResponse:
		d.status = lost
	default:
		return fmt.Errorf("dispute %s is %s", id, d.status)
	}
	s.happen("charge.dispute.closed", s.showDispute(d, nil))
	return nil
}

func (s *Server) getDispute(c call) (object, *apiError) {
	d, ok := s.disputes.get(c.id)
	if !ok {
		return nil, noSuch("dispute", "id", c.id)
	}
	return s.showDispute(d, c.expand), nil
}

func (s *Server) listDisputes(c call) (object, *apiError) {
	intent, ch := c.form.text("payment_intent"), c.form.text("charge")
	found := s.disputes.newest(func(d *dispute) bool {
		return (intent == "" || d.intent == intent) && (ch == "" || d.charge == ch) && c.form.createdHolds(d.created)
	})
	return page(c, "/v1/disputes", found, func(d *dispute) string { return d.id },
		func(d *dispute) object { return s.showDispute(d, c.expand["data"]) })
}

func (s *Server) showDispute(d *dispute, e expansion) object {
	moved := make([]object, 0, len(d.moved))
	for _, m := range d.moved {
		moved = append(moved, s.showMovement(m, nil))
	}
	o := object{
		"id": d.id, "object": "dispute", "amount": d.amount, "currency": d.currency, "charge": d.charge, "status": d.status,
		"reason": d.reason, "created": d.created, "livemode": false, "is_charge_refundable": d.status == inquiry,
		"balance_transactions": moved, "evidence_details": object{"due_by": d.due, "has_evidence": false, "past_due": false, "submission_count": 0},
		"metadata": object{},
	}
	o["payment_intent"] = link(d.intent, e, "payment_intent", func(sub expansion) (object, bool) {
		return shown(s.intents, d.intent, func(i *intent) object { return s.showIntent(i, sub) })
	})
	return o
}

// Disputes are all disputes, oldest first; Status is Stripe's.
func (s *Server) Disputes() []Moved {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Moved, 0, len(s.disputes.order))
	for _, id := range s.disputes.order {
		d := s.disputes.byID[id]
		out = append(out, Moved{ID: d.id, Intent: d.intent, Amount: d.amount, Currency: d.currency, Status: d.status})
	}
	return out
}
