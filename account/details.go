package account

import (
	"strings"

	"hostfront/db"
	"hostfront/fault"
)

// details are the fields of a customer that the customer may change.
type details struct {
	FirstName, LastName, Company   string
	Street, Number, Postcode, City string
	Country, Phone, VATID, Locale  string
}

// normalise trims and folds what may be written in several ways, and names every
// field that is not acceptable.
func (d details) normalise() (details, []fault.Field) {
	var c checks
	c.text("first_name", &d.FirstName, required)
	c.text("last_name", &d.LastName, required)
	c.text("company", &d.Company, optional)
	c.text("street", &d.Street, optional)
	c.text("number", &d.Number, optional)
	c.text("postcode", &d.Postcode, optional)
	c.text("city", &d.City, optional)
	c.country("country", &d.Country)
	c.phone("phone", &d.Phone, optional)
	c.vatID("vat_id", &d.VATID, d.Country)
	c.locale("locale", &d.Locale)
	return d, c.fields
}

func (d details) vatStatus() string {
	if d.VATID == "" {
		return VATNone
	}
	return VATPending
}

func (d details) insertParams(id, email, hash string) db.CustomerInsertParams {
	return db.CustomerInsertParams{
		ID: id, Email: strings.TrimSpace(email), EmailLower: lowerEmail(email), PasswordHash: hash,
		FirstName: d.FirstName, LastName: d.LastName, Company: d.Company, Street: d.Street, HouseNumber: d.Number,
		Postcode: d.Postcode, City: d.City, Country: d.Country, Phone: d.Phone, VatID: d.VATID, VatStatus: d.vatStatus(), Locale: d.Locale,
	}
}

func (c Customer) details() details {
	return details{
		FirstName: c.FirstName, LastName: c.LastName, Company: c.Company, Street: c.Street, Number: c.Number,
		Postcode: c.Postcode, City: c.City, Country: c.Country, Phone: c.Phone, VATID: c.VATID, Locale: c.Locale,
	}
}
