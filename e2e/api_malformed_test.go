package e2e

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gavv/httpexpect/v2"
	"github.com/getkin/kin-openapi/openapi3"
)

// entitled is a caller that may call an operation.
func (f *front) entitled(e endpoint, customer caller) caller {
	switch e.needs() {
	case "admin":
		return f.staff()
	case "customer":
		return customer
	}
	return f.visitor()
}

// taking are the operations that take a body.
func taking() []endpoint {
	var all []endpoint
	for _, e := range contract.endpoints() {
		if e.RequestBody != nil && e.OperationID != "webhook" {
			all = append(all, e)
		}
	}
	return all
}

func (e endpoint) bodySchema() *openapi3.Schema {
	return e.RequestBody.Value.Content.Get("application/json").Schema.Value
}

// TestAMalformedBodyIsAProblemAndNothingHappens sends every operation with a body
// each kind of bad one.
func TestAMalformedBodyIsAProblemAndNothingHappens(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	customer := f.customer("anna@example.com")
	bad := []struct {
		name, body, media string
		status            int
		code, field       string
	}{
		{"an unknown field", `{"surprise":true}`, "application/json", 422, "invalid_fields", "surprise"},
		{"an array", `[]`, "application/json", 422, "invalid_fields", "body"},
		{"a text", `"text"`, "application/json", 422, "invalid_fields", "body"},
		{"null", `null`, "application/json", 422, "invalid_fields", "body"},
		{"nothing", ``, "application/json", 400, "malformed", ""},
		{"half a body", `{"a":`, "application/json", 400, "malformed", ""},
		{"two bodies", `{}{}`, "application/json", 400, "malformed", ""},
		{"what is not UTF-8", "{\"a\":\"\xff\xfe\"}", "application/json", 400, "invalid_utf8", ""},
		{"a NUL", `{"a":"\u0000"}`, "application/json", 400, "invalid_text", ""},
		{"another media type", `a=b`, "application/x-www-form-urlencoded", 415, "unsupported_media_type", ""},
		{"XML", `<a/>`, "application/xml", 415, "unsupported_media_type", ""},
		{"too large a body", `{"a":"` + strings.Repeat("x", 1<<20) + `"}`, "application/json", 413, "too_large", ""},
	}
	for _, b := range bad {
		t.Run(b.name, func(t *testing.T) {
			f.still(t, func() {
				for _, e := range taking() {
					if b.body == "" && !e.RequestBody.Value.Required {
						continue // nothing is a body it takes
					}
					p := f.entitled(e, customer).in(t).raw(e, b.body, b.media, b.status)
					if p.Code != b.code || b.field != "" && !slices.Contains(p.fields(), b.field) {
						t.Errorf("%s: the problem is %+v, want %s about %q", e.OperationID, p, b.code, b.field)
					}
				}
			})
		})
	}
}

// raw sends bytes to an operation and reads the problem.
func (c caller) raw(e endpoint, body, media string, status int) problem {
	c.t.Helper()
	response := c.request(e.method, e.anywhere()).WithHeader("Content-Type", media).WithBytes([]byte(body)).Expect()
	if got := response.Raw().StatusCode; got != status {
		c.t.Errorf("%s answered %d, want %d: %.300s", e.OperationID, got, status, response.Body().Raw())
		return problem{}
	}
	var p problem
	response.JSON(httpexpect.ContentOpts{MediaType: "application/problem+json"}).Decode(&p)
	return p
}

// TestEachFieldOfABodyIsCheckedByName leaves out what is needed and sends what has
// the wrong type, field by field.
func TestEachFieldOfABodyIsCheckedByName(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	customer := f.customer("anna@example.com")
	f.still(t, func() {
		for _, e := range taking() {
			schema := e.bodySchema()
			if len(schema.Required) > 0 {
				p := f.entitled(e, customer).in(t).raw(e, `{}`, "application/json", 422)
				for _, name := range schema.Required {
					if code := p.codeOf(name); code != "required" {
						t.Errorf("%s without %s: %q of %+v", e.OperationID, name, code, p.Errors)
					}
				}
			}
			for name, property := range schema.Properties {
				wrong := wrongFor(property.Value)
				if wrong == "" {
					continue
				}
				p := f.entitled(e, customer).in(t).raw(e, `{"`+name+`":`+wrong+`}`, "application/json", 422)
				if code := p.codeOf(name); code != "invalid" {
					t.Errorf("%s with %s %s: %q of %+v", e.OperationID, name, wrong, code, p.Errors)
				}
			}
		}
	})
}

