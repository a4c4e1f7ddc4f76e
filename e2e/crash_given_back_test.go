package e2e_test

import (
	"net/http"
	"testing"

	"hostfront/app/apptest"
	"hostfront/money"
	"hostfront/sandbox/pay"
)

// TestEveryCrashPointOfARefundByStaff cuts the power at every boundary of a refund of a
// part, to the card, that staff asks for with a key and asks for again until there is an
// answer. The provider's webhook comes before its answer. However it was cut: one credit
// note, one refund, the VAT of it to the cent, and what was delivered stays.
func TestEveryCrashPointOfARefundByStaff(t *testing.T) {
	t.Parallel()
	bought := photograph(t, apptest.Outside{LJPC: steps(shows)}, (*crash).buy)
	whole := everyCrashPoint(t, crossing{"a refund by staff", 14, func(t *testing.T, at cut) *crash { return givenBack(t, bought, at) }})
	whole.wasOvertaken("POST /v1/refunds")
}

// aPart is what the customer gets back.
var aPart = money.New(500, money.EUR)

// givenBack has staff refund a part.
func givenBack(t *testing.T, bought *photo, at cut) *crash {
	t.Helper()
	c := bought.open(t)
	c.webhooksOvertake()
	c.w.Power.CutAt(at.k)
	c.through("refund", c.askingForARefund)
	c.through("money", c.moneyIsBack)
	return c.ended(func() {
		c.gotBackOnce()
		c.hasWhatWasBought()
		c.boughtOnce()
	})
}

func (c *crash) askingForARefund() bool {
	r := c.send(request{
		method: http.MethodPost, path: "/v1/admin/invoices/" + c.order.InvoiceID + "/refund", token: c.w.AdminToken, key: "refund-1",
		body: map[string]any{"amount": aPart, "reason": "half of it did not work"},
	})
	if r.Status >= http.StatusBadRequest && r.Status < http.StatusInternalServerError {
		c.t.Fatalf("refund: %s", r)
	}
	return r.ok()
}

// moneyIsBack looks whether the customer sees the credit note settled.
func (c *crash) moneyIsBack() bool {
	if err := c.w.Drain(); err != nil {
		if c.w.Power.Dead() {
			return false
		}
		c.t.Fatal(err)
	}
	if r := c.ask(http.MethodGet, "/v1/invoices", nil, ""); c.w.Power.Dead() || !r.ok() {
		return false
	}
	notes := c.creditNotes()
	return len(notes) > 0 && notes[0].State == "paid"
}

func (c *crash) gotBackOnce() {
	c.t.Helper()
	notes := c.creditNotes()
	if len(notes) != 1 || notes[0].Gross != aPart.Neg() || notes[0].Number == "" || notes[0].Net.Add(notes[0].VAT) != notes[0].Gross {
		c.t.Errorf("credit notes %+v for %s", notes, aPart)
	}
	if n := len(c.w.Pay.Refunds()); n != 1 || c.sentBack() != aPart {
		c.t.Errorf("%d refunds of %s, want one of %s", n, c.sentBack(), aPart)
	}
	for _, p := range c.w.Pay.Payments() {
		if p.State != pay.Paid || p.Refunded != aPart {
			c.t.Errorf("the provider has %+v", p)
		}
	}
}
