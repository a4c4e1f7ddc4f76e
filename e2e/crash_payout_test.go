package e2e_test

import (
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/billing"
)

// TestEveryCrashPointOfAPayout cuts the power at every boundary of the run of the job that reads
// what Stripe paid out: the money of an order, a fee of Stripe's own, a dispute of which no webhook
// told, and a movement that is nothing of the shop's; and of the next, in which the payout came
// back and is paid out anew. However it was cut, everything is booked once.
func TestEveryCrashPointOfAPayout(t *testing.T) {
	t.Parallel()
	everyCrashPoint(t, crossing{"a payout that is read, and one that came back", 40, paidOutAndBack})
}

func paidOutAndBack(t *testing.T, at cut) *crash {
	t.Helper()
	r := openStripeRoad(t, apptest.Seeded(1))
	p, intent := r.checkOut("crash-payout.nl")
	r.must(r.confirm(intent, "pm_card_visa"))
	r.waitFor(p.Order.ID, "completed")
	d := disputing{crash: &crash{buyer: r.buyer, domain: "crash-payout.nl"}, road: r}
	gross := r.stripe.Charges()[0].Amount
	r.stripe.SetWebhookURL("")
	_, err := r.stripe.Dispute(intent, 500)
	r.must(err)
	r.stripe.Charged(120, "eur", "fee", "Radar")
	r.stripe.Charged(77, "eur", "risk_reserved_funds", "A reserve")
	d.w.Time.Advance(4 * aDay)
	first := r.stripe.Payouts()[0]
	d.w.Power.CutAt(at.k)
	d.through("the payout is read", d.reads)
	r.must(r.stripe.FailPayout(first.ID))
	d.w.Time.Advance(4 * aDay)
	d.through("it came back", d.reads)
	d.trace = road(d.w)
	d.aDayLater()
	again := r.stripe.Payouts()[1].Amount
	fee := gross - 500 - 2000 - 120 - 77 - first.Amount
	for account, want := range map[billing.Account]int64{
		billing.Bank: again, "clearing:stripe": r.stripe.Balance("eur"), "transit:stripe": 0, "unmatched:stripe": 77,
		"disputed:stripe": 2500, "fees:stripe": fee + 120,
	} {
		if got := r.onAccount(account); got != want {
			t.Errorf("%s stands at %d, want %d", account, got, want)
		}
	}
	d.mails = sentMails(t, d.w)
	d.sumsToZero()
	return d.crash
}

// reads runs the job, and holds that nothing was passed over, unless the power went.
func (d disputing) reads() bool {
	d.t.Helper()
	report, err := d.w.App.Billing.RunPayouts(d.t.Context())
	if d.w.Power.Dead() {
		return false
	}
	d.must(err)
	if report.SkippedCount > 0 {
		d.t.Errorf("skipped %+v", report.Skipped)
	}
	d.w.Time.Advance(24 * time.Hour)
	return true
}
