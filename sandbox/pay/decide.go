package pay

import "hostfront/money"

// Choice is what the customer does on the page.
type Choice string

// The choices; Confirm and Refuse answer a challenge.
const (
	ChoosePay       Choice = "pay"
	ChooseDecline   Choice = "decline"
	ChooseChallenge Choice = "challenge"
	ChooseConfirm   Choice = "confirm"
	ChooseRefuse    Choice = "refuse"
)

// Decide does what the customer chose. A payment that is decided stays as it is. The
// behaviour is that of the method that is saved, if one is.
func (s *Server) Decide(id string, choice Choice, behaviour Behaviour) (Payment, error) {
	p, changed, f := s.decide(id, choice, behaviour)
	if f != nil {
		return p, f
	}
	if changed {
		s.notify(paymentEvent(p))
	}
	return p, nil
}

func (s *Server) decide(id string, choice Choice, behaviour Behaviour) (Payment, bool, *failure) {
	if _, ok := declines[behaviour]; !ok {
		return Payment{}, false, refuse("behaviour_unknown")
	}
	method, err := s.newID("sbm_")
	if err != nil {
		return Payment{}, false, internal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payments[id]
	if !ok {
		return Payment{}, false, missing()
	}
	if p.State != Open && p.State != Challenged {
		return *p, false, nil
	}
	switch {
	case choice == ChoosePay && p.State == Open, choice == ChooseConfirm && p.State == Challenged:
		return s.paid(p, method, behaviour)
	case choice == ChooseDecline && p.State == Open:
		p.State, p.Decline = Declined, Decline{Class: "soft", Code: "card_declined"}
	case choice == ChooseRefuse && p.State == Challenged:
		p.State, p.Decline = Declined, Decline{Class: "authentication", Code: "authentication_failed"}
	case choice == ChooseChallenge && p.State == Open:
		p.State = Challenged
	default:
		return *p, false, refuse("choice_unknown")
	}
	return *p, true, s.keep(entry{Payment: p})
}

// paid takes the money, and keeps the method when the shop asked for it.
func (s *Server) paid(p *Payment, method string, behaviour Behaviour) (Payment, bool, *failure) {
	p.State, p.Fee, p.Refunded = Paid, feeOf(p.Amount), money.Zero(p.Amount.Currency)
	entries := []entry{{Payment: p}}
	if p.SaveMethod {
		p.Method = method
		m := s.newMethod(method, p.Customer, behaviour)
		entries = append(entries, entry{Method: m})
	}
	return *p, true, s.keep(entries...)
}

// SetMethod says how a saved method behaves from the next charge on.
func (s *Server) SetMethod(id string, behaviour Behaviour) error {
	if f := s.setMethod(id, behaviour); f != nil {
		return f
	}
	return nil
}

func (s *Server) setMethod(id string, behaviour Behaviour) *failure {
	if _, ok := declines[behaviour]; !ok {
		return refuse("behaviour_unknown")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.methods[id]
	if !ok {
		return missing()
	}
	m.Behaviour = behaviour
	return s.keep(entry{Method: m})
}
