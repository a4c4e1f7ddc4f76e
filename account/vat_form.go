package account

// FitsCountry says whether a VAT number has the form of those of a country, with or without its
// prefix in an EU state. No number fits.
func FitsCountry(vatID, country string) bool {
	c := &checks{}
	c.vatID("vat_id", &vatID, country)
	return len(c.fields) == 0
}
