package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/billing"
)

type disputeSeen struct {
	ID, State, Outcome string
	InvoiceID          string `json:"invoice_id"`
}

func (r *stripeRoad) disputes() []disputeSeen {
	r.t.Helper()
	var page list[disputeSeen]
	r.staff(http.MethodGet, "/v1/admin/disputes", nil, &page)
	return page.Items
}

// hear lets the provider's webhooks come and the shop work.
func (r *stripeRoad) hear() {
	r.t.Helper()
	r.must(r.stripe.Quiet(r.t.Context()))
	r.must(r.w.Drain())
}

func (r *stripeRoad) onAccount(account billing.Account) int64 {
	r.t.Helper()
	all, err := r.w.App.Billing.Trial(r.t.Context())
	r.must(err)
	for _, b := range all {
		if b.Account == account {
			return b.Balance.Minor
		}
	}
	return 0
}

func TestADisputeByCardIsWonAndAnotherIsLost(t *testing.T) {
	t.Parallel()
	for _, won := range []bool{true, false} {
		r := openStripeRoad(t)
		p, intent := r.checkOut("disputed.nl")
		r.must(r.confirm(intent, "pm_card_createDispute"))
		r.hear()
		seen := r.disputes()
		if len(seen) != 1 || seen[0].State != "open" || r.onAccount("disputed:stripe") == 0 {
			t.Fatalf("disputes %+v, %d disputed", seen, r.onAccount("disputed:stripe"))
		}
		clearing := r.onAccount("clearing:stripe")
		r.must(r.stripe.CloseDispute(r.stripe.Disputes()[0].ID, won))
		r.hear()
		seen = r.disputes()
		r.waitFor(p.Order.ID, "completed")
		invoice := r.staff(http.MethodGet, "/v1/admin/invoices/"+seen[0].InvoiceID, nil, nil)
		switch {
		case won && (seen[0].State != "won" || r.onAccount("clearing:stripe") <= clearing || r.onAccount("disputed:stripe") != 0):
			t.Errorf("won: %+v, clearing %d after %d", seen, r.onAccount("clearing:stripe"), clearing)
		case !won && (seen[0].State != "lost" || seen[0].Outcome != "reopen" || !strings.Contains(string(invoice.Body), `"state":"open"`)):
			t.Errorf("lost: %+v, the invoice %s", seen, invoice)
		}
		mails, told := sentMails(t, r.w), map[bool]string{true: "dispute_won", false: "dispute_lost"}[won]
		if !slices.Contains(mails, "dispute_opened") || !slices.Contains(mails, told) {
			t.Errorf("the customer was sent %v", mails)
		}
		if !won {
			r.wonAfterAll(seen[0].InvoiceID, clearing)
		}
		r.ledgerIsZero()
	}
}

// wonAfterAll has the bank take back what it decided against the shop.
func (r *stripeRoad) wonAfterAll(invoiceID string, clearing int64) {
	r.t.Helper()
	r.must(r.stripe.CloseDispute(r.stripe.Disputes()[0].ID, true))
	r.hear()
	invoice := r.staff(http.MethodGet, "/v1/admin/invoices/"+invoiceID, nil, nil)
	if seen := r.disputes(); seen[0].State != "won" || r.onAccount("clearing:stripe") <= clearing || !strings.Contains(string(invoice.Body), `"state":"paid"`) {
		r.t.Errorf("won after all: %+v, clearing %d after %d, the invoice %s", seen, r.onAccount("clearing:stripe"), clearing, invoice)
	}
}

func TestALostDisputeWhoseWebhooksNeverCameIsFoundByReconciliation(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	_, intent := r.checkOut("unheard.nl")
	r.must(r.confirm(intent, "pm_card_visa"))
	id, err := r.stripe.Dispute(intent, 500)
	r.must(err)
	r.hear()
	r.stripe.SetWebhookURL("")
	r.must(r.stripe.CloseDispute(id, false))
	r.hear()
	for range 3 {
		r.must(r.w.Move(12 * time.Hour))
	}
	if seen := r.disputes(); len(seen) != 1 || seen[0].State != "lost" {
		t.Fatalf("disputes %+v", seen)
	}
	r.ledgerIsZero()
}
