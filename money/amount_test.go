package money_test

import (
	"encoding/json"
	"testing"

	"hostfront/money"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestParseFollowsTheCurrencysDecimals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in       string
		currency money.Currency
		minor    int64
		refused  bool
	}{
		{"12.10", "EUR", 1210, false},
		{"12.1", "EUR", 1210, false},
		{"-0.01", "EUR", -1, false},
		{"500", "JPY", 500, false},
		{"500.5", "JPY", 0, true},
		{"1.234", "KWD", 1234, false},
		{"1.234", "EUR", 0, true},
		{"", "EUR", 0, true},
		{"1,50", "EUR", 0, true},
		{"99999999999999999999", "EUR", 0, true},
	} {
		got, err := money.Parse(tt.in, tt.currency)
		if (err != nil) != tt.refused {
			t.Errorf("Parse(%q, %s): error %v, refused should be %v", tt.in, tt.currency, err, tt.refused)
		}
		if err == nil && got.Minor != tt.minor {
			t.Errorf("Parse(%q, %s) = %d minor units, want %d", tt.in, tt.currency, got.Minor, tt.minor)
		}
	}
}

func TestAmountIsWrittenAsADecimalStringAndReadBack(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(money.New(1210, money.EUR))
	if err != nil || string(b) != `{"amount":"12.10","currency":"EUR"}` {
		t.Fatalf("Marshal = %s, %v", b, err)
	}
	var back money.Amount
	if err := json.Unmarshal(b, &back); err != nil || back != money.New(1210, money.EUR) {
		t.Fatalf("Unmarshal = %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"amount":12.10,"currency":"EUR"}`), &back); err == nil {
		t.Fatal("a JSON number was taken as an amount")
	}
}

func TestSplitNeverLosesACent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := money.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "whole"), money.EUR)
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1e9), 1, 20).Draw(t, "weights")
		sum := money.Zero(money.EUR)
		for _, part := range whole.Split(weights) {
			sum = sum.Add(part)
			if part.Minor != 0 && (part.Minor < 0) != (whole.Minor < 0) {
				t.Fatalf("part %s has another sign than %s", part, whole)
			}
		}
		if sum != whole {
			t.Fatalf("parts of %s by %v add up to %s", whole, weights, sum)
		}
	})
}

func TestRoundIsHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"0.005": 1, "0.004": 0, "-0.005": -1, "2.675": 268} {
		got, err := money.Round(decimal.RequireFromString(in), money.EUR)
		if err != nil || got.Minor != want {
			t.Errorf("Round(%s) = %d, %v; want %d", in, got.Minor, err, want)
		}
	}
}

func TestTwoCurrenciesAreNeverAdded(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Fatal("EUR and USD were added")
		}
	}()
	money.New(1, money.EUR).Add(money.New(1, money.USD))
}
