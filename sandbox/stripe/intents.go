package stripe

import (
	"regexp"
	"slices"
	"strings"
)

// offered are the methods that automatic payment methods bring, euro ones in euro only.
func offered(currency string) []string {
	if currency == "eur" {
		return []string{typeCard, typeIDEAL, typeBancontact, typeSEPA}
	}
	return []string{typeCard}
}

// leastAmount is the smallest charge in the currencies that the stand-in knows it of.
var leastAmount = map[string]int64{"eur": 50, "usd": 50, "gbp": 30, "jpy": 50}

var currencyCode = regexp.MustCompile(`^[a-z]{3}$`)

func (s *Server) createIntent(c call) (object, *apiError) {
	f := c.form
	i, refused := s.newIntent(f)
	if refused != nil {
		return nil, refused
	}
	confirm, refused := f.yes("confirm")
	if refused == nil {
		i.offSession, refused = f.yes("off_session")
	}
	if refused != nil {
		return nil, refused
	}
	if i.offSession && !confirm {
		return nil, invalid("off_session", "", "The parameter off_session cannot be passed when creating a PaymentIntent unless confirm is set to true.")
	}
	if name := f.text("payment_method"); name != "" {
		m, refused := s.resolve(name)
		if refused == nil {
			refused = s.usable(i, m)
		}
		if refused != nil {
			return nil, refused
		}
		i.method, i.status = m.id, needsConfirm
	}
	s.intents.put(i.id, i)
	s.happen("payment_intent.created", s.showIntent(i, nil))
	if confirm {
		if refused := s.confirm(i); refused != nil {
			return nil, refused
		}
	}
	return s.showIntent(i, c.expand), nil
}

// newIntent reads what is asked for.
func (s *Server) newIntent(f form) (*intent, *apiError) {
	if refused := f.needs("amount", "currency"); refused != nil {
		return nil, refused
	}
	amount, refused := f.number("amount", 0)
	if refused != nil {
		return nil, refused
	}
	currency := strings.ToLower(f.text("currency"))
	if !currencyCode.MatchString(currency) {
		return nil, invalid("currency", "", "Invalid currency: %s", f.text("currency"))
	}
	if amount < max(1, leastAmount[currency]) {
		return nil, invalid("amount", "amount_too_small", "Amount must be at least %d %s", leastAmount[currency], currency)
	}
	if refused := s.known(f.text("customer")); refused != nil {
		return nil, refused
	}
	i := &intent{
		id: s.newID("pi_"), amount: amount, currency: currency, customer: f.text("customer"),
		description: f.text("description"), suffix: f.text("statement_descriptor_suffix"),
		futureUsage: f.text("setup_future_usage"), returnURL: f.text("return_url"),
		status: needsMethod, metadata: f.metadata(), created: s.now(),
	}
	i.secret = i.id + "_secret_" + s.newID("")
	return i, i.setTypes(f)
}

// setTypes says which methods may pay the intent.
func (i *intent) setTypes(f form) *apiError {
	explicit := f.list("payment_method_types")
	automatic, refused := f.yes("automatic_payment_methods[enabled]")
	if refused != nil {
		return refused
	}
	if automatic && len(explicit) > 0 {
		return invalid("automatic_payment_methods", "", "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.")
	}
	i.automatic, i.excluded = automatic || len(explicit) == 0, f.list("excluded_payment_method_types")
	i.types = explicit
	if i.automatic {
		i.types = slices.DeleteFunc(offered(i.currency), func(t string) bool { return slices.Contains(i.excluded, t) })
	}
	for _, t := range i.types {
		if !slices.Contains(offered(i.currency), t) {
			return invalid("payment_method_types", "payment_intent_invalid_currency", "The payment method type %s cannot be used with %s.", t, i.currency)
		}
	}
	return nil
}

// usable refuses a method that belongs to another or is of a type not offered.
func (s *Server) usable(i *intent, m *method) *apiError {
	if m.customer != "" && m.customer != i.customer {
		return invalid("payment_method", "payment_method_unexpected_state", "The payment method belongs to another customer.")
	}
	if !slices.Contains(i.types, m.kind) {
		return invalid("payment_method", "payment_intent_incompatible_payment_method", "The payment method type %s is not among those of the PaymentIntent.", m.kind)
	}
	return nil
}

func (s *Server) getIntent(c call) (object, *apiError) {
	i, ok := s.intents.get(c.id)
	if !ok {
		return nil, noSuch("payment_intent", "intent", c.id)
	}
	return s.showIntent(i, c.expand), nil
}

func (s *Server) listIntents(c call) (object, *apiError) {
	customer := c.form.text("customer")
	if refused := s.known(customer); refused != nil {
		return nil, refused
	}
	found := s.intents.newest(func(i *intent) bool {
		return (customer == "" || i.customer == customer) && c.form.createdHolds(i.created)
	})
	return page(c, "/v1/payment_intents", found, func(i *intent) string { return i.id },
		func(i *intent) object { return s.showIntent(i, c.expand["data"]) })
}

func (s *Server) cancelIntent(c call) (object, *apiError) {
	i, ok := s.intents.get(c.id)
	if !ok {
		return nil, noSuch("payment_intent", "intent", c.id)
	}
	switch i.status {
	case succeeded, canceled, processing:
		return nil, unexpectedState(i, "cancel")
	}
	i.status, i.cancelReason, i.canceledAt = canceled, c.form.text("cancellation_reason"), s.now()
	s.happen("payment_intent.canceled", s.showIntent(i, nil))
	return s.showIntent(i, c.expand), nil
}
