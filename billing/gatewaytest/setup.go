package gatewaytest

import (
	"slices"
	"testing"

	"hostfront/billing"
	"hostfront/fault"
)

func keeps(h Harness) bool { _, ok := h.Gateway.(billing.MethodKeeper); return ok }

var setupCases = []testCase{
	{"SetupTellsTheCustomerWhatToDo", keeps, setupTellsWhatToDo},
	{"SetupLeavesAMethodThatCanBeCharged", keeps, setupLeavesMethod},
	{"SetupWhoseAnswerWasLostIsFoundAgain", keeps, setupLost},
	{"SetupTakesNoMoney", keeps, setupTakesNothing},
	{"SetupThatIsCancelledLeavesNothing", keeps, setupCancelled},
	{"CancelOfASetupThatSucceededTellsSo", keeps, setupCancelLate},
	{"SetupOfAnUnknownReferenceIsRejected", keeps, setupUnknown},
	{"WebhookNamesTheSetupToReadAgain", keeps, setupHook},
	{"DetachedMethodIsNotCharged", keeps, detached},
	{"DetachIsRepeatedWithoutHarm", keeps, detachRepeated},
}

func (h Harness) keeper() billing.MethodKeeper { return h.Gateway.(billing.MethodKeeper) }

func (h Harness) setupRequest(id string) billing.SetupRequest {
	return billing.SetupRequest{
		ID: id, CustomerID: "cus_1", Email: "ada@example.com", Name: "Ada Lovelace",
		ReturnURL: "https://shop.example/methods", CreatedAt: h.Now(),
	}
}

func (h Harness) beginSetup(t *testing.T, id string) billing.SetupStatus {
	t.Helper()
	s, err := h.keeper().Setup(t.Context(), h.setupRequest(id))
	if err != nil {
		t.Fatalf("Setup: %v", err)
	}
	return s
}

func (h Harness) fetchSetup(t *testing.T, reference string) billing.SetupStatus {
	t.Helper()
	s, err := h.keeper().FetchSetup(t.Context(), reference)
	if err != nil {
		t.Fatalf("FetchSetup: %v", err)
	}
	return s
}

// saved is a setup that the customer has completed.
func (h Harness) saved(t *testing.T, id string) (billing.SetupStatus, billing.Mandate) {
	t.Helper()
	s := h.beginSetup(t, id)
	h.Save(t, s)
	s = h.fetchSetup(t, s.Reference)
	if s.State != billing.PaymentSucceeded || s.Method == nil {
		t.Fatalf("FetchSetup = %+v", s)
	}
	return s, billing.Mandate{Reference: s.Method.Reference, ProviderCustomer: s.ProviderCustomer, Kind: s.Method.Kind}
}

func setupTellsWhatToDo(t *testing.T, h Harness) {
	s := h.beginSetup(t, "pms_1")
	if s.Reference == "" || s.SetupID != "pms_1" || s.State != billing.PaymentRequiresAction || s.Next == nil || s.Method != nil {
		t.Fatalf("Setup = %+v", s)
	}
	switch n := s.Next; n.Type {
	case "stripe_setup":
		if n.ClientSecret == "" || n.PublishableKey == "" {
			t.Fatalf("next action %+v cannot be followed", n)
		}
	case "redirect":
		if n.URL == "" {
			t.Fatalf("next action %+v cannot be followed", n)
		}
	default:
		t.Fatalf("next action of type %q", n.Type)
	}
	again, second := h.fetchSetup(t, s.Reference), h.beginSetup(t, "pms_1")
	if again.SetupID != "pms_1" || *again.Next != *s.Next || second.Reference != s.Reference {
		t.Fatalf("%+v, read as %+v, asked for again as %+v", s, again, second)
	}
}

