package stripe

func (s *Server) createSetup(c call) (object, *apiError) {
	if refused := s.known(c.form.text("customer")); refused != nil {
		return nil, refused
	}
	confirm, refused := c.form.yes("confirm")
	if refused != nil {
		return nil, refused
	}
	i := &setup{
		id: s.newID("seti_"), customer: c.form.text("customer"), status: needsMethod,
		types: c.form.list("payment_method_types"), metadata: c.form.metadata(), created: s.now(),
	}
	automatic, refused := c.form.yes("automatic_payment_methods[enabled]")
	switch {
	case refused != nil:
		return nil, refused
	case automatic && len(i.types) > 0:
		return nil, invalid("automatic_payment_methods", "", "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.")
	case len(i.types) == 0:
		i.types = offered("eur")
	}
	i.secret = i.id + "_secret_" + s.newID("")
	if name := c.form.text("payment_method"); name != "" {
		m, refused := s.resolve(name)
		if refused != nil {
			return nil, refused
		}
		i.method, i.status = m.id, needsConfirm
	}
	s.setups.put(i.id, i)
	if confirm {
		if refused := s.confirmSetup(i); refused != nil {
			return nil, refused
		}
	}
	return s.showSetup(i, c.expand), nil
}

func (s *Server) getSetup(c call) (object, *apiError) {
	i, ok := s.setups.get(c.id)
	if !ok {
		return nil, noSuch("setupintent", "intent", c.id)
	}
	return s.showSetup(i, c.expand), nil
}

func (s *Server) listSetups(c call) (object, *apiError) {
	customer := c.form.text("customer")
	if refused := s.known(customer); refused != nil {
		return nil, refused
	}
	found := s.setups.newest(func(i *setup) bool {
		return (customer == "" || i.customer == customer) && c.form.createdHolds(i.created)
	})
	return page(c, "/v1/setup_intents", found, func(i *setup) string { return i.id },
		func(i *setup) object { return s.showSetup(i, c.expand["data"]) })
}

func (s *Server) cancelSetup(c call) (object, *apiError) {
	i, ok := s.setups.get(c.id)
	if !ok {
		return nil, noSuch("setupintent", "intent", c.id)
	}
	if i.status == succeeded || i.status == canceled {
		return nil, invalid("", "setup_intent_unexpected_state", "You cannot cancel this SetupIntent because it has a status of %s.", i.status)
	}
	i.status, i.cancelReason = canceled, c.form.text("cancellation_reason")
	s.happen("setup_intent.canceled", s.showSetup(i, nil))
	return s.showSetup(i, c.expand), nil
}

func (s *Server) confirmSetupCall(c call) (object, *apiError) {
	i, ok := s.setups.get(c.id)
	if !ok {
		return nil, noSuch("setupintent", "intent", c.id)
	}
	if refused := s.confirmSetupWith(i, c.form.text("payment_method")); refused != nil {
		return nil, refused
	}
	return s.showSetup(i, c.expand), nil
}

// confirmSetupWith confirms a setup, with another method if one is named.
func (s *Server) confirmSetupWith(i *setup, name string) *apiError {
	if name != "" {
		m, refused := s.resolve(name)
		if refused != nil {
			return refused
		}
		if m.customer != "" && m.customer != i.customer {
			return invalid("payment_method", "payment_method_unexpected_state", "The payment method belongs to another customer.")
		}
		i.method = m.id
	}
	return s.confirmSetup(i)
}

// confirmSetup saves a method without taking money.
func (s *Server) confirmSetup(i *setup) *apiError {
	m, ok := s.methods.get(i.method)
	if !ok {
		return invalid("payment_method", "parameter_missing", "You cannot confirm this SetupIntent because it's missing a payment method.")
	}
	if i.status == succeeded || i.status == canceled {
		return invalid("", "setup_intent_unexpected_state", "You cannot confirm this SetupIntent because it has a status of %s.", i.status)
	}
	card := testCards[m.card]
	if card.decline != "" && !card.attaches {
		e := refusal(card.decline)
		e.method = m.id
		i.lastError, i.status, i.method = e, needsMethod, ""
		s.happen("setup_intent.setup_failed", s.showSetup(i, nil))
		return e
	}
	if card.authenticate != never || m.kind == typeIDEAL || m.kind == typeBancontact {
		i.status = needsAction
		s.happen("setup_intent.requires_action", s.showSetup(i, nil))
		return nil
	}
	s.finishSetup(i, m)
	return nil
}

func (s *Server) finishSetup(i *setup, m *method) {
	i.status, i.lastError = succeeded, nil
	if m.kind == typeIDEAL || m.kind == typeBancontact {
		i.mandate = s.newMandate(i.customer)
	} else if i.customer != "" {
		m.customer, m.prepared = i.customer, true
	}
	s.happen("setup_intent.succeeded", s.showSetup(i, nil))
}
