package stripe

import "strings"

func (s *Server) showCustomer(c *customer) object {
	return object{
		"id": c.id, "object": "customer", "email": orNull(c.email), "name": orNull(c.name),
		"metadata": c.metadata, "created": c.created, "livemode": false,
	}
}

func (s *Server) showMethod(m *method) object {
	o := object{
		"id": m.id, "object": "payment_method", "type": m.kind, "customer": orNull(m.customer),
		"created": m.created, "livemode": false, "metadata": object{},
	}
	o[m.kind] = methodDetails(m)
	return o
}

func methodDetails(m *method) object {
	switch m.kind {
	case typeCard:
		return object{
			"brand": testCards[m.card].brand, "last4": m.last4, "exp_month": 12, "exp_year": 2034,
			"country": "NL", "funding": "credit", "fingerprint": "fp_" + m.last4,
		}
	case typeSEPA:
		return object{"country": m.country, "last4": m.last4, "bank_code": "", "branch_code": "", "fingerprint": "fp_" + m.last4}
	}
	return object{}
}

func (s *Server) showIntent(i *intent, e expansion) object {
	o := object{
		"id": i.id, "object": "payment_intent", "amount": i.amount, "amount_received": i.received, "amount_capturable": 0,
		"currency": i.currency, "status": i.status, "client_secret": i.secret, "description": orNull(i.description),
		"statement_descriptor_suffix": orNull(i.suffix), "payment_method_types": i.types, "capture_method": "automatic",
		"confirmation_method": "automatic", "setup_future_usage": orNull(i.futureUsage), "metadata": i.metadata,
		"created": i.created, "livemode": false, "cancellation_reason": orNull(i.cancelReason),
		"canceled_at": nil, "last_payment_error": nil, "next_action": nil, "automatic_payment_methods": nil,
	}
	if i.canceledAt != 0 {
		o["canceled_at"] = i.canceledAt
	}
	if i.automatic {
		o["automatic_payment_methods"] = object{"enabled": true, "allow_redirects": "always"}
	}
	if i.lastError != nil {
		shown := *i.lastError
		shown.intent = ""
		o["last_payment_error"] = s.errorObject(&shown)
	}
	if i.status == needsAction {
		o["next_action"] = object{"type": "redirect_to_url", "redirect_to_url": object{
			"url": "https://hooks.stripe.com/redirect/" + i.id, "return_url": orNull(i.returnURL),
		}}
	}
	o["customer"] = link(i.customer, e, "customer", func(expansion) (object, bool) { return shown(s.customers, i.customer, s.showCustomer) })
	o["payment_method"] = link(i.method, e, "payment_method", func(expansion) (object, bool) { return shown(s.methods, i.method, s.showMethod) })
	o["latest_charge"] = link(i.charge, e, "latest_charge", func(sub expansion) (object, bool) {
		return shown(s.charges, i.charge, func(c *charge) object { return s.showCharge(c, sub) })
	})
	return o
}

func (s *Server) showSetup(i *setup, e expansion) object {
	o := object{
		"id": i.id, "object": "setup_intent", "status": i.status, "client_secret": i.secret, "usage": offSessionUse,
		"customer": orNull(i.customer), "payment_method_types": i.types, "cancellation_reason": orNull(i.cancelReason),
		"metadata": i.metadata, "created": i.created, "livemode": false, "last_setup_error": nil, "next_action": nil,
	}
	if i.lastError != nil {
		o["last_setup_error"] = s.errorObject(i.lastError)
	}
	if i.status == needsAction {
		o["next_action"] = object{"type": "redirect_to_url", "redirect_to_url": object{"url": "https://hooks.stripe.com/redirect/" + i.id}}
	}
	o["payment_method"] = link(i.method, e, "payment_method", func(expansion) (object, bool) { return shown(s.methods, i.method, s.showMethod) })
	o["latest_attempt"] = link(attemptOf(i), e, "latest_attempt", func(expansion) (object, bool) { return s.showAttempt(i) })
	return o
}

// attemptOf is the id of a setup's last attempt, empty before there is one.
func attemptOf(i *setup) string {
	if i.method == "" {
		return ""
	}
	return "setatt_" + strings.TrimPrefix(i.id, "seti_")
}

// showAttempt is the last attempt of a setup, with the mandate that it generated.
func (s *Server) showAttempt(i *setup) (object, bool) {
	m, ok := s.methods.get(i.method)
	if !ok {
		return nil, false
	}
	details := object{}
	if i.mandate != "" {
		details["generated_sepa_debit"] = i.mandate
	}
	return object{
		"id": attemptOf(i), "object": "setup_attempt", "status": i.status, "setup_intent": i.id, "payment_method": m.id,
		"payment_method_details": object{"type": m.kind, m.kind: details}, "created": i.created, "livemode": false,
	}, true
}

func (s *Server) showCharge(c *charge, e expansion) object {
	o := object{
		"id": c.id, "object": "charge", "amount": c.amount, "amount_captured": 0, "amount_refunded": c.refunded,
		"currency": c.currency, "status": c.status, "paid": c.status == succeeded, "captured": c.status == succeeded,
		"refunded": c.refunded == c.amount, "payment_intent": c.intent, "payment_method": orNull(c.method),
		"customer": orNull(c.customer), "created": c.created, "livemode": false, "disputed": false,
		"failure_code": nil, "failure_message": nil, "payment_method_details": s.showDetails(c),
	}
	if c.status == succeeded {
		o["amount_captured"] = c.amount
	}
	if c.failure != nil {
		o["failure_code"], o["failure_message"] = c.failure.code, c.failure.message
	}
	o["balance_transaction"] = link(c.balance, e, "balance_transaction", func(sub expansion) (object, bool) {
		return shown(s.moves, c.balance, func(m *movement) object { return s.showMovement(m, sub) })
	})
	return o
}

// showDetails are the method's details in the charge, the generated mandate included.
func (s *Server) showDetails(c *charge) any {
	m, ok := s.methods.get(c.method)
	if !ok {
		return nil
	}
	details := methodDetails(m)
	if m.kind == typeIDEAL || m.kind == typeBancontact {
		details["generated_sepa_debit"], details["generated_sepa_debit_mandate"] = orNull(c.mandate), nil
		if c.mandate != "" {
			details["generated_sepa_debit_mandate"] = "mandate_" + c.mandate
		}
	}
	return object{"type": m.kind, m.kind: details}
}

func (s *Server) showRefund(r *refund, e expansion) object {
	o := object{
		"id": r.id, "object": "refund", "amount": r.amount, "currency": r.currency, "status": r.status,
		"charge": r.charge, "reason": orNull(r.reason), "metadata": r.metadata, "created": r.created,
	}
	if r.failure != "" {
		o["failure_reason"] = r.failure
	}
	o["payment_intent"] = link(r.intent, e, "payment_intent", func(sub expansion) (object, bool) {
		return shown(s.intents, r.intent, func(i *intent) object { return s.showIntent(i, sub) })
	})
	return o
}

func shown[T any](from *shelf[T], id string, show func(*T) object) (object, bool) {
	v, ok := from.get(id)
	if !ok {
		return nil, false
	}
	return show(v), true
}

// orNull is JSON's null for an empty string.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
