package stripe

func (s *Server) createRefund(c call) (object, *apiError) {
	ch, refused := s.refundable(c.form)
	if refused != nil {
		return nil, refused
	}
	left := ch.amount - ch.refunded
	amount, refused := c.form.number("amount", left)
	switch {
	case refused != nil:
		return nil, refused
	case left == 0:
		e := invalid("", "charge_already_refunded", "Charge %s has already been refunded.", ch.id)
		e.charge = ch.id
		return nil, e
	case amount <= 0:
		return nil, invalid("amount", "parameter_invalid_integer", "Invalid positive integer")
	case amount > left:
		return nil, invalid("amount", "", "Refund amount is greater than unrefunded amount on charge (%d of %d %s)", amount, left, ch.currency)
	}
	switch reason := c.form.text("reason"); reason {
	case "", "duplicate", "fraudulent", "requested_by_customer":
	default:
		return nil, invalid("reason", "", "Invalid reason: %s", reason)
	}
	r := &refund{
		id: s.newID("re_"), intent: ch.intent, charge: ch.id, amount: amount, currency: ch.currency,
		status: succeeded, reason: c.form.text("reason"), metadata: c.form.metadata(), created: s.now(),
	}
	if m, ok := s.methods.get(ch.method); ok && m.kind != typeCard {
		r.status = pending
	}
	ch.refunded += amount
	s.refunds.put(r.id, r)
	s.move(movement{kind: "refund", category: "refund", source: r.id, currency: r.currency, amount: -amount})
	s.happen("refund.created", s.showRefund(r, nil))
	s.happen("charge.refunded", s.showCharge(ch, nil))
	return s.showRefund(r, c.expand), nil
}

// refundable finds the charge that is to go back.
func (s *Server) refundable(f form) (*charge, *apiError) {
	id := f.text("charge")
	if name := f.text("payment_intent"); name != "" {
		i, ok := s.intents.get(name)
		if !ok {
			return nil, noSuch("payment_intent", "payment_intent", name)
		}
		if i.status != succeeded {
			return nil, invalid("payment_intent", "payment_intent_unexpected_state", "This PaymentIntent (%s) does not have a successful charge to refund.", name)
		}
		id = i.charge
	}
	if id == "" {
		return nil, invalid("", "parameter_missing", "One of the following params should be provided for this request: payment_intent or charge.")
	}
	ch, ok := s.charges.get(id)
	if !ok {
		return nil, noSuch("charge", "charge", id)
	}
	if ch.status != succeeded {
		return nil, invalid("charge", "", "Charge %s is not successful.", id)
	}
	return ch, nil
}

func (s *Server) getRefund(c call) (object, *apiError) {
	r, ok := s.refunds.get(c.id)
	if !ok {
		return nil, noSuch("refund", "id", c.id)
	}
	return s.showRefund(r, c.expand), nil
}

func (s *Server) listRefunds(c call) (object, *apiError) {
	intent, ch := c.form.text("payment_intent"), c.form.text("charge")
	if _, ok := s.intents.get(intent); intent != "" && !ok {
		return nil, noSuchParam("payment_intent", "payment_intent", intent)
	}
	found := s.refunds.newest(func(r *refund) bool {
		return (intent == "" || r.intent == intent) && (ch == "" || r.charge == ch) && c.form.createdHolds(r.created)
	})
	return page(c, "/v1/refunds", found, func(r *refund) string { return r.id },
		func(r *refund) object { return s.showRefund(r, c.expand["data"]) })
}

func (s *Server) getCharge(c call) (object, *apiError) {
	ch, ok := s.charges.get(c.id)
	if !ok {
		return nil, noSuch("charge", "id", c.id)
	}
	return s.showCharge(ch, c.expand), nil
}
