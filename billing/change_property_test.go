package billing_test

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"hostfront/billing"

	"pgregory.net/rapid"
)

// TestNoWayUpAndDownGainsMoney moves one subscription between products, and to and fro
// between cycles of a price, at random instants: what is paid, less what became credit, is
// never less than the time that each product was had is worth, and no more than a cent a
// move beyond it.
func TestNoWayUpAndDownGainsMoney(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	rapid.Check(t, func(r *rapid.T) {
		prices := map[string]int64{"prd_s": rapid.Int64Range(1, 5000).Draw(r, "price of prd_s")}
		for _, name := range []string{"M", "L"} {
			prices[name] = rapid.Int64Range(1, 30000).Draw(r, "price of "+name)
		}
		sub := s.hosted(c, prices["prd_s"])
		start, end := s.clock.Now(), s.reload(sub).CurrentPeriodEnd
		paid, worth, now := prices["prd_s"], new(big.Rat), "prd_s"
		moves := rapid.IntRange(1, 8).Draw(r, "moves")
		since := start
		for range moves {
			left := end.Sub(s.clock.Now())
			if left < 2*time.Minute {
				break
			}
			s.advance(time.Duration(rapid.Int64Range(0, int64(left/2)).Draw(r, "wait")).Round(time.Millisecond))
			to := rapid.SampledFrom([]string{"prd_s", "M", "L"}).Draw(r, "to")
			if to == now {
				continue
			}
			p := billing.ChangeParams{SubscriptionID: sub.ID, To: target(to, prices[to], "month"), When: billing.ChangeNow}
			before := s.balance(billing.Revenue)
			s.change(p)
			paid -= s.balance(billing.Revenue) - before
			worth.Add(worth, share(prices[now], s.clock.Now().Sub(since), end.Sub(start)))
			since, now = s.clock.Now(), to
		}
		worth.Add(worth, share(prices[now], end.Sub(since), end.Sub(start)))
		gain := new(big.Rat).Sub(worth, new(big.Rat).SetInt64(paid))
		if gain.Sign() > 0 {
			r.Fatalf("%s was had for %d: a gain of %s cents", worth.FloatString(3), paid, gain.FloatString(3))
		}
		if loss := new(big.Rat).Neg(gain); loss.Cmp(new(big.Rat).SetInt64(int64(2*moves))) > 0 {
			r.Fatalf("%s cents were lost in %d moves", loss.FloatString(3), moves)
		}
	})
}

// share is the exact worth of a part of a period.
func share(price int64, part, whole time.Duration) *big.Rat {
	return new(big.Rat).Mul(new(big.Rat).SetInt64(price), big.NewRat(part.Milliseconds(), whole.Milliseconds()))
}

func TestAPreviewIsWhatIsIssuedWhereverItIsAsked(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("DE")
	rapid.Check(t, func(r *rapid.T) {
		sub := s.hosted(c, rapid.Int64Range(1, 9999).Draw(r, "price"))
		s.advance(time.Duration(rapid.Int64Range(0, int64(27*aDay)).Draw(r, "wait")).Round(time.Millisecond))
		p := billing.ChangeParams{SubscriptionID: sub.ID, When: billing.ChangeNow, To: target(
			fmt.Sprintf("P%d", rapid.IntRange(1, 3).Draw(r, "product")), rapid.Int64Range(1, 29999).Draw(r, "new price"),
			rapid.SampledFrom([]string{"month", "year", "2 weeks"}).Draw(r, "cycle"))}
		shown := s.preview(p)
		p.AsOf, p.Token = shown.AsOf, shown.Token
		s.advance(time.Duration(rapid.Int64Range(0, int64(10*time.Minute-time.Millisecond)).Draw(r, "hesitation")).Round(time.Millisecond))
		made := s.change(p)
		issued := made.InvoiceID
		if issued == "" {
			issued = made.CreditNoteID
		}
		if len(shown.Documents) == 0 {
			if issued != "" {
				r.Fatalf("nothing was shown and %s was issued", issued)
			}
			return
		}
		wantSame(t, shown.Documents[0], billing.DraftOf(s.invoice(issued)))
	})
}
