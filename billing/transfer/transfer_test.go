package transfer_test

import (
	"testing"
	"time"

	"hostfront/billing/gatewaytest"
	"hostfront/billing/transfer"
	"hostfront/clock"
)

var account = transfer.Config{IBAN: "NL91 ABNA 0417 1643 00", BIC: "ABNANL2A", Beneficiary: "Example Hosting B.V."}

func TestTransferHoldsToTheGatewayContract(t *testing.T) {
	t.Parallel()
	gatewaytest.Run(t, func(t *testing.T) gatewaytest.Harness {
		g, err := transfer.New(account)
		if err != nil {
			t.Fatal(err)
		}
		at := clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC))
		return gatewaytest.Harness{Gateway: g, Now: at.Now, Advance: at.Advance}
	})
}

func TestTheCustomerIsToldTheAccountAndTheReference(t *testing.T) {
	t.Parallel()
	g, err := transfer.New(account)
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Fetch(t.Context(), "HF7K3Q9")
	if err != nil || s.Next == nil {
		t.Fatalf("Fetch = %+v, %v", s, err)
	}
	if n := *s.Next; n.IBAN != "NL91ABNA0417164300" || n.BIC != "ABNANL2A" || n.Beneficiary != "Example Hosting B.V." || n.Reference != "HF7K3Q9" {
		t.Fatalf("next action %+v", n)
	}
}

func TestAnAccountThatCannotBePaidIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]transfer.Config{
		"no IBAN":            {Beneficiary: "B"},
		"check digits":       {IBAN: "NL91ABNA0417164301", Beneficiary: "B"},
		"not a number":       {IBAN: "NL91ABNA04171643-0", Beneficiary: "B"},
		"BIC of wrong width": {IBAN: "NL91ABNA0417164300", BIC: "ABNA", Beneficiary: "B"},
		"no beneficiary":     {IBAN: "NL91ABNA0417164300", Beneficiary: " "},
	} {
		if _, err := transfer.New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