func (p problem) codeOf(field string) string {
	for _, e := range p.Errors {
		if e.Field == field {
			return e.Code
		}
	}
	return ""
}

// wrongFor is a value that no schema of this type takes; "" where any is taken.
func wrongFor(s *openapi3.Schema) string {
	switch {
	case s.Type == nil:
		return ""
	case s.Type.Includes("string"):
		return `{"a":1}`
	default:
		return `"neither"`
	}
}

func TestAFieldDeepInABodyIsNamedByItsPlace(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	for _, c := range []struct {
		line  map[string]any
		field string
		code  string
	}{
		{map[string]any{"action": "register"}, "lines[1].domain", "required"},
		{map[string]any{"action": "register", "domain": 7}, "lines[1].domain", "invalid"},
		{map[string]any{"action": "steal", "domain": "b.nl"}, "lines[1].action", "invalid"},
		{map[string]any{"action": "register", "domain": "b.nl", "years": 99}, "lines[1].years", "invalid"},
		{map[string]any{"action": "register", "domain": "b.nl", "colour": "red"}, "lines[1].colour", "unknown"},
		{map[string]any{"action": "register", "domain": "not a name"}, "lines[1].domain", "name_invalid"},
		{map[string]any{"action": "transfer", "domain": "b.nl"}, "lines[1].auth_code", "required"},
		{map[string]any{"product_id": "none", "cycle": "month", "domain": "b.nl"}, "lines[1].product_id", "not_for_sale"},
	} {
		body := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": "a-good-name.nl", "years": 1}, c.line}}
		p := f.visitor().refused(http.MethodPost, "/v1/quotes", body, http.StatusUnprocessableEntity, "invalid_fields")
		if got := p.codeOf(c.field); got != c.code {
			t.Errorf("%v: %q of %+v, want %s about %s", c.line, got, p.Errors, c.code, c.field)
		}
	}
}

// TestAParameterThatIsNotKnownOrNotAcceptableIsAProblem tries every operation with a
// parameter it does not have, and every list with bad ones.
func TestAParameterThatIsNotKnownOrNotAcceptableIsAProblem(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	customer := f.customer("anna@example.com")
	f.still(t, func() {
		for _, e := range contract.endpoints() {
			c := f.entitled(e, customer).in(t)
			c.badParameter(e, "surprise", "1")
			if e.parameter("query", "limit") {
				for _, limit := range []string{"0", "-1", "101", "x", "1.5", "9999999999999999999999"} {
					c.badParameter(e, "limit", limit)
				}
			}
			if e.parameter("query", "cursor") {
				invented := []string{"%21%21", "1+OR+1%3D1", "..%2F..", "bmw", "MDAwMDAwMG5s", "zzz_01ARZ3NDEKTSV4RRFFQ69G5FAV", "ord_99999999999999999999999999"}
				for _, cursor := range invented {
					c.badParameter(e, "cursor", cursor)
				}
			}
		}
	})
}

// badParameter sends one bad parameter and wants the problem to name it.
func (c caller) badParameter(e endpoint, name, value string) {
	c.t.Helper()
	r := c.request(e.method, e.anywhere()+"?"+name+"="+value)
	if e.RequestBody != nil {
		r = r.WithJSON(map[string]any{"rules": []any{}})
	}
	response := r.Expect()
	if got := response.Raw().StatusCode; got != http.StatusUnprocessableEntity {
		c.t.Errorf("%s with %s=%s answered %d: %.300s", e.OperationID, name, value, got, response.Body().Raw())
		return
	}
	var p problem
	response.JSON(httpexpect.ContentOpts{MediaType: "application/problem+json"}).Decode(&p)
	if name == "cursor" && (p.Code != "invalid_cursor" || p.codeOf(name) != "invalid_cursor" || len(p.Errors) != 1) {
		c.t.Errorf("%s with %s=%s: the problem is %+v, want invalid_cursor", e.OperationID, name, value, p)
	}
	if p.codeOf(name) == "" {
		c.t.Errorf("%s with %s=%s: the problem does not name it: %+v", e.OperationID, name, value, p)
	}
}

