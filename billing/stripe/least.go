package stripe

import (
	"hostfront/billing"
	"hostfront/money"
)

var _ billing.LeastCharger = (*Gateway)(nil)

// least are the smallest charges by currency, in Stripe's units
// (https://docs.stripe.com/currencies, "minimum and maximum charge amounts").
var least = map[money.Currency]int64{
	"AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
	"HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200,
	"RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}

// LeastCharge is what Stripe charges at least. Of a currency that its table does not have it is
// unknown, and zero.
func (g *Gateway) LeastCharge(c money.Currency) money.Amount { return money.New(least[c], c) }
