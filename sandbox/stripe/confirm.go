package stripe

// confirmCall is the API's confirm; a browser's goes through Confirm.
func (s *Server) confirmCall(c call) (object, *apiError) {
	i, ok := s.intents.get(c.id)
	if !ok {
		return nil, noSuch("payment_intent", "intent", c.id)
	}
	off, refused := c.form.yes("off_session")
	if refused != nil {
		return nil, refused
	}
	i.offSession = off
	if url := c.form.text("return_url"); url != "" {
		i.returnURL = url
	}
	if refused := s.confirmWith(i, c.form.text("payment_method")); refused != nil {
		return nil, refused
	}
	return s.showIntent(i, c.expand), nil
}

// confirmWith confirms an intent, with another method if one is named.
func (s *Server) confirmWith(i *intent, name string) *apiError {
	switch i.status {
	case succeeded, canceled, processing:
		return unexpectedState(i, "confirm")
	}
	if name != "" {
		m, refused := s.resolve(name)
		if refused == nil {
			refused = s.usable(i, m)
		}
		if refused != nil {
			return refused
		}
		i.method = m.id
	}
	return s.confirm(i)
}

// confirm tries to take the money with the intent's method.
func (s *Server) confirm(i *intent) *apiError {
	m, ok := s.methods.get(i.method)
	if !ok {
		return invalid("payment_method", "parameter_missing", "You cannot confirm this PaymentIntent because it's missing a payment method.")
	}
	if i.offSession && m.customer == "" {
		return invalid("payment_method", "payment_method_unexpected_state", "Only a payment method that is attached to a customer can be charged off-session.")
	}
	switch {
	case m.kind == typeSEPA:
		s.debit(i, m)
		return nil
	case m.kind != typeCard:
		if i.offSession {
			return invalid("payment_method", "payment_method_unexpected_state", "%s cannot be charged off-session.", m.kind)
		}
		s.askCustomer(i)
		return nil
	}
	return s.confirmCard(i, m)
}

func (s *Server) confirmCard(i *intent, m *method) *apiError {
	card := testCards[m.card]
	asks := card.authenticate == always || card.authenticate == unlessPrepared && !m.prepared
	switch {
	case asks && i.offSession:
		return s.fail(i, m, authenticationNeeded())
	case asks:
		s.askCustomer(i)
		return nil
	case card.decline != "":
		return s.fail(i, m, refusal(card.decline))
	}
	s.succeed(i, m)
	return nil
}

// askCustomer sends the customer to their bank.
func (s *Server) askCustomer(i *intent) {
	i.status = needsAction
	s.happen("payment_intent.requires_action", s.showIntent(i, nil))
}

// newCharge is an attempt to take the money.
func (s *Server) newCharge(i *intent, m *method, status string) *charge {
	c := &charge{
		id: s.newID("ch_"), intent: i.id, customer: i.customer, method: m.id, amount: i.amount,
		currency: i.currency, status: status, created: s.now(),
	}
	s.charges.put(c.id, c)
	i.charge = c.id
	return c
}

// succeed takes the money at once.
func (s *Server) succeed(i *intent, m *method) {
	s.collect(i, m, s.newCharge(i, m, succeeded))
}

// collect is what happens when the money of a charge is there.
func (s *Server) collect(i *intent, m *method, c *charge) {
	c.status = succeeded
	c.balance = s.move(movement{kind: "charge", category: "charge", source: c.id, currency: c.currency, amount: c.amount, fee: feeOf(c.amount)}).id
	i.status, i.received, i.lastError = succeeded, i.amount, nil
	s.save(i, m, c)
	s.happen("charge.succeeded", s.showCharge(c, nil))
	s.happen("payment_intent.succeeded", s.showIntent(i, nil))
	if card := testCards[m.card]; m.kind == typeCard && card.dispute != "" {
		status := needsResponse
		if card.inquiry {
			status = inquiry
		}
		s.openDispute(c, c.amount, card.dispute, status)
	}
}

// save keeps the method of an intent that was to be used again. iDEAL and Bancontact
// leave a SEPA mandate instead of themselves.
func (s *Server) save(i *intent, m *method, c *charge) {
	if i.futureUsage != offSessionUse || i.customer == "" {
		return
	}
	if m.kind != typeIDEAL && m.kind != typeBancontact {
		m.customer, m.prepared = i.customer, true
		return
	}
	c.mandate = s.newMandate(i.customer)
}

// newMandate is the SEPA mandate that iDEAL or Bancontact leaves a customer, by its method.
func (s *Server) newMandate(customer string) string {
	left := &method{
		id: s.newID("pm_"), kind: typeSEPA, customer: customer, country: "NL", last4: "4300", prepared: true, created: s.now(),
	}
	s.methods.put(left.id, left)
	return left.id
}

// debit starts a SEPA debit: the bank answers days later, see SettleDebit.
func (s *Server) debit(i *intent, m *method) {
	c := s.newCharge(i, m, pending)
	i.status, i.lastError = processing, nil
	s.save(i, m, c)
	s.happen("charge.pending", s.showCharge(c, nil))
	s.happen("payment_intent.processing", s.showIntent(i, nil))
}

// fail records a refused attempt and gives its error.
func (s *Server) fail(i *intent, m *method, e *apiError) *apiError {
	c := s.newCharge(i, m, failed)
	e.charge, e.method, e.intent = c.id, m.id, i.id
	c.failure, i.lastError = e, e
	i.status, i.method = needsMethod, ""
	s.happen("charge.failed", s.showCharge(c, nil))
	s.happen("payment_intent.payment_failed", s.showIntent(i, nil))
	return e
}

// feeOf is what Stripe keeps here: 25 and 1.5 %, never more than the charge.
func feeOf(amount int64) int64 { return min(amount, 25+amount/1000*15+amount%1000*15/1000) }
