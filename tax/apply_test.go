package tax_test

import (
	"testing"

	"hostfront/money"
	"hostfront/tax"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func drawDocument(t *rapid.T) (tax.Treatment, []money.Amount) {
	rate := rapid.SampledFrom([]string{"0", "16", "17", "19", "20", "21", "22", "23", "24", "25", "25.5", "27"}).Draw(t, "rate")
	minors := rapid.SliceOfN(rapid.Int64Range(-1e9, 1e9), 0, 30).Draw(t, "nets")
	nets := make([]money.Amount, len(minors))
	for i, m := range minors {
		nets[i] = money.New(m, money.EUR)
	}
	return tax.Treatment{Kind: tax.OSS, Rate: decimal.RequireFromString(rate)}, nets
}

func sum(amounts []money.Amount) money.Amount {
	total := money.Zero(money.EUR)
	for _, a := range amounts {
		total = total.Add(a)
	}
	return total
}

func TestLinesOfADocumentAddUpToTheVATOnItsTotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		treatment, nets := drawDocument(t)
		vats := treatment.Apply(nets)
		want, err := money.Round(sum(nets).Decimal().Mul(treatment.Rate).Div(decimal.NewFromInt(100)), money.EUR)
		if err != nil || sum(vats) != want || len(vats) != len(nets) {
			t.Fatalf("VAT of the lines is %s, on the total %s (%v)", sum(vats), want, err)
		}
	})
}

func TestNoLineStraysFurtherThanTheRoundingOfTheOthers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		treatment, nets := drawDocument(t)
		limit := decimal.NewFromInt(int64(len(nets)) + 1).Div(decimal.NewFromInt(200))
		for i, vat := range treatment.Apply(nets) {
			exact := nets[i].Decimal().Mul(treatment.Rate).Div(decimal.NewFromInt(100))
			if vat.Decimal().Sub(exact).Abs().GreaterThan(limit) {
				t.Fatalf("line %d: VAT %s on %s is further than %s from %s", i, vat, nets[i], limit, exact)
			}
		}
	})
}

func TestCreditNoteMirrorsItsInvoice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		treatment, nets := drawDocument(t)
		credited := make([]money.Amount, len(nets))
		for i := range nets {
			credited[i] = nets[i].Neg()
		}
		back := treatment.Apply(credited)
		for i, vat := range treatment.Apply(nets) {
			if back[i] != vat.Neg() {
				t.Fatalf("line %d: invoiced %s, credited %s", i, vat, back[i])
			}
		}
	})
}

func TestDifferenceGoesToTheLargestLine(t *testing.T) {
	t.Parallel()
	nets := []money.Amount{money.New(5, money.EUR), money.New(7, money.EUR), money.New(5, money.EUR)}
	vats := tax.Treatment{Rate: decimal.NewFromInt(10)}.Apply(nets)
	if vats[0].Minor != 1 || vats[1].Minor != 0 || vats[2].Minor != 1 {
		t.Fatalf("VAT of 10 %% on 0.05, 0.07 and 0.05 (total 0.17, VAT 0.02) is %v", vats)
	}
}
