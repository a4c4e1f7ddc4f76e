package account

import (
	"regexp"
	"strings"

	"hostfront/tax"
)

// vatShapes are the forms of VAT numbers of the EU member states, by their
// prefix, without it. Source: the VIES pages of the European Commission. Whether a
// number exists is another question.
var vatShapes = map[string]*regexp.Regexp{
	"AT": shape(`U\d{8}`),
	"BE": shape(`[01]\d{9}`),
	"BG": shape(`\d{9,10}`),
	"CY": shape(`\d{8}[A-Z]`),
	"CZ": shape(`\d{8,10}`),
	"DE": shape(`\d{9}`),
	"DK": shape(`\d{8}`),
	"EE": shape(`\d{9}`),
	"EL": shape(`\d{9}`),
	"ES": shape(`[A-Z0-9]\d{7}[A-Z0-9]`),
	"FI": shape(`\d{8}`),
	"FR": shape(`[A-HJ-NP-Z0-9]{2}\d{9}`),
	"HR": shape(`\d{11}`),
	"HU": shape(`\d{8}`),
	"IE": shape(`(\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])`),
	"IT": shape(`\d{11}`),
	"LT": shape(`(\d{9}|\d{12})`),
	"LU": shape(`\d{8}`),
	"LV": shape(`\d{11}`),
	"MT": shape(`\d{8}`),
	"NL": shape(`[A-Z0-9+*]{10}\d{2}`),
	"PL": shape(`\d{10}`),
	"PT": shape(`\d{9}`),
	"RO": shape(`\d{2,10}`),
	"SE": shape(`\d{12}`),
	"SI": shape(`\d{8}`),
	"SK": shape(`\d{10}`),
}

// otherVATShape is what a number of a state outside the EU may look like.
var otherVATShape = shape(`[A-Z0-9]{4,20}`)

func shape(pattern string) *regexp.Regexp { return regexp.MustCompile(`^` + pattern + `$`) }

// vatSeparators are what people write between the digits.
var vatSeparators = strings.NewReplacer(" ", "", ".", "", "-", "", "/", "")

// vatID checks the form of a VAT number, with or without its prefix in an EU
// state, and writes it back with the prefix: "nl 0012.34.567.b01" in NL becomes
// "NL001234567B01". What reads as the whole number of another state is never taken for
// one without its prefix.
func (c *checks) vatID(name string, value *string, country string) {
	if c.missing(name, value, optional) {
		return
	}
	id := strings.ToUpper(vatSeparators.Replace(*value))
	prefix := tax.VATPrefix(country)
	if !tax.InEU(country) {
		if !otherVATShape.MatchString(id) {
			c.refuse(name, "invalid_vat_id", "A VAT number is 4 to 20 letters and digits.")
		}
		*value = id
		return
	}
	number, own := strings.CutPrefix(id, prefix)
	if !vatShapes[prefix].MatchString(number) || (!own && ofAnotherState(id)) {
		c.refuse(name, "invalid_vat_id", "This is not the form of a VAT number of "+country+", which begins with "+prefix+".")
		return
	}
	*value = prefix + number
}

// ofAnotherState is true of a number that begins with a state's prefix and has its form.
func ofAnotherState(id string) bool {
	if len(id) < 2 {
		return false
	}
	form, known := vatShapes[id[:2]]
	return known && form.MatchString(id[2:])
}
