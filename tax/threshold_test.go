package tax_test

import (
	"testing"
	"time"

	"hostfront/tax"
)

func TestOnlySalesAbroadThatAreTaxedAtHomeCountTowardTheThreshold(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		scheme, country string
		confirmed       bool
		counts          bool
	}{
		{tax.SchemeThreshold, "DE", false, true},
		{tax.SchemeThreshold, "MC", false, true},
		{tax.SchemeThreshold, "NL", false, false},
		{tax.SchemeThreshold, "US", false, false},
		{tax.SchemeThreshold, "DE", true, false},
		{tax.SchemeOSS, "DE", false, false},
	} {
		calc, err := tax.New(tax.Seller{Country: "NL", Schemes: []tax.Scheme{{Kind: c.scheme}}})
		if err != nil {
			t.Fatal(err)
		}
		b := tax.Buyer{Country: c.country}
		if c.confirmed {
			b.Business, b.VATConfirmed, b.VATID = true, true, "DE123456789"
		}
		treatment, err := calc.Treat(at, b)
		if err != nil {
			t.Fatal(err)
		}
		if treatment.UnderThreshold(c.country) != c.counts {
			t.Errorf("%+v counts: %v", c, !c.counts)
		}
	}
}
