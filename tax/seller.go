package tax

import (
	"fmt"
	"slices"
	"time"

	"hostfront/money"
)

// The schemes a seller can be under.
const (
	// SchemeOSS: EU consumers pay the VAT of their own country, declared through
	// the One Stop Shop. A seller outside the EU uses its non-Union variant.
	SchemeOSS = "oss"
	// SchemeThreshold: cross-border sales to EU consumers are under Threshold a
	// year, so that they are taxed as domestic ones.
	SchemeThreshold = "threshold"
	// SchemeExempt: the small-business exemption; no VAT is charged.
	SchemeExempt = "exempt"
	// SchemeOutside: the seller is not in the EU and charges no EU VAT.
	SchemeOutside = "outside"
)

// Threshold is the yearly turnover of cross-border sales to EU consumers, net,
// up to which SchemeThreshold may be used (Article 59c, Directive 2006/112/EC).
var Threshold = money.New(10_000_00, money.EUR)

// Scheme is a scheme the seller is under from a day on.
type Scheme struct {
	From time.Time
	Kind string
}

// Seller is the shop: its country (ISO 3166-1 alpha-2), its VAT number, and its
// schemes by date.
type Seller struct {
	Country, VATID string
	Schemes        []Scheme
}

// check gives the first thing that is wrong with the seller, in a sentence for
// the operator.
func (s Seller) check() error {
	if len(s.Country) != 2 {
		return fmt.Errorf("the seller's country %q is not a two-letter ISO 3166-1 code", s.Country)
	}
	if len(s.Schemes) == 0 {
		return fmt.Errorf("the seller has no VAT scheme: give one of oss, threshold, exempt, outside")
	}
	for _, scheme := range s.Schemes {
		if err := s.checkScheme(scheme.Kind); err != nil {
			return err
		}
	}
	return nil
}

func (s Seller) checkScheme(kind string) error {
	switch kind {
	case SchemeOSS:
		return nil
	case SchemeThreshold, SchemeExempt:
		if !InEU(s.Country) {
			return fmt.Errorf("VAT scheme %q is for sellers in the EU, and %s is not in it", kind, s.Country)
		}
		return nil
	case SchemeOutside:
		if InEU(s.Country) {
			return fmt.Errorf("VAT scheme %q is for sellers outside the EU, and %s is in it", kind, s.Country)
		}
		return nil
	}
	return fmt.Errorf("VAT scheme %q is not one of oss, threshold, exempt, outside", kind)
}

// schemeAt is the scheme in force at an instant.
func (s Seller) schemeAt(at time.Time) (string, error) {
	for _, scheme := range slices.Backward(s.Schemes) {
		if !at.Before(scheme.From) {
			return scheme.Kind, nil
		}
	}
	return "", fmt.Errorf("the seller has no VAT scheme on %s: the first begins on %s",
		at.Format(time.DateOnly), s.Schemes[0].From.Format(time.DateOnly))
}
