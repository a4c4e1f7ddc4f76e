package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/sandbox/pay"
)

func TestEightPaymentsOfOneInvoiceAtOncePayItOnce(t *testing.T) {
	t.Parallel()
	r := openRace(t)
	r.placeOrder()
	replies := make([]reply, 8)
	apptest.AtOnce(len(replies), func(i int) error {
		replies[i] = r.ask("POST", "/v1/invoices/"+r.placed.Invoice.ID+"/pay", paymentBody("sandbox"), fmt.Sprint("pay-", i))
		return nil
	})
	r.won(replies, "payment_in_progress")
	open := 0
	for _, p := range r.w.Pay.Payments() {
		if p.State == pay.Open {
			open++
		}
	}
	if open != 1 {
		t.Fatalf("%d pages to pay one invoice at: %+v", open, r.w.Pay.Payments())
	}
	apptest.AtOnce(4, func(int) error { r.press(r.placed.Payment.NextAction.URL); return nil })
	r.worked(10 * time.Minute)
	r.through("delivery", r.delivered)
	r.holds()
	r.balanced()
}

func TestWebhooksAndReconciliationsAtOnceSettleAPaymentOnce(t *testing.T) {
	t.Parallel()
	r := openRace(t)
	r.placeOrder()
	r.silent()
	r.paying()
	r.w.Time.Advance(6 * time.Minute)
	payment := r.w.Pay.Payments()[0].ID
	errs := apptest.AtOnce(6, func(i int) error {
		switch i {
		case 0, 1:
			_, err := r.shops[i%2].Billing.Reconcile(t.Context())
			return err
		case 2, 3:
			return drain(t.Context(), r.shops[i%2])
		}
		return r.webhook(fmt.Sprint("sbe_race", i%2), payment)
	})
	for _, err := range errs {
		r.must(err)
	}
	r.worked(10 * time.Minute)
	r.through("delivery", r.delivered)
	r.holds()
	r.balanced()
}

// webhook sends what the provider would.
func (r *race) webhook(eventID, paymentID string) error {
	now := r.w.App.Now()
	body, err := json.Marshal(pay.Event{ID: eventID, Type: "payment.paid", Payment: paymentID, CreatedAt: now.UnixMilli()})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.w.URL+"/v1/webhooks/sandbox", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(pay.SignatureHeader, pay.Sign(apptest.WebhookSecret, body, now))
	response, err := r.http.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	return refusal(reply{Status: response.StatusCode})
}

func TestRenewalRunsAtOnceBillAMonthOnce(t *testing.T) {
	t.Parallel()
	r := openRace(t)
	r.buy()
	before := r.hostingSubscription()
	r.w.Time.Advance(before.NextInvoiceAt.Sub(r.w.App.Now()) + time.Minute)
	for _, err := range apptest.AtOnce(6, func(i int) error { _, err := r.shops[i%2].Billing.Renew(t.Context()); return err }) {
		r.must(err)
	}
	r.through("renewal", func() bool {
		if r.renewed(before) {
			return true
		}
		for _, err := range apptest.AtOnce(4, func(i int) error { return drain(t.Context(), r.shops[i%2]) }) {
			r.must(err)
		}
		return false
	})
	r.renewedOnce(before)
	r.balanced()
}

func TestSyncsAtOnceWriteTheCatalogueOnce(t *testing.T) {
	t.Parallel()
	r := openRace(t)
	product := r.w.LJPC.Products()[0]
	dearer := *product.Monthly
	dearer.Minor++
	product.Monthly = &dearer
	r.w.LJPC.SetProduct(product)
	before := r.w.App.Catalog.Snapshot().Version()
	wrote := make([]bool, 6)
	for _, err := range apptest.AtOnce(len(wrote), func(i int) error {
		report, err := r.shops[i%2].Catalog.Sync(t.Context(), nil)
		wrote[i] = !report.Unchanged
		return err
	}) {
		r.must(err)
	}
	writers := 0
	for _, w := range wrote {
		if w {
			writers++
		}
	}
	r.must(r.w.App.Catalog.Refresh(t.Context()))
	if after := r.w.App.Catalog.Snapshot().Version(); writers != 1 || after != before+1 {
		t.Errorf("%d runs wrote, the version went from %d to %d", writers, before, after)
	}
	r.balanced()
}
