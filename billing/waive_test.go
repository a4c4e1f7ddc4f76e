package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
)

// billedTimes counts the bills that stand or were paid for the periods of a subscription, by start.
func (s *shop) billedTimes(sub billing.Subscription) map[string]int {
	s.t.Helper()
	rows, err := s.billing.Invoices(s.ctx, sub.CustomerID, "", 100)
	s.must(err)
	times := map[string]int{}
	for _, row := range rows {
		inv := s.invoice(row.ID)
		if inv.Kind != billing.RenewalInvoice || inv.CreditNote {
			continue
		}
		times[inv.Lines[0].PeriodStart.Format("01-02")]++
	}
	return times
}

// toAndFro is what puts the pointer of a subscription back to what has not been billed.
func (s *shop) toAndFro(sub billing.Subscription) {
	s.t.Helper()
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	s.uncancel(sub)
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeAtPeriodEnd})
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("M", 1000, "month"), When: billing.ChangeAtPeriodEnd})
}

func TestABillThatStaffHaveGivenUpIsNotDrawnAgain(t *testing.T) {
	t.Parallel()
	for how, giveUp := range map[string]func(s *shop, id string) error{
		"written off": func(s *shop, id string) error {
			return s.store.Tx(s.ctx, func(q *db.Queries) error { return s.billing.WriteOff(s.ctx, q, id) })
		},
		"numbered and credited": func(s *shop, id string) error {
			return s.store.Tx(s.ctx, func(q *db.Queries) error {
				if err := s.billing.NumberAtSupply(s.ctx, q, id); err != nil {
					return err
				}
				_, err := s.billing.Refund(s.ctx, q, billing.RefundParams{InvoiceID: id, Reason: "It did not work."})
				return err
			})
		},
	} {
		s := setup(t)
		sub := s.hosted(s.byHand(), 1000)
		s.advance(22 * aDay) // 22 February: the bill of the period from 28 February is drawn
		s.renew()
		if err := giveUp(s, s.periods(sub)[1].InvoiceID); err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		s.toAndFro(sub)
		next, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID)
		s.must(err)
		if got := next.Draft.Lines[0].PeriodStart.Format(time.DateOnly); got != "2026-03-31" {
			t.Errorf("%s: the next bill is for the period from %s", how, got)
		}
		s.advance(35 * aDay) // 29 March
		s.renew()
		if got := s.billedTimes(sub); got["02-28"] != 1 || got["03-31"] != 1 || len(got) != 2 {
			t.Errorf("%s: billed %v", how, got)
		}
	}
}

func TestAPauseInAPeriodThatWasGivenUpIsFreeToItsEnd(t *testing.T) {
	t.Parallel()
	for days, want := range map[int][]string{
		16: {"01-31 02-28 paid"}, // 10 March, within the period that nobody pays
		52: {"01-31 02-28 paid", "03-31 04-15 paused", "04-15 04-30 billed"},
	} {
		s := setup(t)
		sub := s.hosted(s.byHand(), 1000)
		s.advance(22 * aDay)
		s.renew()
		s.tx(func(q *db.Queries) error { return s.billing.WriteOff(s.ctx, q, s.periods(sub)[1].InvoiceID) })
		s.pause(sub)
		s.advance(time.Duration(days) * aDay)
		s.renew()
		s.resume(sub)
		s.renew()
		s.wantPeriods(sub, want...)
	}
}
