package account

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalFormIsNormalisedToItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		space := rapid.SampledFrom([]string{"", " ", "\t"})
		word := func(label string) string {
			return space.Draw(t, label) + rapid.String().Draw(t, label) + space.Draw(t, label)
		}
		r := Registrant{
			Type: rapid.SampledFrom([]string{Person, Organisation}).Draw(t, "type"), FirstName: word("first name"), LastName: word("last name"),
			Company: word("company"), CompanyNumber: word("company number"),
			Email: rapid.StringMatching(` ?[a-zA-Z.]{1,8}@[a-z]{1,5}\.[a-z]{2,3} ?`).Draw(t, "email"),
			Phone: rapid.StringMatching(`\+31 ?20[ -]?[1-9]\d{2}[ -]?\d{4}`).Draw(t, "phone"), Street: word("street"), Number: word("number"),
			Postcode: word("postcode"), City: word("city"), Country: rapid.SampledFrom([]string{"nl", " DE", "Fr "}).Draw(t, "country"),
		}
		once, fields := r.normalise()
		if len(fields) > 0 {
			return
		}
		twice, fields := once.normalise()
		if twice != once || len(fields) > 0 {
			t.Fatalf("%+v became %+v (%v)", once, twice, fields)
		}
	})
}

func TestVATNumberIsKeptInOneForm(t *testing.T) {
	t.Parallel()
	for country, written := range map[string][]string{
		"NL": {"NL001234567B01", "nl 0012.34.567.b01", "001234567B01"},
		"GR": {"EL123456789", "123456789"},
		"BE": {"BE0123456789", "0123.456.789"},
		"MC": {"FR12345678901", "12345678901"},
		"CH": {"CHE-123.456.789", "CHE123456789"},
	} {
		for _, w := range written {
			var c checks
			got := w
			c.vatID("vat_id", &got, country)
			if want := strings.NewReplacer("-", "", ".", "").Replace(written[0]); len(c.fields) > 0 || got != want {
				t.Errorf("%s in %s is kept as %s (%v), want %s", w, country, got, c.fields, want)
			}
		}
	}
	for _, refused := range []struct{ country, id string }{
		{"NL", "EL123456789"}, {"GR", "GR123456789"}, {"DE", "DE12345678"}, {"DE", "DE123456789\r\nX"}, {"US", "12"}, {"NL", "NLNL001234567B01"},
	} {
		var c checks
		id := refused.id
		if c.vatID("vat_id", &id, refused.country); len(c.fields) == 0 {
			t.Errorf("%q in %s is kept as %s", refused.id, refused.country, id)
		}
	}
}

func FuzzDetailsAreAcceptableOrNamed(f *testing.F) {
	f.Add("Ada", "ada@example.com", "+31201234567", "NL001234567B01", "NL")
	f.Add("\xff", "a@b\r\nBcc: c@d.example", "+", "++", "xx")
	f.Fuzz(func(t *testing.T, text, email, phone, vat, country string) {
		d, fields := details{FirstName: text, LastName: text, Company: text, Country: country, Phone: phone, VATID: vat}.normalise()
		fields = append(fields, checkEmail("email", email)...)
		if len(fields) > 0 {
			return
		}
		for _, v := range []string{d.FirstName, d.Phone, d.VATID, d.Country, strings.TrimSpace(email)} {
			if strings.ContainsAny(v, "\r\n\x00") {
				t.Fatalf("%q may hold a line break", v)
			}
		}
	})
}

func TestISOKnowsEveryCountry(t *testing.T) {
	t.Parallel()
	if n := len(strings.Fields(countries)); n != 249 {
		t.Errorf("%d countries are known, ISO 3166-1 has 249", n)
	}
	for _, code := range []string{"", "N", "nl", "XX", "UK", "EU", "N L", "NLD", " N"} {
		if KnownCountry(code) {
			t.Errorf("%q is a country", code)
		}
	}
}
