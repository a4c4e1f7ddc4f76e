package tax

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// The kinds of Treatment.
const (
	// Domestic: the seller's own VAT, also for EU consumers under the threshold.
	Domestic = "domestic"
	// OSS: the VAT of an EU consumer's country.
	OSS = "oss"
	// ReverseCharge: an EU business in another member state owes the VAT itself.
	ReverseCharge = "reverse_charge"
	// Outside: the sale is outside the EU's VAT.
	Outside = "outside"
	// NoSupply is money that pays for nothing supplied, such as a fee for paying late.
	NoSupply = "no_supply"
	// Exempt: the seller is an exempt small business.
	Exempt = "exempt"
)

// Buyer is who is sold to.
type Buyer struct {
	// Country is ISO 3166-1 alpha-2, upper case.
	Country string
	// Business: the buyer says to be one. Alone it changes nothing.
	Business bool
	// VATConfirmed: VIES or an admin has confirmed that VATID is real and the buyer's.
	VATConfirmed bool
	VATID        string
}

// Treatment is how one document is taxed. It is frozen in the quote and kept on
// the invoice.
type Treatment struct {
	// Kind is one of domestic, oss, reverse_charge, outside, exempt.
	Kind string `json:"kind"`
	// Country is where the sale is taxed; for reverse_charge and outside the buyer's.
	Country string `json:"country"`
	// Rate is in percent: 21 is 21 %.
	Rate decimal.Decimal `json:"rate"`
	// Note is the text that the law wants on the document, empty for domestic VAT.
	Note string `json:"note"`
}

// The words on the document. The law asks that they are there, in any language of
// the EU, with a reference to the Directive.
const (
	noteReverseCharge = "Reverse charge: VAT is to be accounted for by the recipient (Articles 44 and 196, Directive 2006/112/EC)."
	noteOutside       = "Outside the scope of EU VAT: the place of supply is outside the European Union (Articles 44 and 58, Directive 2006/112/EC)."
	noteOutsideSeller = "No EU VAT is charged: the supplier is established outside the European Union."
	noteExempt        = "Exempt from VAT: scheme for small enterprises (Article 284, Directive 2006/112/EC)."
	noteOSS           = "VAT of %s, declared through the One Stop Shop."
)

// Calculator says how sales of one seller are taxed. Safe for concurrent use.
type Calculator struct {
	seller Seller
}

// New is a calculator for a seller; the error says in a sentence what is wrong
// with the seller's country or schemes.
func New(s Seller) (*Calculator, error) {
	s.Schemes = slices.Clone(s.Schemes)
	slices.SortStableFunc(s.Schemes, func(a, b Scheme) int { return cmp.Compare(a.From.UnixMilli(), b.From.UnixMilli()) })
	if err := s.check(); err != nil {
		return nil, err
	}
	return &Calculator{seller: s}, nil
}

// HomeRate is the seller's own standard rate in percent on a day, zero for a
// seller outside the EU: what shop prices "with VAT" include.
func (c *Calculator) HomeRate(at time.Time) decimal.Decimal {
	scheme, err := c.seller.schemeAt(at)
	if err != nil || scheme == SchemeExempt {
		return decimal.Zero
	}
	rate, _ := rateAt(territory(c.seller.Country), at)
	return rate
}

// Treat says how a sale to a buyer at an instant is taxed.
func (c *Calculator) Treat(at time.Time, b Buyer) (Treatment, error) {
	scheme, err := c.seller.schemeAt(at)
	if err != nil {
		return Treatment{}, err
	}
	if len(b.Country) != 2 {
		return Treatment{}, fmt.Errorf("buyer's country %q is not a two-letter ISO 3166-1 code", b.Country)
	}
	home, there := territory(c.seller.Country), territory(b.Country)
	switch {
	case scheme == SchemeOutside:
		return untaxed(Outside, there, noteOutsideSeller), nil
	case !InEU(there):
		return untaxed(Outside, there, noteOutside), nil
	case home != there && b.confirmedIn(there):
		return untaxed(ReverseCharge, there, noteReverseCharge), nil
	case scheme == SchemeExempt:
		return untaxed(Exempt, home, noteExempt), nil
	case home == there, scheme == SchemeThreshold:
		return taxed(Domestic, home, at)
	}
	return taxed(OSS, there, at)
}

// confirmedIn is true for a business whose confirmed number is of its own
// country: a number of another state says nothing about where the buyer is.
func (b Buyer) confirmedIn(country string) bool {
	return b.Business && b.VATConfirmed && strings.HasPrefix(strings.ToUpper(b.VATID), VATPrefix(country))
}

func untaxed(kind, country, note string) Treatment {
	return Treatment{Kind: kind, Country: country, Rate: decimal.Zero, Note: note}
}

func taxed(kind, country string, at time.Time) (Treatment, error) {
	rate, ok := rateAt(country, at)
	if !ok {
		return Treatment{}, fmt.Errorf("no VAT rate of %s is known for %s", country, at.Format(time.DateOnly))
	}
	t := Treatment{Kind: kind, Country: country, Rate: rate}
	if kind == OSS {
		t.Note = fmt.Sprintf(noteOSS, country)
	}
	return t, nil
}
