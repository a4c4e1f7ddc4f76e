package billing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hostfront/billing"
)

// brittle is a gateway that goes to pieces over one of its payments.
type brittle struct {
	*memory
	over string
}

func (b *brittle) Fetch(ctx context.Context, reference string) (billing.Status, error) {
	if reference == b.over {
		var none *billing.Status
		return *none, nil
	}
	return b.memory.Fetch(ctx, reference)
}

// Others asked the provider about one payment after the other, and one that broke the program
// left the payments of all who came after it pending.
func TestAPaymentThatBreaksItsGatewayKeepsNoOtherFromBeingFound(t *testing.T) {
	t.Parallel()
	g := &brittle{memory: newMemory("card")}
	s := setup(t, func(c *billing.Config) { c.Gateways = []billing.Gateway{g} })
	s.card = g.memory
	var invoices []billing.Invoice
	var payments []billing.Payment
	for range 3 {
		inv := s.sale(s.customer("NL"), 1000)
		p := s.begin(inv, "card")
		s.card.pay(p.ID, inv.Gross, eur(0))
		invoices, payments = append(invoices, inv), append(payments, p)
	}
	g.over = "pi_" + payments[0].ID
	s.advance(10 * time.Minute)
	report, err := s.billing.Reconcile(s.ctx)
	s.must(err)
	if report.Moved != 2 || report.Skipped != 1 || report.Skips[0].ID != payments[0].ID || !strings.Contains(report.Skips[0].Reason, "nil pointer") {
		t.Fatalf("report %+v", report)
	}
	s.wantState(invoices[1].ID, billing.InvoicePaid)
	s.wantState(invoices[2].ID, billing.InvoicePaid)
	g.over = ""
	s.advance(time.Hour)
	_, err = s.billing.Reconcile(s.ctx)
	s.must(err)
	s.wantState(invoices[0].ID, billing.InvoicePaid)
}
