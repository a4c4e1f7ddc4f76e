package stripe

import (
	"math"
	"strings"

	"hostfront/fault"
	"hostfront/money"

	stripego "github.com/stripe/stripe-go/v76"
)

// stripeExponents are the currencies whose smallest unit at Stripe is not that of
// ISO 4217 (https://docs.stripe.com/currencies, "special cases" and "zero-decimal"):
// ISK and UGX kept two decimals there, MGA has none.
var stripeExponents = map[money.Currency]int32{"ISK": 2, "UGX": 2, "MGA": 0}

// toStripe is an amount as Stripe counts it: the number and the lower-case currency.
func toStripe(a money.Amount) (int64, string, error) {
	currency, err := money.ParseCurrency(string(a.Currency))
	if err != nil || !a.IsPositive() {
		return 0, "", refuseAmount(a)
	}
	n := a.Minor
	for e := currency.Exponent(); e < exponent(currency); e++ {
		if n > math.MaxInt64/10 {
			return 0, "", refuseAmount(a)
		}
		n *= 10
	}
	for e := currency.Exponent(); e > exponent(currency); e-- {
		if n%10 != 0 {
			return 0, "", refuseAmount(a)
		}
		n /= 10
	}
	// Cards have two decimals: Stripe takes thousandths only in tens.
	if exponent(currency) == 3 && n%10 != 0 {
		return 0, "", refuseAmount(a)
	}
	return n, strings.ToLower(string(currency)), nil
}

// fromStripe is an amount of Stripe's in the shop's minor units.
func fromStripe(n int64, currency stripego.Currency) money.Amount {
	c, err := money.ParseCurrency(string(currency))
	if err != nil {
		return money.Amount{}
	}
	for e := c.Exponent(); e < exponent(c); e++ {
		n /= 10
	}
	for e := c.Exponent(); e > exponent(c); e-- {
		n *= 10
	}
	return money.New(n, c)
}

func exponent(c money.Currency) int32 {
	if e, ok := stripeExponents[c]; ok {
		return e
	}
	return c.Exponent()
}

func refuseAmount(a money.Amount) error {
	return fault.Came(fault.Rejected, "amount_not_chargeable", "Stripe cannot charge "+a.String()+".")
}
