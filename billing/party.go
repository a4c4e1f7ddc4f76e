package billing

import (
	"encoding/json"
	"fmt"
	"strings"

	"hostfront/account"
)

// Seller is the shop as it stands on documents.
type Seller struct {
	Name         string `json:"name"`
	Street       string `json:"street"`
	Postcode     string `json:"postcode"`
	City         string `json:"city"`
	Country      string `json:"country"`
	Email        string `json:"email,omitempty"`
	VATID        string `json:"vat_id,omitempty"`
	Registration string `json:"registration,omitempty"` // trade register and number
	IBAN         string `json:"iban,omitempty"`
	BIC          string `json:"bic,omitempty"`
}

// Buyer is a customer as they stood when the document was made.
type Buyer struct {
	Name     string `json:"name"`
	Company  string `json:"company,omitempty"`
	Email    string `json:"email"`
	Street   string `json:"street,omitempty"`
	Postcode string `json:"postcode,omitempty"`
	City     string `json:"city,omitempty"`
	Country  string `json:"country"`
	VATID    string `json:"vat_id,omitempty"`
	Locale   string `json:"locale,omitempty"`
	// VATStatus is what was known of the number when the VAT was decided: none, pending,
	// confirmed or rejected. CountryFrom is where Country comes from. With the address
	// they are the evidence that is kept of the place of supply.
	VATStatus   string `json:"vat_status,omitempty"`
	CountryFrom string `json:"country_from,omitempty"`
}

// fromAddress is the one source of a buyer's country: the address they have given.
const fromAddress = "billing_address"

func buyerOf(c account.Customer) Buyer {
	return Buyer{
		Name: strings.TrimSpace(c.Name()), Company: c.Company, Email: c.Email,
		Street: strings.TrimSpace(c.Street + " " + c.Number), Postcode: c.Postcode, City: c.City,
		Country: c.Country, VATID: c.VATID, Locale: c.Locale,
		VATStatus: c.VATStatus, CountryFrom: fromAddress,
	}
}

// freeze is a party as it is kept on a document.
func freeze(party any) (string, error) {
	doc, err := json.Marshal(party)
	if err != nil {
		return "", fmt.Errorf("freeze a party: %w", err)
	}
	return string(doc), nil
}
