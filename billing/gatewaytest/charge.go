package gatewaytest

import (
	"testing"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
)

func charges(h Harness) bool { _, ok := h.Gateway.(billing.MandateCharger); return ok }

var chargeCases = []testCase{
	{"SavedMethodIsToldWithWhatTheCustomerKnowsItBy", charges, savedMethod},
	{"ChargeTakesTheMoneyOnce", charges, chargeOnce},
	{"ChargeWhoseAnswerWasLostIsNotMadeTwice", charges, chargeLost},
	{"ChargeThatWasNeverSeenIsMadeOnce", charges, chargeUnseen},
	{"DeclinesAreToldByClass", charges, declines},
	{"ChargeOfAMethodThatIsNotThereIsAHardDecline", charges, chargeMissing},
}

func savedMethod(t *testing.T, h Harness) {
	c := h.charge("pay_1")
	c.SaveMethod = true
	m := h.paid(t, c).Method
	if m == nil || m.Reference == "" || m.Kind == "" || m.Label == "" {
		t.Fatalf("saved method %+v", m)
	}
	if m.Kind == "card" && (m.ExpMonth < 1 || m.ExpMonth > 12 || m.ExpYear < 2020) {
		t.Fatalf("saved card expires %d/%d", m.ExpMonth, m.ExpYear)
	}
}

func (h Harness) chargeSaved(t *testing.T, m billing.Mandate, c billing.Charge) (billing.Status, error) {
	t.Helper()
	return h.Gateway.(billing.MandateCharger).Charge(t.Context(), m, c)
}

func chargeOnce(t *testing.T, h Harness) {
	m := h.mandate(t)
	c := h.charge("pay_2")
	first, err := h.chargeSaved(t, m, c)
	if err != nil || first.State != billing.PaymentSucceeded || first.PaymentID != "pay_2" {
		t.Fatalf("Charge = %+v, %v", first, err)
	}
	if first.Received != money.New(1210, money.EUR) || first.Next != nil {
		t.Fatalf("Charge = %+v", first)
	}
	second, err := h.chargeSaved(t, m, c)
	if err != nil || second.Reference != first.Reference || second.State != billing.PaymentSucceeded {
		t.Fatalf("again: %+v, %v", second, err)
	}
	if n := h.Moved("pay_2"); n != 1 {
		t.Fatalf("money was taken %d times", n)
	}
	if s := h.fetch(t, first.Reference); s.State != billing.PaymentSucceeded || s.Received != first.Received {
		t.Fatalf("Fetch = %+v", s)
	}
}

func chargeLost(t *testing.T, h Harness) {
	m, c := h.mandate(t), h.charge("pay_2")
	h.LoseAnswer()
	_, err := h.chargeSaved(t, m, c)
	outcome(t, err, fault.Unknown)
	if n := h.Moved("pay_2"); n != 1 {
		t.Fatalf("money was taken %d times before the answer was lost", n)
	}
	s, err := h.chargeSaved(t, m, c)
	if err != nil || s.State != billing.PaymentSucceeded {
		t.Fatalf("Charge = %+v, %v", s, err)
	}
	if n := h.Moved("pay_2"); n != 1 {
		t.Fatalf("money was taken %d times", n)
	}
}

func chargeUnseen(t *testing.T, h Harness) {
	m, c := h.mandate(t), h.charge("pay_2")
	h.LoseCall()
	_, err := h.chargeSaved(t, m, c)
	outcome(t, err, fault.Unknown, fault.Unavailable)
	if s, err := h.chargeSaved(t, m, c); err != nil || s.State != billing.PaymentSucceeded {
		t.Fatalf("Charge = %+v, %v", s, err)
	}
	if n := h.Moved("pay_2"); n != 1 {
		t.Fatalf("money was taken %d times", n)
	}
}

func declines(t *testing.T, h Harness) {
	saved := h.mandate(t)
	for _, class := range []billing.DeclineClass{billing.DeclineSoft, billing.DeclineHard, billing.DeclineAuthentication} {
		m := h.Decliner(t, saved, class)
		c := h.charge("pay_" + string(class))
		for range 2 {
			s, err := h.chargeSaved(t, m, c)
			if err != nil || s.State != billing.PaymentFailed || s.Next != nil || s.PaymentID != c.ID {
				t.Fatalf("%s: Charge = %+v, %v", class, s, err)
			}
			if s.Decline.Class != class || s.Decline.Code == "" {
				t.Fatalf("%s: decline %+v", class, s.Decline)
			}
		}
		if n := h.Moved(c.ID); n != 0 {
			t.Fatalf("%s: money was taken %d times", class, n)
		}
	}
}

func chargeMissing(t *testing.T, h Harness) {
	m := h.mandate(t)
	m.Reference = "pm_that_is_gone"
	for _, kind := range []string{m.Kind, ""} {
		m.Kind = kind
		s, err := h.chargeSaved(t, m, h.charge("pay_gone"))
		if err != nil || s.State != billing.PaymentFailed || s.Decline.Class != billing.DeclineHard {
			t.Fatalf("Charge = %+v, %v", s, err)
		}
	}
	m.Reference = ""
	_, err := h.chargeSaved(t, m, h.charge("pay_none"))
	outcome(t, err, fault.Rejected)
}
