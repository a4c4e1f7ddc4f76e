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
	if len(i.types) == 0 {
		i.types = []string{typeCard, typeSEPA}
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
	return s.showSetup(i), nil
}

func (s *Server) getSetup(c call) (object, *apiError) {
	i, ok := s.setups.get(c.id)
	if !ok {
		return nil, noSuch("setupintent", "intent", c.id)
	}
	return s.showSetup(i), nil
}

func (s *Server) confirmSetupCall(c call) (object, *apiError) {
	i, ok := s.setups.get(c.id)
	if !ok {
		return nil, noSuch("setupintent", "intent", c.id)
	}
	if name := c.form.text("payment_method"); name != "" {
		m, refused := s.resolve(name)
		if refused != nil {
			return nil, refused
		}
		i.method = m.id
	}
	if refused := s.confirmSetup(i); refused != nil {
		return nil, refused
	}
	return s.showSetup(i), nil
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
		s.happen("setup_intent.setup_failed", s.showSetup(i))
		return e
	}
	if card.authenticate != never {
		i.status = needsAction
		s.happen("setup_intent.requires_action", s.showSetup(i))
		return nil
	}
	s.finishSetup(i, m)
	return nil
}

func (s *Server) finishSetup(i *setup, m *method) {
	i.status, i.lastError = succeeded, nil
	if i.customer != "" {
		m.customer, m.prepared = i.customer, true
	}
	s.happen("setup_intent.succeeded", s.showSetup(i))
}
