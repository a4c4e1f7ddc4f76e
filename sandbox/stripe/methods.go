package stripe

import "strings"

func (s *Server) createMethod(c call) (object, *apiError) {
	if refused := c.form.needs("type"); refused != nil {
		return nil, refused
	}
	m, refused := s.newMethod(c.form.text("type"), c.form.text("card[number]"), c.form.text("sepa_debit[iban]"))
	if refused != nil {
		return nil, refused
	}
	return s.showMethod(m), nil
}

// newMethod makes a method that belongs to nobody yet.
func (s *Server) newMethod(kind, number, iban string) (*method, *apiError) {
	m := &method{id: s.newID("pm_"), kind: kind, created: s.now()}
	switch kind {
	case typeCard:
		if _, ok := testCards[number]; !ok {
			return nil, &apiError{status: 402, kind: kindCard, code: "incorrect_number", param: "card[number]", message: "Your card number is incorrect."}
		}
		m.card, m.last4 = number, number[len(number)-4:]
	case typeSEPA:
		if len(iban) < 15 {
			return nil, invalid("sepa_debit[iban]", "invalid_bank_account_iban", "The IBAN is invalid.")
		}
		m.country, m.last4 = strings.ToUpper(iban[:2]), iban[len(iban)-4:]
	case typeIDEAL, typeBancontact:
	default:
		return nil, invalid("type", "", "Invalid type: %s", kind)
	}
	s.methods.put(m.id, m)
	return m, nil
}

// resolve finds a method by id, or makes one from a name or number that Stripe has for
// testing: "pm_card_visa", "4242424242424242", "ideal".
func (s *Server) resolve(name string) (*method, *apiError) {
	if m, ok := s.methods.get(name); ok {
		return m, nil
	}
	switch {
	case testMethods[name] != "":
		return s.newMethod(typeCard, testMethods[name], "")
	case testCards[name].brand != "":
		return s.newMethod(typeCard, name, "")
	case name == typeIDEAL, name == typeBancontact:
		return s.newMethod(name, "", "")
	case name == typeSEPA:
		return s.newMethod(typeSEPA, "", "DE89370400440532013000")
	}
	return nil, noSuchParam("PaymentMethod", "payment_method", name)
}

func (s *Server) getMethod(c call) (object, *apiError) {
	m, ok := s.methods.get(c.id)
	if !ok {
		return nil, noSuch("PaymentMethod", "payment_method", c.id)
	}
	return s.showMethod(m), nil
}

func (s *Server) attachMethod(c call) (object, *apiError) {
	if refused := c.form.needs("customer"); refused != nil {
		return nil, refused
	}
	if refused := s.known(c.form.text("customer")); refused != nil {
		return nil, refused
	}
	m, refused := s.resolve(c.id)
	if refused != nil {
		return nil, noSuch("PaymentMethod", "payment_method", c.id)
	}
	// A card that its bank refuses cannot be saved, but for the one made to.
	if card := testCards[m.card]; card.decline != "" && !card.attaches {
		return nil, refusal(card.decline)
	}
	m.customer = c.form.text("customer")
	s.happen("payment_method.attached", s.showMethod(m))
	return s.showMethod(m), nil
}

func (s *Server) detachMethod(c call) (object, *apiError) {
	m, ok := s.methods.get(c.id)
	if !ok {
		return nil, noSuch("PaymentMethod", "payment_method", c.id)
	}
	if m.customer == "" {
		return nil, invalid("", "", "The payment method you provided is not attached to a customer so detachment is impossible.")
	}
	m.customer = ""
	s.happen("payment_method.detached", s.showMethod(m))
	return s.showMethod(m), nil
}

func (s *Server) listMethods(c call) (object, *apiError) {
	kind := c.form.text("type")
	found := s.methods.newest(func(m *method) bool { return m.customer == c.id && (kind == "" || m.kind == kind) })
	return page(c, "/v1/customers/"+c.id+"/payment_methods", found, func(m *method) string { return m.id }, s.showMethod)
}
