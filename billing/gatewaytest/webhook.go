package gatewaytest

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
)

func receives(h Harness) bool { _, ok := h.Gateway.(billing.WebhookReceiver); return ok }

var webhookCases = []testCase{
	{"WebhookNamesThePaymentToReadAgain", receives, webhookNames},
	{"WebhookThatWasTouchedIsRefused", receives, webhookTouched},
	{"WebhookOlderThanFiveMinutesIsRefused", receives, webhookOld},
	{"WebhookWithoutASignatureIsRefused", receives, webhookUnsigned},
}

// hook is the webhook of a payment that the customer has paid.
func (h Harness) hook(t *testing.T) (billing.Status, http.Header, []byte) {
	t.Helper()
	s := h.paid(t, h.charge("pay_1"))
	header, body := h.Hook(t)
	return s, header, body
}

func (h Harness) receive(header http.Header, body []byte, now time.Time) (billing.Notice, error) {
	return h.Gateway.(billing.WebhookReceiver).Receive(header, body, now)
}

func webhookNames(t *testing.T, h Harness) {
	s, header, body := h.hook(t)
	n, err := h.receive(header, body, h.Now())
	if err != nil || n.EventID == "" || n.Kind == "" || !slices.Equal(n.Payments, []string{s.Reference}) {
		t.Fatalf("Receive = %+v, %v", n, err)
	}
	again, err := h.receive(header, body, h.Now().Add(4*time.Minute))
	if err != nil || again.EventID != n.EventID {
		t.Fatalf("Receive = %+v, %v: the same event has one id", again, err)
	}
}

func webhookTouched(t *testing.T, h Harness) {
	_, header, body := h.hook(t)
	for i := range body {
		touched := slices.Clone(body)
		touched[i] ^= 1
		if _, err := h.receive(header, touched, h.Now()); !fault.Is(err, "webhook_signature") {
			t.Fatalf("byte %d was changed, and: %v", i, err)
		}
	}
}

func webhookOld(t *testing.T, h Harness) {
	_, header, body := h.hook(t)
	if _, err := h.receive(header, body, h.Now().Add(6*time.Minute)); !fault.Is(err, "webhook_signature") {
		t.Fatalf("a webhook of six minutes ago: %v", err)
	}
}

func webhookUnsigned(t *testing.T, h Harness) {
	_, header, body := h.hook(t)
	for name := range header {
		for _, value := range []string{"", "t=1,v1=", "t=x,v1=00", "v1=00", ",", "t=1"} {
			broken := http.Header{name: {value}}
			if _, err := h.receive(broken, body, h.Now()); !fault.Is(err, "webhook_signature") {
				t.Fatalf("%s: %q: %v", name, value, err)
			}
		}
	}
	if _, err := h.receive(http.Header{}, body, h.Now()); !fault.Is(err, "webhook_signature") {
		t.Fatalf("no header: %v", err)
	}
}
