package stripe

import (
	"errors"
	"fmt"
)

// The customer's browser and the customer's bank, for tests and the demo.

// Confirm does what Stripe.js does with a client secret: it confirms an intent with a
// method. That is a test number ("4242424242424242"), one of Stripe's names for it
// ("pm_card_visa"), "ideal", "bancontact", "sepa_debit", or a saved method's id. A
// decline is an error, and the intent can be confirmed again; after 3-D Secure, iDEAL
// and Bancontact the intent waits for Authenticate.
func (s *Server) Confirm(intentID, method string) error {
	return s.act(intentID, func(i *intent) *apiError {
		i.offSession = false
		return s.confirmWith(i, method)
	})
}

// Authenticate is the customer's answer at their bank.
func (s *Server) Authenticate(intentID string, agreed bool) error {
	return s.act(intentID, func(i *intent) *apiError {
		m, ok := s.methods.get(i.method)
		if !ok || i.status != needsAction {
			return unexpectedState(i, "authenticate")
		}
		if !agreed {
			s.fail(i, m, &apiError{
				status: 402, kind: kindRequest, code: "payment_intent_authentication_failure",
				message: "The provided PaymentMethod has failed authentication.",
			})
			return nil
		}
		if decline := testCards[m.card].decline; decline != "" {
			s.fail(i, m, refusal(decline))
			return nil
		}
		s.succeed(i, m)
		return nil
	})
}

// ConfirmSetup does what Stripe.js does with the client secret of a SetupIntent: it
// confirms it with a method as Confirm does. After 3-D Secure, iDEAL and Bancontact the
// setup waits for AuthenticateSetup.
func (s *Server) ConfirmSetup(id, method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.setups.get(id)
	if !ok {
		return fmt.Errorf("there is no setup intent %s", id)
	}
	if refused := s.confirmSetupWith(i, method); refused != nil {
		return fmt.Errorf("%s: %s", refused.code, refused.message)
	}
	return nil
}

// AuthenticateSetup is the customer's answer at their bank for a setup intent.
func (s *Server) AuthenticateSetup(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.setups.get(id)
	if !ok || i.status != needsAction {
		return fmt.Errorf("setup intent %s does not wait for the customer", id)
	}
	m, ok := s.methods.get(i.method)
	if !ok {
		return fmt.Errorf("setup intent %s has no method", id)
	}
	s.finishSetup(i, m)
	return nil
}

// SettleDebit is the answer of the customer's bank to a SEPA debit, days later.
func (s *Server) SettleDebit(intentID string, paid bool) error {
	return s.act(intentID, func(i *intent) *apiError {
		m, known := s.methods.get(i.method)
		c, charged := s.charges.get(i.charge)
		if !known || !charged || i.status != processing {
			return unexpectedState(i, "settle")
		}
		if paid {
			s.collect(i, m, c)
			return nil
		}
		e := refusal("insufficient_funds")
		e.message, e.charge, e.method, e.intent = "The debit was returned.", c.id, m.id, i.id
		c.status, c.failure, i.lastError = failed, e, e
		i.status, i.method = needsMethod, ""
		// The pending charge had moved the balance: its failure takes it back.
		s.move(movement{kind: "payment", category: "charge", source: c.id, currency: c.currency, amount: c.amount})
		s.move(movement{kind: "payment_failure_refund", category: "charge_failure", source: c.id, currency: c.currency, amount: -c.amount})
		s.happen("charge.failed", s.showCharge(c, nil))
		s.happen("payment_intent.payment_failed", s.showIntent(i, nil))
		return nil
	})
}

// SettleRefund is the bank's answer to a refund that is pending, or that it sends back
// after all.
func (s *Server) SettleRefund(refundID string, arrived bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.refunds.get(refundID)
	if !ok {
		return fmt.Errorf("there is no refund %s", refundID)
	}
	if arrived {
		r.status = succeeded
		s.happen("refund.updated", s.showRefund(r, nil))
		return nil
	}
	r.status, r.failure = failed, "expired_or_canceled_card"
	if c, ok := s.charges.get(r.charge); ok {
		c.refunded -= r.amount
	}
	s.move(movement{kind: "refund_failure", category: "refund_failure", source: r.id, currency: r.currency, amount: r.amount})
	s.happen("refund.failed", s.showRefund(r, nil))
	return nil
}

// Save attaches a method to a customer as if it had been saved there before: a test
// number, also one that would be refused, since cards go bad later. It gives its id.
func (s *Server) Save(customerID, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.customers.get(customerID); !ok {
		return "", fmt.Errorf("there is no customer %s", customerID)
	}
	m, refused := s.resolve(name)
	if refused != nil {
		return "", errors.New(refused.message)
	}
	m.customer = customerID
	return m.id, nil
}

// TurnInto makes a saved card behave as a test number from now on.
func (s *Server) TurnInto(methodID, number string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.methods.get(methodID)
	if _, known := testCards[number]; !ok || !known || m.kind != typeCard {
		return fmt.Errorf("%s is no saved card, or %s no test number", methodID, number)
	}
	m.card, m.prepared = number, false
	return nil
}

func (s *Server) act(intentID string, do func(i *intent) *apiError) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.intents.get(intentID)
	if !ok {
		return fmt.Errorf("there is no intent %s", intentID)
	}
	if refused := do(i); refused != nil {
		return fmt.Errorf("%s: %s", refused.code, refused.message)
	}
	return nil
}
