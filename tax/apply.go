package tax

import (
	"hostfront/money"

	"github.com/shopspring/decimal"
)

var hundred = decimal.NewFromInt(100)

// Apply gives the VAT of each net amount of one document. VAT is computed on the
// document's total, half away from zero, and each line shows its own rounded
// VAT; what the lines differ from the total goes to the largest line (the first
// of equals), so that the lines always add up. Negative amounts (a credit note,
// a discount) are taxed the same way, and a document with every sign turned has
// every VAT turned.
//
// All amounts are of one currency.
func (t Treatment) Apply(nets []money.Amount) []money.Amount {
	vats := make([]money.Amount, len(nets))
	var total, shown money.Amount
	largest := 0
	for i, net := range nets {
		vats[i] = t.vat(net)
		total, shown = total.Add(net), shown.Add(vats[i])
		if net.Decimal().Abs().GreaterThan(nets[largest].Decimal().Abs()) {
			largest = i
		}
	}
	if len(vats) > 0 {
		vats[largest] = vats[largest].Add(t.vat(total)).Sub(shown)
	}
	return vats
}

// vat is the VAT on one amount. Rates are below 100 %, so that VAT is smaller
// than the amount it is on and cannot leave the range.
func (t Treatment) vat(net money.Amount) money.Amount {
	v, err := money.Round(net.Decimal().Mul(t.Rate).Div(hundred), net.Currency)
	if err != nil {
		panic("tax: a rate above 100 %: " + err.Error())
	}
	return v
}
