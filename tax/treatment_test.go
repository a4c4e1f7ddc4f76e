package tax_test

import (
	"strings"
	"testing"
	"time"

	"hostfront/tax"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func seller(t *testing.T, country string, schemes ...tax.Scheme) *tax.Calculator {
	t.Helper()
	c, err := tax.New(tax.Seller{Country: country, VATID: country + "1", Schemes: schemes})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func under(kind string) tax.Scheme { return tax.Scheme{Kind: kind} }

func TestPlaceOfSupply(t *testing.T) {
	t.Parallel()
	confirmed := func(country, id string) tax.Buyer {
		return tax.Buyer{Country: country, Business: true, VATConfirmed: true, VATID: id}
	}
	for _, tt := range []struct {
		name, home, scheme string
		buyer              tax.Buyer
		kind, country      string
		rate               string
	}{
		{"at home a consumer pays VAT", "NL", "oss", tax.Buyer{Country: "NL"}, "domestic", "NL", "21"},
		{"at home a business pays VAT too", "NL", "oss", confirmed("NL", "NL001234567B01"), "domestic", "NL", "21"},
		{"an EU consumer pays at home through OSS", "NL", "oss", tax.Buyer{Country: "FI"}, "oss", "FI", "25.5"},
		{"under the threshold an EU consumer pays as at home", "NL", "threshold", tax.Buyer{Country: "FI"}, "domestic", "NL", "21"},
		{"an unconfirmed number changes nothing", "NL", "oss", tax.Buyer{Country: "DE", Business: true, VATID: "DE123456789"}, "oss", "DE", "19"},
		{"a confirmed number of a person changes nothing", "NL", "oss", tax.Buyer{Country: "DE", VATConfirmed: true, VATID: "DE123456789"}, "oss", "DE", "19"},
		{"a confirmed number reverses the charge", "NL", "oss", confirmed("DE", "DE123456789"), "reverse_charge", "DE", "0"},
		{"and so it does under the threshold", "NL", "threshold", confirmed("DE", "DE123456789"), "reverse_charge", "DE", "0"},
		{"a Greek number begins with EL", "NL", "oss", confirmed("GR", "EL123456789"), "reverse_charge", "GR", "0"},
		{"a number of another state does not", "NL", "oss", confirmed("DE", "BE0123456789"), "oss", "DE", "19"},
		{"nor one of the seller's state", "NL", "oss", confirmed("DE", "NL001234567B01"), "oss", "DE", "19"},
		{"outside the EU there is no VAT", "NL", "oss", tax.Buyer{Country: "US"}, "outside", "US", "0"},
		{"Northern Ireland is outside for services", "NL", "oss", confirmed("GB", "XI123456789"), "outside", "GB", "0"},
		{"Monaco is France", "NL", "oss", tax.Buyer{Country: "MC"}, "oss", "FR", "20"},
		{"French Guiana is not", "NL", "oss", tax.Buyer{Country: "GF"}, "outside", "GF", "0"},
		{"a small business charges nothing", "NL", "exempt", tax.Buyer{Country: "NL"}, "exempt", "NL", "0"},
		{"nor to an EU consumer", "NL", "exempt", tax.Buyer{Country: "BE"}, "exempt", "NL", "0"},
		{"but reverses to an EU business", "NL", "exempt", confirmed("BE", "BE0123456789"), "reverse_charge", "BE", "0"},
		{"a seller outside the EU charges nothing", "CH", "outside", tax.Buyer{Country: "DE"}, "outside", "DE", "0"},
		{"unless it is registered for OSS", "CH", "oss", tax.Buyer{Country: "DE"}, "oss", "DE", "19"},
		{"and then nothing at home", "CH", "oss", tax.Buyer{Country: "CH"}, "outside", "CH", "0"},
	} {
		got, err := seller(t, tt.home, under(tt.scheme)).Treat(day("2026-01-31"), tt.buyer)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got.Kind != tt.kind || got.Country != tt.country || got.Rate.String() != tt.rate {
			t.Errorf("%s: got %s in %s at %s %%, want %s in %s at %s %%", tt.name, got.Kind, got.Country, got.Rate, tt.kind, tt.country, tt.rate)
		}
		if (got.Note == "") != (tt.kind == "domestic") {
			t.Errorf("%s: note is %q", tt.name, got.Note)
		}
	}
}

func TestLastYearsInvoiceGetsLastYearsRate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ country, day, rate string }{
		{"DE", "2020-06-30", "19"}, {"DE", "2020-07-01", "16"}, {"DE", "2020-12-31", "16"}, {"DE", "2021-01-01", "19"},
		{"EE", "2023-12-31", "20"}, {"EE", "2024-01-01", "22"}, {"EE", "2025-06-30", "22"}, {"EE", "2025-07-01", "24"},
		{"FI", "2024-08-31", "24"}, {"FI", "2024-09-01", "25.5"},
		{"LU", "2023-12-31", "16"}, {"LU", "2024-01-01", "17"},
		{"RO", "2025-07-31", "19"}, {"RO", "2025-08-01", "21"},
		{"SK", "2024-12-31", "20"}, {"SK", "2025-01-01", "23"},
	} {
		got, err := seller(t, "NL", under("oss")).Treat(day(tt.day), tax.Buyer{Country: tt.country})
		if err != nil || got.Rate.String() != tt.rate {
			t.Errorf("%s on %s: %s %%, %v; want %s %%", tt.country, tt.day, got.Rate, err, tt.rate)
		}
	}
}

func TestEveryMemberStateHasARate(t *testing.T) {
	t.Parallel()
	states := strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
	if len(states) != 27 {
		t.Fatalf("%d states are listed", len(states))
	}
	for _, s := range states {
		rate := seller(t, s, under("oss")).HomeRate(day("2026-01-31"))
		if rate.IntPart() < 17 || rate.IntPart() > 27 {
			t.Errorf("%s has a standard rate of %s %%", s, rate)
		}
	}
}

func TestSchemesAreDated(t *testing.T) {
	t.Parallel()
	c := seller(t, "NL", tax.Scheme{From: day("2026-01-01"), Kind: "oss"}, tax.Scheme{From: day("2024-01-01"), Kind: "exempt"},
		tax.Scheme{From: day("2025-01-01"), Kind: "threshold"})
	buyer := tax.Buyer{Country: "BE"}
	for on, kind := range map[string]string{"2024-06-01": "exempt", "2025-06-01": "domestic", "2026-01-01": "oss"} {
		if got, err := c.Treat(day(on), buyer); err != nil || got.Kind != kind {
			t.Errorf("on %s: %s, %v; want %s", on, got.Kind, err, kind)
		}
	}
	if _, err := c.Treat(day("2023-06-01"), buyer); err == nil {
		t.Error("a day before the first scheme was taxed")
	}
	if rate := c.HomeRate(day("2024-06-01")); !rate.IsZero() {
		t.Errorf("an exempt seller's prices include %s %%", rate)
	}
}

func TestSellerThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]tax.Seller{
		"no country":              {Schemes: []tax.Scheme{under("oss")}},
		"no scheme":               {Country: "NL"},
		"unknown scheme":          {Country: "NL", Schemes: []tax.Scheme{under("moss")}},
		"in the EU yet outside":   {Country: "NL", Schemes: []tax.Scheme{under("outside")}},
		"outside yet threshold":   {Country: "US", Schemes: []tax.Scheme{under("threshold")}},
		"outside yet EU's exempt": {Country: "US", Schemes: []tax.Scheme{under("exempt")}},
	} {
		if _, err := tax.New(s); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
