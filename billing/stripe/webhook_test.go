package stripe_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/billing/stripe"
	"hostfront/clock"
	"hostfront/fault"
	standin "hostfront/sandbox/stripe"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func receiver(t testing.TB) *stripe.Gateway {
	t.Helper()
	g, err := stripe.New(config(clock.NewManual(noon), "http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func signed(key, body string, at time.Time) http.Header {
	return http.Header{"Stripe-Signature": {standin.Sign(key, []byte(body), at)}}
}

func TestWebhooksNameTheObjectsToReadAgain(t *testing.T) {
	t.Parallel()
	g := receiver(t)
	for name, tt := range map[string]struct {
		object            string
		payments, refunds []string
	}{
		"payment_intent.succeeded":     {`{"id":"pi_1","object":"payment_intent"}`, []string{"pi_1"}, nil},
		"charge.refunded":              {`{"id":"ch_1","object":"charge","payment_intent":"pi_1"}`, []string{"pi_1"}, nil},
		"charge.updated":               {`{"id":"ch_1","object":"charge","payment_intent":{"id":"pi_1","object":"payment_intent"}}`, []string{"pi_1"}, nil},
		"charge.succeeded":             {`{"id":"ch_1","object":"charge","payment_intent":null}`, nil, nil},
		"charge.refund.updated":        {`{"id":"re_1","object":"refund","payment_intent":"pi_1"}`, []string{"pi_1"}, []string{"re_1"}},
		"refund.failed":                {`{"id":"re_1","object":"refund","payment_intent":[7]}`, nil, []string{"re_1"}},
		"charge.dispute.created":       {`{"id":"dp_1","object":"dispute","payment_intent":"pi_1"}`, []string{"pi_1"}, nil},
		"setup_intent.succeeded":       {`{"id":"seti_1","object":"setup_intent"}`, nil, nil},
		"payout.paid":                  {`{"id":"po_1","object":"payout"}`, nil, nil},
		"v2.core.event_of_another_age": {`{}`, nil, nil},
	} {
		body := `{"id":"evt_1","object":"event","api_version":"2031-01-01.elm","type":"` + name + `","livemode":false,"data":{"object":` + tt.object + `}}`
		n, err := g.Receive(signed(secret, body, noon), []byte(body), noon)
		if err != nil || n.EventID != "evt_1" || n.Kind != name || !slices.Equal(n.Payments, tt.payments) || !slices.Equal(n.Refunds, tt.refunds) {
			t.Errorf("%s: %+v, %v", name, n, err)
		}
	}
}

func TestWebhooksOfTheOtherModeAreAboutNothing(t *testing.T) {
	t.Parallel()
	body := `{"id":"evt_1","type":"payment_intent.succeeded","livemode":true,"data":{"object":{"id":"pi_1","object":"payment_intent"}}}`
	n, err := receiver(t).Receive(signed(secret, body, noon), []byte(body), noon)
	if err != nil || n.EventID != "evt_1" || n.Payments != nil {
		t.Fatalf("Receive = %+v, %v", n, err)
	}
}

func TestSecretsCanBeRotated(t *testing.T) {
	t.Parallel()
	body := `{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","object":"payment_intent"}}}`
	g := receiver(t)
	for key, ok := range map[string]bool{secret: true, before: true, "whsec_another": false} {
		if _, err := g.Receive(signed(key, body, noon), []byte(body), noon); (err == nil) != ok {
			t.Errorf("signed with %s: %v", key, err)
		}
	}
	// While a secret is rolled, Stripe signs with both, in one header.
	both := standin.Sign("whsec_another", []byte(body), noon)
	_, v1, _ := strings.Cut(standin.Sign(secret, []byte(body), noon), ",")
	h := http.Header{"Stripe-Signature": {both + "," + v1}}
	if _, err := g.Receive(h, []byte(body), noon); err != nil {
		t.Errorf("signed with both: %v", err)
	}
	none, err := stripe.New(func() stripe.Config {
		c := config(clock.NewManual(noon), "http://127.0.0.1:1")
		c.WebhookSecrets = nil
		return c
	}())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Receive(signed("", body, noon), []byte(body), noon); !fault.Is(err, "webhook_signature") {
		t.Errorf("without any secret: %v", err)
	}
}

func TestToleranceIsMeasuredOnTheGivenTime(t *testing.T) {
	t.Parallel()
	body := `{"id":"evt_1","type":"x","data":{"object":{}}}`
	g := receiver(t)
	for age, ok := range map[time.Duration]bool{0: true, 300 * time.Second: true, 301 * time.Second: false, -time.Minute: true} {
		if _, err := g.Receive(signed(secret, body, noon), []byte(body), noon.Add(age)); (err == nil) != ok {
			t.Errorf("%s old: %v", age, err)
		}
	}
	// A second time in the header must not make an old signature young.
	h := signed(secret, body, noon)
	h["Stripe-Signature"][0] += ",t=99999999999"
	if _, err := g.Receive(h, []byte(body), noon.Add(time.Hour)); !fault.Is(err, "webhook_signature") {
		t.Errorf("two times: %v", err)
	}
}

func TestSignedNonsenseIsUnreadable(t *testing.T) {
	t.Parallel()
	g := receiver(t)
	for _, body := range []string{"", "null", "[]", "{}", `{"id":7}`, `{"id":"evt_1","data":[]}`, "\xff"} {
		if n, err := g.Receive(signed(secret, body, noon), []byte(body), noon); !fault.Is(err, "webhook_unreadable") {
			t.Errorf("%q: %+v, %v", body, n, err)
		}
	}
}

func FuzzReceive(f *testing.F) {
	g := receiver(f)
	for _, body := range []string{
		`{"id":"evt_1","type":"charge.refunded","data":{"object":{"id":"re_1","object":"refund","payment_intent":{"id":"pi_1"}}}}`,
		`{"id":"evt_1","data":null}`, `{"data":{"object":{"payment_intent":[[]]}}}`,
	} {
		f.Add(standin.Sign(secret, []byte(body), noon), body, true)
		f.Add("t=1,v1=00", body, false)
	}
	f.Fuzz(func(t *testing.T, header, body string, sign bool) {
		h := http.Header{"Stripe-Signature": {header}}
		if sign {
			h = signed(secret, body, noon)
		}
		n, err := g.Receive(h, []byte(body), noon)
		if err != nil && !fault.Is(err, "webhook_signature") && !fault.Is(err, "webhook_unreadable") {
			t.Fatalf("untyped error %v", err)
		}
		if err == nil && n.EventID == "" {
			t.Fatalf("a notice without an event: %+v", n)
		}
		for _, id := range append(slices.Clone(n.Payments), n.Refunds...) {
			if id == "" {
				t.Fatalf("an empty reference: %+v", n)
			}
		}
		if err != nil && (n.Payments != nil || n.Refunds != nil) {
			t.Fatalf("a refused webhook named objects: %+v", n)
		}
	})
}

var _ billing.WebhookReceiver = (*stripe.Gateway)(nil)

func TestAnIntentThatAnotherShopOnTheAccountMadeIsNobodysPayment(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *stripe.Config) { c.Shop = "shop_ours" })
	s := r.begin(t, r.charge("pay_ours", false))
	for shop, want := range map[string]string{"shop_ours": "pay_ours", "": "pay_ours", "shop_other": ""} {
		c := config(r.at, r.url)
		c.Shop = shop
		g, err := stripe.New(c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := g.Fetch(t.Context(), s.Reference)
		if err != nil || got.PaymentID != want {
			t.Errorf("to %q it is payment %q, want %q (%v)", shop, got.PaymentID, want, err)
		}
	}
}
