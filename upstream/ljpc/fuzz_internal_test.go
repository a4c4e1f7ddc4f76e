package ljpc

import "testing"

// FuzzAnswers: no answer, however odd, may do more than fail to be read.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"success":true,"jti":"a","data":{"a.nl":"available"}}`,
		`{"success":true,"data":[{"tld":"nl","price":"4.99","transfer_supported":true}]}`,
		`{"success":true,"data":{"order":{"id":1,"simple_status":"completed","provisioning":{"lines":[{"state":"done","site_id":1}]}}}}`,
		`{"success":true,"data":{"zone":{"domain":"a.nl"},"records":[{"type":"MX","prio":10,"ttl":60}]}}`,
		`{"success":true,"data":{"a.nl":{"price":{"amount":"1.00","currency":"EUR"},"premium":false}}}`,
		`{"products":[{"product_uuid":"u","category_identifier":"hosting_1gb","monthly_price":"1e99999999"}]}`,
		`{"success":false,"message":null}`, `null`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, body []byte) {
		e, err := readEnvelope(body)
		if err == nil {
			readEverything(e.data)
		}
		if value, err := decode(body); err == nil {
			_, _, _ = readProducts(asObject(value))
			readEverything(value)
		}
	})
}

func readEverything(data any) {
	_, _ = readTLDs(data)
	_, _ = readPrices(data, []string{"a.nl"})
	if answers, err := readKeyed(data, []string{"a.nl"}); err == nil {
		_ = readAvailability(answers["a.nl"])
	}
	_, _ = readOrder(within(data, fieldOrder), asObject(data))
	_, _ = readDomain(within(data, fieldDomain, fieldDomainWrapper), "a.nl")
	_, _ = readSite(within(data, fieldSite))
	_, _ = readZone(data)
	_ = readContact(within(data, fieldContact))
	check := Check{}
	shape{list: &listDomains, fields: domainFields()}.compare(data, &check, map[string]string{})
}

// FuzzPrice: a price is read exactly or not at all.
func FuzzPrice(f *testing.F) {
	for _, seed := range []string{"4.99", "0", "", "1e9", "-1", "99999999999999999999", ".5", "5."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := parsePrice(text)
		if err == nil && amount.IsNegative() {
			t.Fatalf("%q is read as %s", text, amount)
		}
	})
}
