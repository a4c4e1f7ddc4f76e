package tax

import (
	"time"

	"github.com/shopspring/decimal"
)

// period is a standard rate and the day it came into force.
type period struct {
	from string // YYYY-MM-DD
	rate string // percent
}

// standardRates holds the standard VAT rate of each EU member state by ISO 3166-1
// code (Greece is GR here, EL only in its VAT numbers), oldest first. An invoice
// is taxed at the rate of its own day, so an entry is added and none is ever
// changed. Source: European Commission, Taxes in Europe database, and the states'
// own budget laws; the history goes back to 2020 at least.
var standardRates = map[string][]period{
	"AT": {{"1984-01-01", "20"}},
	"BE": {{"1996-01-01", "21"}},
	"BG": {{"1999-01-01", "20"}},
	"CY": {{"2014-01-13", "19"}},
	"CZ": {{"2013-01-01", "21"}},
	"DE": {{"2007-01-01", "19"}, {"2020-07-01", "16"}, {"2021-01-01", "19"}},
	"DK": {{"1992-01-01", "25"}},
	"EE": {{"2009-07-01", "20"}, {"2024-01-01", "22"}, {"2025-07-01", "24"}},
	"ES": {{"2012-09-01", "21"}},
	"FI": {{"2013-01-01", "24"}, {"2024-09-01", "25.5"}},
	"FR": {{"2014-01-01", "20"}},
	"GR": {{"2016-06-01", "24"}},
	"HR": {{"2012-03-01", "25"}},
	"HU": {{"2012-01-01", "27"}},
	"IE": {{"2012-01-01", "23"}, {"2020-09-01", "21"}, {"2021-03-01", "23"}},
	"IT": {{"2013-10-01", "22"}},
	"LT": {{"2009-09-01", "21"}},
	"LU": {{"2015-01-01", "17"}, {"2023-01-01", "16"}, {"2024-01-01", "17"}},
	"LV": {{"2012-07-01", "21"}},
	"MT": {{"2004-01-01", "18"}},
	"NL": {{"2012-10-01", "21"}},
	"PL": {{"2011-01-01", "23"}},
	"PT": {{"2011-01-01", "23"}},
	"RO": {{"2017-01-01", "19"}, {"2025-08-01", "21"}},
	"SE": {{"1990-07-01", "25"}},
	"SI": {{"2013-07-01", "22"}},
	"SK": {{"2011-01-01", "20"}, {"2025-01-01", "23"}},
}

// taxedAs holds territories with an ISO code of their own that are part of a
// member state for VAT. The other way round (Åland, the French overseas
// departments) needs no entry: their ISO codes are not in standardRates.
var taxedAs = map[string]string{"MC": "FR"}

// rateAt is the member state's standard rate on the day of at, false for a state
// outside the EU or a day before the table begins.
func rateAt(country string, at time.Time) (decimal.Decimal, bool) {
	day := at.UTC().Format(time.DateOnly)
	periods := standardRates[country]
	for i := len(periods) - 1; i >= 0; i-- {
		if day >= periods[i].from {
			return decimal.RequireFromString(periods[i].rate), true
		}
	}
	return decimal.Zero, false
}

// InEU tells whether a country (ISO 3166-1 alpha-2, upper case) is part of the
// EU's VAT territory.
func InEU(country string) bool {
	_, ok := standardRates[territory(country)]
	return ok
}

// VATPrefix is the prefix of the country's VAT numbers: its ISO code, but EL for
// Greece. Monaco's numbers are French.
func VATPrefix(country string) string {
	if c := territory(country); c != "GR" {
		return c
	}
	return "EL"
}

func territory(country string) string {
	if c, ok := taxedAs[country]; ok {
		return c
	}
	return country
}
