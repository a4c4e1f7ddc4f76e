package account

import (
	"slices"
	"strings"

	"hostfront/fault"
)

// tldNeed is what a registry asks of a registrant beyond what every registry
// does.
type tldNeed struct {
	// presence lists where the registrant must be (ISO 3166-1); empty is anywhere.
	presence []string
	// numberIn lists where an organisation must give its number in the trade register.
	numberIn []string
	// unsupported is what the registry wants and no contact of an upstream we speak
	// to can carry: the TLD is not sold.
	unsupported string
}

var (
	eea        = strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO")
	eeaAndCH   = append(slices.Clone(eea), "CH")
	frOverseas = strings.Fields("GF GP MQ RE YT PM WF TF NC PF BL MF")
	afnic      = tldNeed{presence: append(slices.Clone(eeaAndCH), frOverseas...)}
)

// tldNeeds holds the registries' published rules as known in 2026, by TLD
// (A-label); a suffix such as com.au follows au unless it has a row of its own. A
// TLD that is not here asks for nothing special. A row only ever refuses a sale
// before payment: what is missing here, the registry refuses later.
//
// Left out: citizens of the EU who live elsewhere may have a .eu, but citizenship is
// not among the fields of a contact.
var tldNeeds = map[string]tldNeed{
	// EURid: residents of, and organisations in, the EU and EEA (Regulation 2019/517).
	"eu": {presence: eea}, "xn--e1a4c": {presence: eea}, "xn--qxa6a": {presence: eea},
	// AFNIC: the EU, Iceland, Liechtenstein, Norway and Switzerland.
	"fr": afnic, "re": afnic, "pm": afnic, "tf": afnic, "wf": afnic, "yt": afnic,
	// Punktum dk: Danish organisations are known by their CVR number.
	"dk": {numberIn: []string{"DK"}},
	// JPRS: an address in Japan; the organisational suffixes want papers.
	"jp": {presence: []string{"JP"}}, "co.jp": {unsupported: "registration papers"}, "or.jp": {unsupported: "registration papers"},
	"ne.jp": {unsupported: "registration papers"}, "ac.jp": {unsupported: "registration papers"}, "go.jp": {unsupported: "registration papers"},
	// Croatia: .hr wants an OIB, com.hr is open.
	"hr": {unsupported: "an OIB"}, "com.hr": {},

	// Numbers of persons, which no contact carries.
	"it": {unsupported: "a tax code"}, "es": {unsupported: "a NIF, NIE or passport number"}, "pt": {unsupported: "a NIF"},
	"no": {unsupported: "a Norwegian organisation or person number and a signed declaration"},
	"se": {unsupported: "a person or organisation number"}, "nu": {unsupported: "a person or organisation number"},
	"fi": {unsupported: "a date of birth or register number"}, "ee": {unsupported: "a person or register code"},
	"hu": {unsupported: "an identity or tax number"}, "ro": {unsupported: "a personal or fiscal code"},
	"br": {unsupported: "a CPF or CNPJ"}, "ru": {unsupported: "passport data"}, "su": {unsupported: "passport data"},
	"xn--p1ai": {unsupported: "passport data"}, "cn": {unsupported: "verified identity papers"}, "kr": {unsupported: "a Korean identity number"},
	"sg": {unsupported: "a Singaporean identity"}, "my": {unsupported: "a Malaysian identity"}, "id": {unsupported: "identity papers"},

	// Declarations and eligibility, which no contact carries.
	"us": {unsupported: "a nexus category"}, "ca": {unsupported: "a legal type of Canadian presence"},
	"au": {unsupported: "an ABN, ACN or trade mark"}, "ie": {unsupported: "proof of a connection with Ireland"},
	"nyc": {unsupported: "a nexus with New York City"}, "swiss": {unsupported: "a Swiss UID and the registry's approval"},
	"aero": {unsupported: "a membership id"}, "bank": {unsupported: "verification"}, "insurance": {unsupported: "verification"},
	"pharmacy": {unsupported: "verification"}, "coop": {unsupported: "verification"}, "ngo": {unsupported: "validation"}, "ong": {unsupported: "validation"},
	"law": {unsupported: "a licence"}, "abogado": {unsupported: "a licence"}, "post": {unsupported: "a sponsor"}, "jobs": {unsupported: "verification"},
	"edu": {unsupported: "accreditation"}, "gov": {unsupported: "authority"}, "mil": {unsupported: "authority"}, "int": {unsupported: "a treaty"},
}

// needOf finds the row of a TLD, or of the nearest suffix above it.
func needOf(tld string) tldNeed {
	for tld != "" {
		if n, ok := tldNeeds[tld]; ok {
			return n
		}
		_, tld, _ = strings.Cut(tld, ".")
	}
	return tldNeed{}
}

// TLDNeedsUnsupported is true for a TLD (A-label, lower case, "nl", "com.au")
// whose registry asks for something that cannot be given through the shop: it is
// not sold.
func TLDNeedsUnsupported(tld string) bool { return needOf(tld).unsupported != "" }

// ValidateRegistrant names every field that is not acceptable for a TLD, as
// "registrant.email"; none means that the registrant may be sent. It is asked
// before payment.
func ValidateRegistrant(r Registrant, tld string) []fault.Field {
	r, fields := r.normalise()
	c := checks{prefix: "registrant.", fields: fields}
	n := needOf(tld)
	if n.unsupported != "" {
		c.refuse("type", "tld_not_supported", "A name in ."+tld+" needs "+n.unsupported+", which cannot be given here.")
	}
	if len(n.presence) > 0 && KnownCountry(r.Country) && !slices.Contains(n.presence, r.Country) {
		c.refuse("country", "presence_required", "A name in ."+tld+" cannot be registered from this country.")
	}
	if r.Type == Organisation && r.CompanyNumber == "" && slices.Contains(n.numberIn, r.Country) {
		c.refuse("company_number", "required", "A name in ."+tld+" needs the organisation's number.")
	}
	return c.fields
}
