package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"hostfront/billing/sandbox"
	"hostfront/fault"
	"hostfront/sandbox/pay"
)

// FuzzReceive: a webhook is signed, readable and about something that has an id, or it is a
// problem of one of two codes.
func FuzzReceive(f *testing.F) {
	const secret = "secret-of-the-fuzz"
	noon := time.Date(2026, time.January, 31, 12, 0, 0, 0, time.UTC)
	g, err := sandbox.New(sandbox.Config{Demo: true, BaseURL: "http://127.0.0.1:1", Key: "key", WebhookSecrets: []string{secret}})
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range []string{
		`{"id":"sbe_1","type":"payment.paid","payment":"sbx_1","created_at":1}`, `{"id":"sbe_2","type":"refund.succeeded","payment":"sbx_1","refund":"sbr_1"}`,
		`{"id":"","payment":"sbx_1"}`, `{"id":7}`, `null`, `[]`, ``, `{"id":"a","payment":{}}`,
	} {
		f.Add("", body, true)
		f.Add("t=1,v1=00", body, false)
		f.Add(pay.Sign(secret, []byte(body), noon.Add(-time.Hour)), body, false)
		f.Add("t=9223372036854775807,v1=", body, false)
	}
	f.Fuzz(func(t *testing.T, header, body string, sign bool) {
		if sign {
			header = pay.Sign(secret, []byte(body), noon)
		}
		n, err := g.Receive(http.Header{pay.SignatureHeader: {header}}, []byte(body), noon)
		switch {
		case err == nil && n.EventID == "":
			t.Fatalf("a notice without an event: %+v", n)
		case err == nil && !sign && header == "":
			t.Fatalf("what nobody signed was taken: %+v", n)
		case err != nil && !fault.Is(err, "webhook_signature") && !fault.Is(err, "webhook_unreadable"):
			t.Fatalf("untyped error %v", err)
		case err != nil && len(n.Payments)+len(n.Refunds) > 0:
			t.Fatalf("a refused webhook named objects: %+v", n)
		}
		for _, id := range append(n.Payments, n.Refunds...) {
			if id == "" {
				t.Fatalf("an empty reference: %+v", n)
			}
		}
	})
}
