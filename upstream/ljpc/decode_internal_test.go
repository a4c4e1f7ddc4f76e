package ljpc

import (
	"fmt"
	"strings"
	"testing"

	"hostfront/money"
	"hostfront/upstream"
)

func mustDecode(t *testing.T, text string) any {
	t.Helper()
	v, err := decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestPriceIsReadWithoutAFloatAndNullIsNotFree(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"12.10"`: "12.10 EUR", `12.10`: "12.10 EUR", `"0.00"`: "0.00 EUR", `7`: "7.00 EUR", `"4.5000"`: "4.50 EUR",
		`"4.501"`: "4.51 EUR", `0.1`: "0.10 EUR", `null`: "<nil>", `""`: "<nil>",
		`"free"`: "error", `true`: "error", `{}`: "error", `-1`: "error", `1e3`: "error", `"1e999999999"`: "error",
		`99999999999999999999999`: "error", `"NaN"`: "error", `"12,10"`: "error",
	} {
		o := object{"price": mustDecode(t, text)}
		amount, err := o.price(fieldTLDPrice)
		got := "<nil>"
		if amount != nil {
			got = amount.String()
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s is read as %s (%v), want %s", text, got, err, want)
		}
	}
	if p, err := (object{}).price(fieldTLDPrice); p != nil || err != nil {
		t.Errorf("absent: %v, %v", p, err)
	}
}

func TestTLDsAreReadInEveryLikelyShape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`[{"tld":"nl","price":"4.99","transfer_supported":true}]`:       "nl 4.99 EUR true",
		`{"tlds":[{"name":".NL","price":4.99,"transfer_supported":1}]}`: "nl 4.99 EUR true",
		`[{"extension":"рф","price":null,"transfer_supported":false}]`:  "xn--p1ai <nil> false",
		`[{"tld":"nl","price":"1.00"},{"tld":"nl","price":"2.00"}]`:     "nl 1.00 EUR false",
		`[]`:             "",
		`[{"tld":"nl"}]`: "error", `[{"price":"1.00"}]`: "error", `"nl"`: "error", `[1]`: "error", `null`: "error",
		`{"last_page":3,"tlds":[]}`: "error", `{"meta":{"last_page":"2"},"data":[]}`: "error", `{"meta":{"last_page":1},"data":[]}`: "",
		`[{"tld":"nl","price":"abc"}]`: "error",
	} {
		tlds, err := readTLDs(mustDecode(t, text))
		var lines []string
		for _, tld := range tlds {
			lines = append(lines, fmt.Sprintf("%s %v %v", tld.Name, amountText(tld.List), tld.TransferSupported))
		}
		got := strings.Join(lines, ";")
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %q (%v), want %q", text, got, err, want)
		}
	}
}

func amountText(a *money.Amount) string {
	if a == nil {
		return "<nil>"
	}
	return a.String()
}

func TestDomainPriceIsReadInEveryLikelyShape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"a.nl":{"price":{"amount":"4.24","currency":"EUR"},"premium":false}}`: "4.24 EUR false",
		`{"A.NL":{"price":{"amount":4.24,"currency":"eur"},"premium":1}}`:       "4.24 EUR true",
		`{"a.nl":{"price":"4.24","premium":true}}`:                              "4.24 EUR true",
		`{"a.nl":{"account_price":{"value":"4.24"},"premium":"false"}}`:         "4.24 EUR false",
		`{"a.nl":null}`: "nil", `{}`: "nil", `{"a.nl":{"price":null,"premium":false}}`: "nil",
		`{"a.nl":{"price":{"amount":null}}}`: "nil",
		`{"a.nl":{"premium":true}}`:          "error", `{"a.nl":"4.24"}`: "error", `[]`: "error",
		`{"a.nl":{"price":{"amount":"4.24","currency":"USD"}}}`: "error",
	} {
		prices, err := readPrices(mustDecode(t, text), []string{"a.nl"})
		got := "nil"
		if p := prices["a.nl"]; p != nil {
			got = fmt.Sprintf("%s %v", p.Cost, p.Premium)
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %s (%v), want %s", text, got, err, want)
		}
	}
}

