package ljpc

import (
	"fmt"
	"strings"

	"hostfront/money"

	"github.com/shopspring/decimal"
)

// LJPc's prices are in euro, excluding VAT.
const currency = money.EUR

// longestPrice keeps a hostile number from becoming a huge one.
const longestPrice = 20

// price reads a decimal string (or number). nil without an error means that
// there is no price: not for sale, never free. Fractions of a cent are rounded
// up, so that a cost is never taken as less than it is.
func (o object) price(f field) (*money.Amount, error) {
	v, _ := o.find(f)
	if v == nil {
		return nil, nil
	}
	text := textOf(v)
	if text == "" {
		if _, isText := v.(string); isText {
			return nil, nil
		}
		return nil, fmt.Errorf("%s is neither a number nor a string", f.name())
	}
	return parsePrice(text)
}

func parsePrice(text string) (*money.Amount, error) {
	if len(text) > longestPrice || strings.ContainsAny(text, "eE") {
		return nil, fmt.Errorf("price %.30q is not a plain decimal", text)
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.IsNegative() {
		return nil, fmt.Errorf("price %q is not a decimal of zero or more", text)
	}
	amount, err := money.Round(d.Shift(2).Ceil().Shift(-2), currency)
	if err != nil {
		return nil, err
	}
	return &amount, nil
}
