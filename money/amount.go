package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/shopspring/decimal"
)

// ErrOutOfRange says that a decimal does not fit in an int64 of minor units.
var ErrOutOfRange = errors.New("out of range")

// Amount is money: Minor units (cents for EUR) of one Currency. The zero value
// is zero of no currency, and adds to any amount.
//
// Its JSON shape is {"amount":"12.10","currency":"EUR"}.
type Amount struct {
	Minor    int64
	Currency Currency
}

// New is an amount of so many minor units: New(1210, EUR) is 12.10 euro.
func New(minor int64, c Currency) Amount { return Amount{Minor: minor, Currency: c} }

// Zero is nothing, in a currency.
func Zero(c Currency) Amount { return Amount{Currency: c} }

// longest is how long a decimal string can be that fits in an int64, with some zeros.
const longest = 40

// Parse reads a decimal string such as "12.10". More decimals than the currency
// has are an error: an amount that is due or paid is never silently rounded. So is an
// exponent: "1e999999999" is ten letters, and a gigabyte of digits.
func Parse(s string, c Currency) (Amount, error) {
	if len(s) > longest || strings.ContainsAny(s, "eE") {
		return Amount{}, fmt.Errorf("amount %.*q is not a plain decimal number, such as \"12.10\"", longest, s)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Amount{}, fmt.Errorf("amount %q is not a decimal number, such as \"12.10\"", s)
	}
	minor := d.Shift(c.Exponent())
	if !minor.IsInteger() {
		return Amount{}, fmt.Errorf("amount %q has more decimals than %s has: give at most %d", s, c, c.Exponent())
	}
	return fromMinor(minor, c)
}

// Round turns a computed decimal (a price after a percentage, tax) into an
// amount, half away from zero: the commercial rounding of EU invoices.
func Round(d decimal.Decimal, c Currency) (Amount, error) {
	return fromMinor(d.Shift(c.Exponent()).Round(0), c)
}

func fromMinor(minor decimal.Decimal, c Currency) (Amount, error) {
	big := minor.BigInt()
	if !big.IsInt64() || big.Int64() == math.MinInt64 { // which has no negative
		return Amount{}, fmt.Errorf("amount %s of %s: %w: give between -%s and %s", minor.Shift(-c.Exponent()), c, ErrOutOfRange, Max(c).Format(), Max(c).Format())
	}
	return Amount{Minor: big.Int64(), Currency: c}, nil
}

// Decimal is the amount in whole units: 12.10 euro is the decimal 12.1.
func (a Amount) Decimal() decimal.Decimal {
	return decimal.New(a.Minor, -a.Currency.Exponent())
}

// String shows the amount as "12.10 EUR", for logs and the operator.
func (a Amount) String() string { return a.Format() + " " + string(a.Currency) }

// Format is the decimal string with exactly the currency's decimals: "12.10".
func (a Amount) Format() string { return a.Decimal().StringFixed(a.Currency.Exponent()) }

// IsZero, IsPositive and IsNegative tell the sign.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// IsPositive is true for more than nothing.
func (a Amount) IsPositive() bool { return a.Minor > 0 }

// IsNegative is true for less than nothing.
func (a Amount) IsNegative() bool { return a.Minor < 0 }

// Neg is the amount with the other sign.
func (a Amount) Neg() Amount { return Amount{Minor: -a.Minor, Currency: a.Currency} }

// Add is the sum. Mixing currencies, or leaving the range of int64, is a fault
// in the program and panics: no document of the shop holds two currencies.
func (a Amount) Add(b Amount) Amount {
	c := a.common(b)
	sum := a.Minor + b.Minor
	if (b.Minor > 0 && sum < a.Minor) || (b.Minor < 0 && sum > a.Minor) {
		panic(fmt.Sprintf("money: %s + %s overflows", a, b))
	}
	return Amount{Minor: sum, Currency: c}
}

// Sub is the difference; it panics as Add does.
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }

// Cmp is -1, 0 or 1 as a is less than, equal to or more than b; it panics when
// the currencies differ.
func (a Amount) Cmp(b Amount) int {
	a.common(b)
	switch {
	case a.Minor < b.Minor:
		return -1
	case a.Minor > b.Minor:
		return 1
	}
	return 0
}

// common is the one currency of both amounts.
func (a Amount) common(b Amount) Currency {
	switch {
	case a.Currency == b.Currency, b.Currency == "" && b.Minor == 0:
		return a.Currency
	case a.Currency == "" && a.Minor == 0:
		return b.Currency
	}
	panic(fmt.Sprintf("money: %s and %s are of two currencies", a, b))
}

// Split divides the amount by weights so that the parts add up to it exactly:
// each part is rounded toward zero and the cents that remain go, one each, to
// the parts with the largest remainders (the first of equals first). Weights must not
// be negative; when all are zero the whole goes to the first part.
func (a Amount) Split(weights []int64) []Amount {
	parts := make([]Amount, len(weights))
	if len(weights) == 0 {
		return parts
	}
	total := decimal.Zero
	for _, w := range weights {
		if w < 0 {
			panic(fmt.Sprintf("money: split by negative weight %d", w))
		}
		total = total.Add(decimal.NewFromInt(w))
	}
	if total.IsZero() {
		parts[0] = a
		for i := 1; i < len(parts); i++ {
			parts[i] = Zero(a.Currency)
		}
		return parts
	}
	return a.splitByRemainder(weights, total)
}

func (a Amount) splitByRemainder(weights []int64, total decimal.Decimal) []Amount {
	parts := make([]Amount, len(weights))
	rests := make([]decimal.Decimal, len(weights))
	left := a.Minor
	whole := decimal.NewFromInt(a.Minor)
	for i, w := range weights {
		quotient, rest := whole.Mul(decimal.NewFromInt(w)).QuoRem(total, 0)
		parts[i] = New(quotient.IntPart(), a.Currency)
		rests[i] = rest.Abs()
		left -= parts[i].Minor
	}
	step := int64(1)
	if left < 0 {
		step = -1
	}
	for ; left != 0; left -= step {
		best := 0
		for i := range rests {
			if rests[i].GreaterThan(rests[best]) {
				best = i
			}
		}
		parts[best].Minor += step
		rests[best] = decimal.NewFromInt(-1)
	}
	return parts
}

type amountJSON struct {
	Amount   string   `json:"amount"`
	Currency Currency `json:"currency"`
}

// MarshalJSON writes {"amount":"12.10","currency":"EUR"}.
func (a Amount) MarshalJSON() ([]byte, error) {
	return json.Marshal(amountJSON{Amount: a.Format(), Currency: a.Currency})
}

// UnmarshalJSON reads what MarshalJSON writes; a JSON number as the amount is an
// error, since a number may have been a float on its way here.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var raw amountJSON
	if err := json.Unmarshal(b, &raw); err != nil {
		return fmt.Errorf(`amount must be {"amount":"12.10","currency":"EUR"}: %w`, err)
	}
	c, err := ParseCurrency(string(raw.Currency))
	if err != nil {
		return err
	}
	parsed, err := Parse(raw.Amount, c)
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// Max is the largest amount that can be held, in a currency.
func Max(c Currency) Amount { return New(math.MaxInt64, c) }
