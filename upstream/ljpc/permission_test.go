package ljpc_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hostfront/fault"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

func TestMissingPermissionTakesAwayOneFeatureOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.sandbox.Withhold(testKey, sandbox.PermissionCheck, sandbox.PermissionOrders)
	_, err := b.client.CheckDomains(t.Context(), []string{"a.nl"})
	if !errors.Is(err, upstream.ErrForbidden) || fault.OutcomeOf(err).Result != fault.Rejected {
		t.Errorf("check: %v", err)
	}
	item := upstream.OrderItem{Type: upstream.ItemDomain, Action: upstream.ActionRegister, Domain: "a.nl"}
	_, err = b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{item}})
	if !errors.Is(err, upstream.ErrForbidden) || fault.OutcomeOf(err).Result != fault.Held {
		t.Errorf("order: %v", err)
	}
	if _, err := b.client.PriceDomains(t.Context(), []string{"a.nl"}); err != nil {
		t.Errorf("price: %v", err)
	}
	want := []string{sandbox.PermissionCheck, sandbox.PermissionOrders}
	if got := b.client.Forbidden(); !slices.Equal(got, want) {
		t.Errorf("forbidden %q, want %q", got, want)
	}
	b.sandbox.Grant(testKey, sandbox.PermissionCheck)
	if _, err := b.client.CheckDomains(t.Context(), []string{"a.nl"}); err != nil {
		t.Error(err)
	}
	if got := b.client.Forbidden(); !slices.Equal(got, want[1:]) {
		t.Errorf("after the grant: %q", got)
	}
}

func TestAnswerWhoseValidationIsAboutAnotherIsOnlyLogged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		b.sandbox.ServeHTTP(recorder, r)
		w.Header().Set("X-Validation", "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJhbm90aGVyIn0.c2ln")
		_, _ = w.Write(recorder.Body.Bytes())
	}))
	t.Cleanup(proxy.Close)
	mixed := setup(t, func(_ *sandbox.Options, c *ljpc.Config) { c.BaseURL = proxy.URL })
	if _, err := mixed.client.TLDs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if mixed.client.ValidationMismatches() != 1 || !strings.Contains(mixed.logs.String(), "X-Validation") {
		t.Errorf("%d mismatches, log %s", mixed.client.ValidationMismatches(), mixed.logs)
	}
	if _, err := b.client.TLDs(t.Context()); err != nil || b.client.ValidationMismatches() != 0 {
		t.Errorf("a good one counts as a mismatch: %v", err)
	}
}

func TestConfigurationDoesNotPrintItsKey(t *testing.T) {
	t.Parallel()
	l := &logs{}
	c := ljpc.Config{APIKey: testKey}
	text := c.String() + c.GoString() + c.LogValue().String() + l.String()
	if strings.Contains(text, testKey) {
		t.Error(text)
	}
	for _, bad := range []string{"a\nb", "a b", "ключ"} {
		if _, err := ljpc.New(ljpc.Config{APIKey: bad}); err == nil || strings.Contains(err.Error(), bad) {
			t.Errorf("key %q: %v", bad, err)
		}
	}
}
