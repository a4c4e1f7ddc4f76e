package billing

import (
	"strings"
	"testing"
)

func TestAnEventIsKeptWithoutSecretsAndPersonalData(t *testing.T) {
	t.Parallel()
	got := redacted([]byte(`{"id":"evt_1","data":{"object":{"client_secret":"pi_secret","amount":1210,"billing_details":{"name":"Anna"},"charges":[{"receipt_email":"a@b.nl","last4":"4242"}]}}}`))
	want := `{"data":{"object":{"amount":1210,"billing_details":"[removed]","charges":[{"last4":"4242","receipt_email":"[removed]"}],"client_secret":"[removed]"}},"id":"evt_1"}`
	if got != want {
		t.Errorf("kept %s", got)
	}
	if redacted([]byte("no JSON")) != "" {
		t.Error("what is not JSON is kept")
	}
	if long := redacted([]byte(`{"a":"` + strings.Repeat("x", payloadKept) + `"}`)); len(long) > 100 {
		t.Error("a long event is kept whole")
	}
}
