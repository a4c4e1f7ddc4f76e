package ljpc_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"hostfront/sandbox/ljpc"

	"github.com/golang-jwt/jwt/v5"
)

func TestKeyIsAskedForEverywhereButInTheCatalogue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, key := range []string{"", "unknown"} {
		r := b.call(t, key, http.MethodGet, hosting+"/tlds", nil)
		if r.status != http.StatusUnauthorized || r.Success || r.Message == "" || r.JTI == "" {
			t.Errorf("key %q: %d %s", key, r.status, r.raw)
		}
	}
	r := b.call(t, "", http.MethodGet, "/api/v1/products", nil)
	if r.status != http.StatusOK || !strings.HasPrefix(string(r.raw), `{"products":[`) {
		t.Errorf("the catalogue: %d %.60s", r.status, r.raw)
	}
}

func TestEnvelopeCarriesTheJTIOfItsValidation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{hosting + "/tlds", hosting + "/domain-names/weg.nl"} {
		r := b.do(t, http.MethodGet, path, nil)
		var claims jwt.RegisteredClaims
		if _, _, err := jwt.NewParser().ParseUnverified(r.header.Get("X-Validation"), &claims); err != nil || claims.ID != r.JTI || len(r.JTI) != 36 {
			t.Errorf("%s: %s against %s, %v", path, claims.ID, r.JTI, err)
		}
	}
}

func TestAccountPaysLessThanTheListAndThePageCanBeFiltered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	type page struct {
		Products []struct {
			UUID    string  `json:"product_uuid"`
			Monthly *string `json:"monthly_price"`
		} `json:"products"`
	}
	var list, account, other page
	for into, r := range map[*page]reply{
		&list:    b.call(t, "", http.MethodGet, "/api/v1/products?category=hosting", nil),
		&account: b.do(t, http.MethodGet, "/api/v1/products?category=hosting", nil),
		&other:   b.do(t, http.MethodGet, "/api/v1/products?category=nothing", nil),
	} {
		if err := json.Unmarshal(r.raw, into); err != nil {
			t.Fatal(err)
		}
	}
	if len(list.Products) < 40 || len(list.Products) != len(account.Products) || other.Products == nil || len(other.Products) != 0 {
		t.Fatalf("%d, %d and %d products", len(list.Products), len(account.Products), len(other.Products))
	}
	yearlyOnly := 0
	for i, p := range list.Products {
		if p.Monthly == nil {
			yearlyOnly++
		} else if *p.Monthly == *account.Products[i].Monthly {
			t.Errorf("%s costs the account as much as the list", p.UUID)
		}
	}
	if yearlyOnly == 0 {
		t.Error("no product is yearly-only")
	}
}

func TestRegistrationKeepsItsGuardOrder(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *ljpc.Options) {
		o.Keys = []ljpc.Key{{Secret: ljpc.DefaultAPIKey, Account: "one"}, {Secret: "two", Account: "two"}}
	})
	var made struct{ Handle string }
	if err := json.Unmarshal(b.do(t, http.MethodPost, hosting+"/contacts", contact()).Data, &made); err != nil || made.Handle == "" {
		t.Fatalf("contact: %v, %v", made, err)
	}
	foreign := b.call(t, "two", http.MethodPost, hosting+"/contacts", contact())
	var other struct{ Handle string }
	if err := json.Unmarshal(foreign.Data, &other); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		body   map[string]any
		status int
	}{
		{register("taken.unsold", "nobody"), http.StatusUnprocessableEntity},
		{register("taken.nl", "nobody"), http.StatusConflict},
		{register("vrij.nl", "nobody"), http.StatusNotFound},
		{register("vrij.nl", other.Handle), http.StatusNotFound},
		{register("vrij.nl", made.Handle), http.StatusCreated},
		{register("VRIJ.nl", made.Handle), http.StatusConflict},
		{register("a.b.nl", made.Handle), http.StatusUnprocessableEntity},
		{register("-a.nl", made.Handle), http.StatusUnprocessableEntity},
	} {
		if r := b.do(t, http.MethodPost, hosting+"/domain-names", tt.body); r.status != tt.status {
			t.Errorf("%v: %d %s, want %d", tt.body, r.status, r.Message, tt.status)
		}
	}
	if len(b.server.Domains()) != 1 {
		t.Errorf("%d names", len(b.server.Domains()))
	}
}

func TestContactIsRefusedInTheDocumentsWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bad := contact()
	bad["country"] = "NLD"
	r := b.do(t, http.MethodPost, hosting+"/contacts", bad)
	if r.status != http.StatusUnprocessableEntity || r.Message != "The country field must be 2 characters." {
		t.Errorf("%d %s", r.status, r.Message)
	}
	// Ownership comes before validation.
	if r := b.do(t, http.MethodPatch, hosting+"/contacts/LJ1-NL", bad); r.status != http.StatusNotFound {
		t.Errorf("%d %s", r.status, r.Message)
	}
	for _, body := range []any{[]int{1}, map[string]any{"city": 3}} {
		if r := b.do(t, http.MethodPost, hosting+"/contacts", body); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", body, r.status)
		}
	}
}

func TestForeignSiteIsNotThereAndItsLoginIsForbidden(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *ljpc.Options) {
		o.Keys = []ljpc.Key{{Secret: ljpc.DefaultAPIKey, Account: "one"}, {Secret: "two", Account: "two"}}
	})
	own := map[string]any{"type": "hosting_own", "space_id": 101, "domain": "a.nl"}
	if r := b.do(t, http.MethodPost, "/api/v1/orders", orderOf("r", own)); r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.Message)
	}
	for range 3 {
		b.do(t, http.MethodGet, "/api/v1/orders/10001", nil)
	}
	for path, want := range map[string]int{"/sites/5001": http.StatusNotFound, "/sites/5001/login": http.StatusForbidden, "/sites/1/login": http.StatusNotFound} {
		if r := b.call(t, "two", http.MethodGet, hosting+path, nil); r.status != want {
			t.Errorf("%s: %d %s, want %d", path, r.status, r.raw, want)
		}
	}
	if r := b.call(t, "two", http.MethodPost, "/api/v1/orders", orderOf("r", own)); r.status != http.StatusUnprocessableEntity {
		t.Errorf("ordering on a foreign space: %d", r.status)
	}
}

func TestOrderIsDeliveredByTheClockToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	item := map[string]any{"type": "domain", "action": "register", "sld": "klok", "tld": "nl"}
	if r := b.do(t, http.MethodPost, "/api/v1/orders", orderOf("ref-1", item)); r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.Message)
	}
	if r := b.do(t, http.MethodGet, hosting+"/domain-names/klok.nl", nil); r.status != http.StatusNotFound {
		t.Errorf("there at once: %d", r.status)
	}
	b.clock.Advance(20 * ljpc.DefaultStep)
	if r := b.do(t, http.MethodGet, hosting+"/domain-names/klok.nl", nil); r.status != http.StatusOK {
		t.Errorf("not there after the time it takes: %d", r.status)
	}
	if o := b.server.OrdersOf("ref-1"); len(o) != 1 || o[0].State() != "completed" {
		t.Errorf("%+v", o)
	}
}

func TestBadOrdersHaveNoEffect(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, item := range map[string]map[string]any{
		"type":      {"type": "server"},
		"product":   {"type": "hosting", "product_uuid": "none", "domain": "a.nl"},
		"TLD":       {"type": "domain", "action": "register", "sld": "a", "tld": "unsold"},
		"taken":     {"type": "domain", "action": "register", "sld": "taken", "tld": "nl"},
		"auth code": {"type": "domain", "action": "transfer", "sld": "a", "tld": "nl"},
		"action":    {"type": "domain", "action": "renew", "sld": "a", "tld": "nl"},
		"space":     {"type": "hosting_own", "space_id": 7, "domain": "a.nl"},
		"domain":    {"type": "hosting_own", "space_id": 101, "domain": "a b"},
	} {
		if r := b.do(t, http.MethodPost, "/api/v1/orders", orderOf("r", item)); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, r.status)
		}
	}
	if r := b.do(t, http.MethodPost, "/api/v1/orders", orderOf("r")); r.status != http.StatusUnprocessableEntity {
		t.Errorf("no lines: %d", r.status)
	}
	if len(b.server.Effects()) != 0 || len(b.server.Orders()) != 0 {
		t.Errorf("effects: %v", b.server.Effects())
	}
}
