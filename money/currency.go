package money

import (
	"fmt"
	"strings"
)

// Currency is an ISO 4217 alphabetic code in upper case, such as "EUR".
type Currency string

// The currencies the shop itself names in code; any other known code works too.
const (
	EUR Currency = "EUR"
	USD Currency = "USD"
)

// exponents holds the currencies whose minor unit is not a hundredth
// (ISO 4217, list one). Every other three-letter code has two decimals.
var exponents = map[Currency]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0,
	"PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

// ParseCurrency reads a currency code in either case ("eur", "EUR"): gateways
// answer in lower case where the books are in upper case.
func ParseCurrency(s string) (Currency, error) {
	code := Currency(strings.ToUpper(strings.TrimSpace(s)))
	if len(code) != 3 {
		return "", fmt.Errorf("currency %q is not a three-letter ISO 4217 code", s)
	}
	for _, r := range code {
		if r < 'A' || r > 'Z' {
			return "", fmt.Errorf("currency %q is not a three-letter ISO 4217 code", s)
		}
	}
	return code, nil
}

// Exponent is the number of decimals of the currency's minor unit: 2 for EUR,
// 0 for JPY, 3 for KWD.
func (c Currency) Exponent() int32 {
	if e, ok := exponents[c]; ok {
		return e
	}
	return 2
}