func TestAvailabilityOfAWordThatIsNotKnownPromisesNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]upstream.Availability{
		`{"a.nl":"available"}`: upstream.Available, `{"A.nl":" Available "}`: upstream.Available, `"available"`: upstream.Available,
		`{"a.nl":"unknown"}`: upstream.Unsupported, `{"a.nl":"taken"}`: upstream.Taken, `{"a.nl":"unavailable"}`: upstream.Taken,
		`{"a.nl":"premium"}`: upstream.Uncertain, `{"a.nl":null}`: upstream.Uncertain, `{"b.nl":"available"}`: upstream.Uncertain,
		`{"a.nl":true}`: upstream.Uncertain, `{"a.nl":{"status":"available"}}`: upstream.Uncertain,
	} {
		answers, err := readKeyed(mustDecode(t, text), []string{"a.nl"})
		if got := readAvailability(answers["a.nl"]); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestOrderIsReadUnderDataOrDataOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"order":{"id":7,"simple_status":"completed","provisioning":{"lines":[{"state":"done","site_id":"12"}]}}}`: "completed done/12",
		`{"id":"7","simple_status":"processing","provisioning":{"lines":[{"status":"pending","site_id":null}]}}`:    "processing pending/",
		`{"order":{"id":7},"simple_status":"failed","provisioning":{"lines":[{"state":"failed"}]}}`:                 "failed failed/",
		`{"provisioning":{"overall":"Pending","lines":null}}`:                                                       "pending",
		`{"simple_status":"on_hold","provisioning":{"lines":[{"state":"paused","site_id":4}]}}`:                     "processing pending/4",
		`{"order":{"id":7}}`: "error", `null`: "error", `{"simple_status":"completed","provisioning":{"lines":[3]}}`: "error",
	} {
		data := mustDecode(t, text)
		status, err := readOrder(within(data, fieldOrder), asObject(data))
		got := status.State
		for _, l := range status.Lines {
			got += " " + l.State + "/" + l.SiteID
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %q (%v), want %q", text, got, err, want)
		}
	}
}

func TestAnswerAboutAnotherNameDoesNotSettleAPurchase(t *testing.T) {
	t.Parallel()
	if _, err := readDomain(object{"domain": "other.nl", "status": "ok"}, "mine.nl"); err == nil {
		t.Error("an answer about another name was taken")
	}
	d, err := readDomain(object{"name": "MINE.nl", "expiry_date": "2027-03-01", "nameservers": []any{
		map[string]any{"hostname": "ns1.x.nl"}, "ns2.x.nl"}, "autorenew": "1"}, "mine.nl")
	if err != nil || d.Name != "mine.nl" || d.ExpiresAt.IsZero() || len(d.Nameservers) != 2 || d.AutoRenew == nil || !*d.AutoRenew {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := readDomain(object{}, "mine.nl"); err == nil {
		t.Error("an empty answer was taken for a name that is ours")
	}
}

func TestProductsAreBilledAsTheirPricesAllow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"monthly_price":"5.00","yearly_price":null`:                              "monthly month=5.00 EUR",
		`"monthly_price":null,"yearly_price":"50.00"`:                             "yearly year=50.00 EUR",
		`"monthly_price":"5.00","yearly_price":"50.00"`:                           "client_choice month=5.00 EUR year=50.00 EUR",
		`"monthly_price":"5.00","yearly_price":"50.00","billing_period":"yearly"`: "yearly year=50.00 EUR",
		`"monthly_price":"5.00"`:                                                  "monthly month=5.00 EUR",
		`"monthly_price":null,"yearly_price":null`:                                "yearly year=<nil>",
		`"price":"5.00"`:           "error",
		`"monthly_price":"gratis"`: "error",
	} {
		entry := `{"products":[{"product_uuid":"u","category_identifier":"hosting_5gb","name":"x",` + text + `}]}`
		products, _, err := readProducts(asObject(mustDecode(t, entry)))
		got := "error"
		if err == nil {
			got = products[0].Billing
			for _, p := range products[0].Prices {
				got += " " + p.Cycle + "=" + amountText(p.Cost)
			}
		}
		if got != want {
			t.Errorf("%s: %q (%v), want %q", text, got, err, want)
		}
	}
}

func TestOnlyDocumentedCategoriesHaveAKind(t *testing.T) {
	t.Parallel()
	for category, want := range map[string]bool{
		"hosting_1gb": true, "hosting_250gb": true, "hosting_forward": true, "hosting_dns": true,
		"hosting_gb": false, "hosting_0gb": false, "hosting_-1gb": false, "hosting_+1gb": false, "hosting_1tb": false,
		"hosting_own": false, "domain_nl": false, "": false, "hosting_1gbgb": false,
	} {
		if _, got := kindOf(category); got != want {
			t.Errorf("%q is documented: %v, want %v", category, got, want)
		}
	}
}

func TestAnswerThatIsNoEnvelopeIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `<html></html>`, `[]`, `{"success":true`, `{"success":"yes"}`, `{"data":[]}`, `{"success":true} x`, `{"success":true}{}`} {
		if _, err := readEnvelope([]byte(text)); err == nil {
			t.Errorf("%q was read as an envelope", text)
		}
	}
}