func setupLeavesMethod(t *testing.T, h Harness) {
	s, m := h.saved(t, "pms_1")
	if s.Next != nil || s.Method.Kind == "" || s.Method.Label == "" || s.ProviderCustomer == "" || s.SetupID != "pms_1" {
		t.Fatalf("FetchSetup = %+v", s)
	}
	if s.Method.Kind == "card" && (s.Method.ExpMonth < 1 || s.Method.ExpMonth > 12 || s.Method.ExpYear < 2020) {
		t.Fatalf("saved card expires %d/%d", s.Method.ExpMonth, s.Method.ExpYear)
	}
	charged, err := h.chargeSaved(t, m, h.charge("pay_1"))
	if err != nil || charged.State != billing.PaymentSucceeded {
		t.Fatalf("Charge = %+v, %v", charged, err)
	}
}

func setupLost(t *testing.T, h Harness) {
	for i, trip := range []func(){h.LoseAnswer, h.LoseCall} {
		r := h.setupRequest([]string{"pms_after", "pms_before"}[i])
		trip()
		_, err := h.keeper().Setup(t.Context(), r)
		outcome(t, err, fault.Unknown, fault.Unavailable)
		first := h.beginSetup(t, r.ID)
		if second := h.beginSetup(t, r.ID); second.Reference != first.Reference {
			t.Fatalf("%s, then %s", first.Reference, second.Reference)
		}
	}
}

func setupTakesNothing(t *testing.T, h Harness) {
	h.saved(t, "pms_1")
	for _, id := range []string{"pms_1", ""} {
		if n := h.Moved(id); n != 0 {
			t.Fatalf("money was taken %d times", n)
		}
	}
}

func setupCancelled(t *testing.T, h Harness) {
	s := h.beginSetup(t, "pms_1")
	for range 2 {
		ended, err := h.keeper().CancelSetup(t.Context(), s.Reference)
		if err != nil || ended.State != billing.PaymentCancelled || ended.Next != nil || ended.Method != nil {
			t.Fatalf("CancelSetup = %+v, %v", ended, err)
		}
	}
}

func setupCancelLate(t *testing.T, h Harness) {
	s, m := h.saved(t, "pms_1")
	after, err := h.keeper().CancelSetup(t.Context(), s.Reference)
	if err != nil || after.State != billing.PaymentSucceeded || after.Method == nil || after.Method.Reference != m.Reference {
		t.Fatalf("CancelSetup = %+v, %v", after, err)
	}
}

func setupUnknown(t *testing.T, h Harness) {
	for _, reference := range []string{"", "seti_that_is_not_there"} {
		_, err := h.keeper().FetchSetup(t.Context(), reference)
		outcome(t, err, fault.Rejected)
		_, err = h.keeper().CancelSetup(t.Context(), reference)
		outcome(t, err, fault.Rejected)
	}
}

func setupHook(t *testing.T, h Harness) {
	s, _ := h.saved(t, "pms_1")
	header, body := h.Hook(t)
	n, err := h.receive(header, body, h.Now())
	if err != nil || !slices.Equal(n.Setups, []string{s.Reference}) || len(n.Payments) > 0 {
		t.Fatalf("Receive = %+v, %v", n, err)
	}
}

func detached(t *testing.T, h Harness) {
	_, m := h.saved(t, "pms_1")
	if err := h.keeper().Detach(t.Context(), m); err != nil {
		t.Fatalf("Detach: %v", err)
	}
	s, err := h.chargeSaved(t, m, h.charge("pay_1"))
	if err != nil || s.State != billing.PaymentFailed || s.Decline.Class != billing.DeclineHard {
		t.Fatalf("Charge = %+v, %v", s, err)
	}
	if n := h.Moved("pay_1"); n != 0 {
		t.Fatalf("money was taken %d times", n)
	}
}

func detachRepeated(t *testing.T, h Harness) {
	_, m := h.saved(t, "pms_1")
	h.LoseAnswer()
	outcome(t, h.keeper().Detach(t.Context(), m), fault.Unknown)
	m2 := m
	m2.Reference = "pm_that_is_gone"
	for _, gone := range []billing.Mandate{m, m, m2} {
		if err := h.keeper().Detach(t.Context(), gone); err != nil {
			t.Fatalf("Detach of %s again: %v", gone.Reference, err)
		}
	}
}
