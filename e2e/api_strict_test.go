package e2e

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/gavv/httpexpect/v2"
)

// says is what a problem tells of a field.
func (p problem) says(field string) (code, message string) {
	for _, e := range p.Errors {
		if e.Field == field {
			return e.Code, e.Message
		}
	}
	return "", ""
}

// sent sends a body as text, and reads the problem that must come of it.
func (c caller) sent(method, address, body string, status int) problem {
	c.t.Helper()
	response := c.request(method, address).WithHeader("Content-Type", "application/json").WithBytes([]byte(body)).Expect()
	if got := response.Raw().StatusCode; got != status {
		c.t.Fatalf("%s %s with %.100s answered %d, want %d: %s", method, address, body, got, status, response.Body().Raw())
	}
	var p problem
	response.JSON(httpexpect.ContentOpts{MediaType: "application/problem+json"}).Decode(&p)
	return p
}

func TestNullIsNoListAndWipesNothing(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	customer := f.customer("anna@example.com")
	lists := 0
	f.still(t, func() {
		for _, e := range taking() {
			for name, property := range e.bodySchema().Properties {
				if !property.Value.Type.Includes("array") {
					continue
				}
				lists++
				if property.Value.Type.Includes("null") {
					t.Errorf("%s lets %s be null", e.OperationID, name)
				}
				p := f.entitled(e, customer).in(t).raw(e, `{"`+name+`":null}`, "application/json", http.StatusUnprocessableEntity)
				if _, message := p.says(name); message != "Give a list." {
					t.Errorf("%s with null for %s: %+v", e.OperationID, name, p.Errors)
				}
			}
		}
	})
	if lists < 6 {
		t.Errorf("%d lists were tried, want all", lists)
	}
}

func TestAMemberIsKnownByItsExactNameAndGivenOnce(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	for _, c := range []struct{ body, field, code string }{
		{`{"COUNTRY":"DE","lines":[{"action":"register","domain":"a-good-name.nl","years":1}]}`, "COUNTRY", "unknown"},
		{`{"country":"NL","LINES":[{"action":"register","domain":"a-good-name.nl","years":1}]}`, "LINES", "unknown"},
		{`{"country":"NL","country":"DE","lines":[{"action":"register","domain":"a-good-name.nl","years":1}]}`, "country", "duplicate"},
		{`{"country":"NL","lines":[{"action":"register","domain":"a.nl","domain":"b.nl","years":1}]}`, "lines[0].domain", "duplicate"},
		{`{"country":"NL","lines":[{"action":"register","domain":"a.nl","Years":1}]}`, "lines[0].Years", "unknown"},
	} {
		p := f.visitor().sent(http.MethodPost, "/v1/quotes", c.body, http.StatusUnprocessableEntity)
		if code, _ := p.says(c.field); code != c.code {
			t.Errorf("%s: %+v, want %s about %s", c.body, p.Errors, c.code, c.field)
		}
	}
	staff, customer := f.staff(), f.customer("anna@example.com")
	for address, who := range map[string]caller{"/v1/catalog/tlds": f.visitor(), "/v1/orders": customer, "/v1/admin/orders": staff} {
		p := who.refused(http.MethodGet, address+"?limit=5&limit=6", nil, http.StatusUnprocessableEntity, "invalid_fields")
		if code, _ := p.says("limit"); code != "duplicate" {
			t.Errorf("%s: two limits are %+v", address, p.Errors)
		}
	}
}

func TestWhatIsWrongIsSaidByTheFieldAndInPlainWords(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	rule := func(value string) string {
		return `{"rules":[{"scope":"shop","method":"percent","value":` + value + `}]}`
	}
	suspense := func(amount string) string {
		return `{"amount":{"amount":"` + amount + `","currency":"EUR"},"reference":"x"}`
	}
	line := func(years string) string {
		return `{"country":"NL","lines":[{"action":"register","domain":"a.nl","years":` + years + `}]}`
	}
	for _, c := range []struct{ method, address, body, field, message string }{
		{http.MethodPut, "/v1/admin/price-rules", rule(`"abc"`), "rules[0].value", `Give a decimal number, such as "12.10".`},
		{http.MethodPut, "/v1/admin/price-rules", rule(`"1e999"`), "rules[0].value", `Give a decimal number, such as "12.10".`},
		{http.MethodPost, "/v1/admin/suspense", suspense("1.001"), "amount.amount", `Give a decimal number with at most 2 decimals, such as "12.10".`},
		{http.MethodPost, "/v1/admin/suspense", suspense("99999999999999999999"), "amount.amount", "Give an amount between -92233720368547758.07 and 92233720368547758.07."},
		{http.MethodPost, "/v1/quotes", line("1e999"), "lines[0].years", "Give a whole number."},
		{http.MethodPost, "/v1/quotes", line("1.5"), "lines[0].years", "Give a whole number."},
		{http.MethodGet, "/v1/admin/ledger?from=foo", "", "from", "Give a time such as 2026-01-31T12:00:00Z."},
		{http.MethodGet, "/v1/admin/orders?limit=-1", "", "limit", "Give a whole number from 1 to 100."},
		{http.MethodGet, "/v1/admin/orders?limit=x", "", "limit", "Give a whole number from 1 to 100."},
	} {
		who := f.staff()
		if c.address == "/v1/quotes" {
			who = f.visitor()
		}
		p := who.sent(c.method, c.address, c.body, http.StatusUnprocessableEntity)
		if _, message := p.says(c.field); message != c.message || len(p.Errors) == 0 || strings.Contains(p.Errors[0].Message, "json") {
			t.Errorf("%s %s %s: %+v, want %q about %s", c.method, c.address, c.body, p.Errors, c.message, c.field)
		}
		if code, message := p.says("body"); code != "" {
			t.Errorf("%s %s: the body, too: %s", c.address, c.body, message)
		}
	}
	p := f.visitor().once("schlüssel").refused(http.MethodPost, "/v1/quotes", map[string]any{"lines": []any{}}, http.StatusUnprocessableEntity, "invalid_fields")
	if _, message := p.says("Idempotency-Key"); strings.Contains(message, "pattern") || message == "" {
		t.Errorf("a key that is not ASCII: %+v", p.Errors)
	}
	nul := f.visitor().sent(http.MethodPost, "/v1/quotes", `{"lines":[{"domain":"a"},{"years":[1,{"x":2}],"domain":"\u0000"}]}`, http.StatusBadRequest)
	if code, _ := nul.says("lines[1].domain"); code != "invalid_text" || nul.Code != "invalid_text" {
		t.Errorf("a NUL: %+v", nul)
	}
	large := f.visitor().sent(http.MethodPost, "/v1/quotes", `{"a":"`+strings.Repeat("x", 1<<20)+`"}`, http.StatusRequestEntityTooLarge)
	if !strings.Contains(large.Detail, "1 MB") {
		t.Errorf("too large: %+v", large)
	}
}

func TestABodyIsNotTakenCompressed(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(`{"email":"anna@example.com"}`)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	response := f.visitor().request(http.MethodPost, "/v1/auth/login").WithHeader("Content-Type", "application/json").
		WithHeader("Content-Encoding", "gzip").WithBytes(packed.Bytes()).Expect().Status(http.StatusUnsupportedMediaType)
	var p problem
	response.JSON(httpexpect.ContentOpts{MediaType: "application/problem+json"}).Decode(&p)
	if p.Code != "unsupported_media_type" || !strings.Contains(p.Detail, "Content-Encoding") {
		t.Errorf("the problem is %+v", p)
	}
}
