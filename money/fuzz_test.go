package money_test

import (
	"encoding/json"
	"testing"

	"hostfront/money"
)

// FuzzParse: an amount is read exactly or not at all, and is written as it would be read.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"12.10", "-0.00", "0", "", ".", ".5", "5.", "+1", "1e9", "1e999999999", "-1E-9", "92233720368547758.07", "-92233720368547758.08", "0x1", "1_000", "١٢", "1.000000000000000000000000000000000000000000001"} {
		for _, c := range []string{"EUR", "jpy", "KWD", "", "uſd", "E R"} {
			f.Add(seed, c)
		}
	}
	f.Fuzz(func(t *testing.T, text, code string) {
		c, err := money.ParseCurrency(code)
		if err != nil {
			return
		}
		a, err := money.Parse(text, c)
		if err != nil {
			return
		}
		if back, err := money.Parse(a.Format(), c); err != nil || back != a {
			t.Fatalf("%q is read as %s, and that as %s (%v)", text, a, back, err)
		}
		if a.Neg().Neg() != a || !a.Sub(a).IsZero() {
			t.Fatalf("%q is read as %s, whose negative is %s", text, a, a.Neg())
		}
		if back, err := money.Round(a.Decimal(), c); err != nil || back != a {
			t.Fatalf("%s is rounded to %s (%v)", a, back, err)
		}
	})
}

// FuzzUnmarshal: no JSON, however odd, is read as an amount that it would not be written as.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{`{"amount":"12.10","currency":"EUR"}`, `{"amount":12.10,"currency":"EUR"}`, `{"amount":"1e999999999","currency":"EUR"}`, `{}`, `null`, `[]`, `{"amount":"","currency":""}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var a money.Amount
		if json.Unmarshal(text, &a) != nil || a.Currency == "" {
			return
		}
		written, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back money.Amount
		if err := json.Unmarshal(written, &back); err != nil || back != a {
			t.Fatalf("%s is read as %s, and written as %s", text, a, written)
		}
	})
}
