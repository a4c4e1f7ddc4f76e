package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/tax"
)

func TestTurnoverAbroadAlarmsWhenTheThresholdIsPassed(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *billing.Config) {
		calc, err := tax.New(tax.Seller{Country: "NL", Schemes: []tax.Scheme{{Kind: tax.SchemeThreshold}}})
		if err != nil {
			t.Fatal(err)
		}
		c.Tax = calc
	})
	check := func() billing.TurnoverReport {
		t.Helper()
		report, err := s.billing.CheckTurnover(s.ctx)
		s.must(err)
		return report
	}
	s.paid(s.customer("NL"), 9_999_99)
	german := s.customer("DE")
	big, _ := s.paid(german, 6_000_00)
	s.paid(german, 4_000_00)
	s.sale(german, 5_000_00) // a proforma is no turnover
	if got := check(); got.Turnover != eur(10_000_00) || s.alarms()["vat_threshold"] != 0 {
		t.Fatalf("%+v, alarms %v", got, s.alarms())
	}
	s.paid(german, 1)
	if got := check(); got.Turnover != eur(10_000_01) || s.alarms()["vat_threshold"] != 1 {
		t.Fatalf("%+v, alarms %v", got, s.alarms())
	}
	s.must(s.refundLine(big, 0, billing.RefundAuto))
	if got := check(); got.Turnover != eur(4_000_01) {
		t.Fatalf("a credit note leaves %+v", got)
	}
	s.advance(366 * 24 * time.Hour)
	if got := check(); !got.Turnover.IsZero() {
		t.Fatalf("the next year begins with %+v", got)
	}
}