func TestAllThatIsWrongWithAQueryIsToldAtOnce(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	for _, address := range []string{"/v1/catalog/tlds", "/v1/catalog/products"} {
		p := f.visitor().refused(http.MethodGet, address+"?limit=0&cursor=nl&surprise=1&more=2", nil, http.StatusUnprocessableEntity, "invalid_fields")
		for name, code := range map[string]string{"limit": "invalid", "cursor": "invalid_cursor", "surprise": "unknown", "more": "unknown"} {
			if p.codeOf(name) != code {
				t.Errorf("%s: %s is %q, want %q", address, name, p.codeOf(name), code)
			}
		}
	}
	p := f.customer("anna@example.com").refused(http.MethodGet, "/v1/orders?limit=0&cursor=nl&surprise=1", nil, http.StatusUnprocessableEntity, "invalid_fields")
	if p.codeOf("limit") == "" || p.codeOf("cursor") != "invalid_cursor" || p.codeOf("surprise") != "unknown" {
		t.Errorf("the orders: %+v", p)
	}
}

func TestAnAddressThatCannotBeReadIsAProblem(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	for _, c := range []struct{ address, code string }{
		{"/v1/catalog/products?q=%ff", "invalid_utf8"},
		{"/v1/quotes/%ff%fe", "invalid_utf8"},
		{"/v1/quotes/a%00b", "invalid_utf8"},
		{"/v1/catalog/tlds?q=%zz", "invalid_utf8"},
		{"/v1/catalog/tlds?cursor=\x7f", "malformed"},
	} {
		status, p := f.dial(t, "GET "+c.address+" HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
		if status != http.StatusBadRequest || p.Code != c.code {
			t.Errorf("%q: %d %+v, want 400 %s", c.address, status, p, c.code)
		}
	}
	long := strings.Repeat("x", 70)
	f.visitor().refused(http.MethodGet, "/v1/quotes/"+long, nil, http.StatusUnprocessableEntity, "invalid_fields")
}

func TestWhatTheListenerRefusesIsAProblemToo(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	large := "POST /v1/auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: " +
		strconv.Itoa(2<<20) + "\r\nConnection: close\r\n\r\n"
	if status, p := f.dial(t, large); status != http.StatusRequestEntityTooLarge || p.Code != "too_large" || p.RequestID == "" {
		t.Errorf("too large a body: %d %+v", status, p)
	}
	header := "GET /healthz HTTP/1.1\r\nHost: shop\r\nX-Long: " + strings.Repeat("x", 20000) + "\r\n\r\n"
	if status, p := f.dial(t, header); status != http.StatusRequestHeaderFieldsTooLarge || p.Code != "header_too_large" {
		t.Errorf("too large a header: %d %+v", status, p)
	}
	key := "POST /v1/quotes HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nIdempotency-Key: \xff\xfe\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
	if status, p := f.dial(t, key); status != http.StatusUnprocessableEntity || p.codeOf("Idempotency-Key") == "" {
		t.Errorf("a key that is no text: %d %+v", status, p)
	}
}

func TestAPageOfInvoicesMayEndOnACreditNote(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	for _, list := range []struct {
		of   caller
		path string
	}{{f.customer("anna@example.com"), "/v1/invoices"}, {f.staff(), "/v1/admin/invoices"}} {
		for _, kind := range []string{"inv", "crn"} {
			list.of.get(list.path + "?cursor=" + kind + "_01M82VG295M5Z8HF14XV8YSX6B").Path("$.items").Array().IsEmpty()
		}
		list.of.refused(http.MethodGet, list.path+"?cursor=pay_01M82VG295M5Z8HF14XV8YSX6B", nil, http.StatusUnprocessableEntity, "invalid_cursor")
	}
}
