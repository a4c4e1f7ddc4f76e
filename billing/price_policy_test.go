package billing_test

import (
	"context"
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/event"

	"github.com/shopspring/decimal"
)

func (s *shop) review(sub billing.Subscription, net, cost, least int64) (r billing.PriceReview) {
	s.t.Helper()
	s.tx(func(q *db.Queries) (err error) {
		r, err = s.billing.ReviewPrice(s.ctx, q, sub.ID, billing.Today{Net: eur(net), Cost: eur(cost), Least: eur(least)})
		return err
	})
	return r
}

// billedAt are the nets of the renewals of a subscription, oldest first.
func (s *shop) billedAt(sub billing.Subscription) (nets []int64) {
	s.t.Helper()
	for _, p := range s.periods(sub)[1:] {
		if p.State == "billed" || p.State == "paid" {
			nets = append(nets, s.invoice(p.InvoiceID).Net.Minor)
		}
	}
	return nets
}

func (s *shop) wantNets(sub billing.Subscription, want ...int64) {
	s.t.Helper()
	got := s.billedAt(sub)
	if len(got) != len(want) {
		s.t.Fatalf("billed %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			s.t.Fatalf("billed %v, want %v", got, want)
		}
	}
}

// phased sets discounts on a subscription.
func (s *shop) phased(sub billing.Subscription, phases ...billing.Phase) {
	s.t.Helper()
	s.do(func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.SetPhases(s.ctx, q, sub.ID, phases)
	})
}

func TestTheAgreedPriceIsKeptWhateverTheCatalogueDoes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	if r := s.review(sub, 2000, 900, 950); r.Announced || r.Below {
		t.Fatalf("review %+v", r)
	}
	s.advance(60 * aDay)
	s.renew()
	s.wantNets(sub, 1000, 1000)
}

func TestARiseIsBilledOnlyForPeriodsThatStartAfterItsNotice(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *billing.Config) { c.Policies.RenewalPrice = billing.FollowPrice })
	var told []string
	s.events.Subscribe("subscription.price_announced", func(_ context.Context, _ *db.Queries, e event.Event) error {
		told = append(told, string(e.Data))
		return nil
	})
	sub := s.hosted(s.withCard("NL"), 1000)
	if r := s.review(sub, 1500, 400, 450); !r.Announced {
		t.Fatalf("review %+v", r)
	}
	if r := s.review(sub, 1500, 400, 450); r.Announced || len(told) != 1 {
		t.Fatalf("told %d times", len(told))
	}
	got := s.reload(sub)
	if got.NoticeNet.Minor != 1500 || !got.NoticeAt.Equal(s.clock.Now().Add(30*aDay)) || got.Net.Minor != 1000 {
		t.Fatalf("subscription %+v", got)
	}
	s.advance(60 * aDay) // 28 February starts before the notice has run out on 2 March, 31 March after
	s.renew()
	s.wantNets(sub, 1000, 1500)
	if got := s.reload(sub); got.Net.Minor != 1500 || !got.NoticeAt.IsZero() {
		t.Fatalf("subscription %+v", got)
	}
	notices, err := s.billing.PriceNotices(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	if len(notices) != 1 || notices[0].State != "applied" || notices[0].OldNet.Minor != 1000 {
		t.Fatalf("notices %+v", notices)
	}
}

func TestAFallIsBilledWithTheNextPeriod(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *billing.Config) { c.Policies.RenewalPrice = billing.FollowPrice })
	sub := s.hosted(s.withCard("NL"), 1000)
	s.review(sub, 800, 400, 450)
	s.advance(28 * aDay)
	s.renew()
	s.wantNets(sub, 800)
}

func TestAnAnnouncedPriceThatIsTakenBackIsNotBilled(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *billing.Config) { c.Policies.RenewalPrice = billing.FollowPrice })
	sub := s.hosted(s.withCard("NL"), 1000)
	s.review(sub, 1500, 400, 450)
	if r := s.review(sub, 1000, 400, 450); !r.Withdrawn {
		t.Fatalf("review %+v", r)
	}
	s.review(sub, 2000, 400, 450)
	s.do(func(q *db.Queries) (billing.Subscription, error) {
		return s.billing.SetPricePolicy(s.ctx, q, sub.ID, billing.KeepPrice)
	})
	s.advance(90 * aDay)
	s.renew()
	s.wantNets(sub, 1000, 1000, 1000)
}

func TestWhatIsSoldAtALossIsBilledAndCounted(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	if r := s.review(sub, 1500, 1200, 1250); !r.Below {
		t.Fatalf("review %+v", r)
	}
	below, err := s.billing.AllSubscriptions(s.ctx, billing.SubscriptionFilter{BelowCost: true}, "", 10)
	s.must(err)
	if len(below) != 1 || below[0].ID != sub.ID {
		t.Fatalf("listed %+v", below)
	}
	s.advance(28 * aDay)
	if report := s.renew(); report.BelowCost != 1 || report.Billed != 1 {
		t.Fatalf("report %+v", report)
	}
	if inv := s.invoice(s.periods(sub)[1].InvoiceID); inv.Lines[0].Cost.Minor != 1200 {
		t.Fatalf("its margin is not true: cost %s", inv.Lines[0].Cost)
	}
}

func TestDiscountsHoldForTheirPeriodsAndNoLonger(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 999)
	s.phased(sub,
		billing.Phase{Kind: billing.FreePhase, Periods: 1},
		billing.Phase{Kind: billing.PercentPhase, Percent: decimal.RequireFromString("12.5"), Periods: 2},
		billing.Phase{Kind: billing.AmountPhase, Amount: eur(200), Periods: 1})
	next, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	if next.Draft.Gross.Minor != 0 {
		t.Fatalf("next %+v", next.Draft)
	}
	s.advance(150 * aDay) // five periods, caught up at once
	s.renew()
	s.wantNets(sub, 0, 874, 874, 799, 999)
	if left := s.reload(sub).Phases; len(left) != 0 {
		t.Fatalf("left %+v", left)
	}
}

func TestADiscountOfAWithdrawnBillIsNotLost(t *testing.T) {
	t.Parallel()
	s := setup(t)
	sub := s.hosted(s.withCard("NL"), 1000)
	s.phased(sub, billing.Phase{Kind: billing.PercentPhase, Percent: decimal.NewFromInt(50), Periods: 1})
	s.advance(22 * aDay)
	s.renew()
	s.cancel(sub, billing.CancelParams{When: billing.AtPeriodEnd})
	s.uncancel(sub)
	s.advance(6 * aDay)
	s.renew()
	s.wantNets(sub, 500)
}

func TestWhoIsNotInvoicedIsNotBilledNorChangedForMoney(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	sub := s.hosted(c, 1000)
	s.flags(c, account.Flags{NoInvoicing: true})
	s.changeFails("no_invoicing", billing.ChangeParams{SubscriptionID: sub.ID, To: target("L", 3000, "month"), When: billing.ChangeNow})
	s.advance(28 * aDay)
	if report := s.renew(); report.Billed != 0 || report.Exempt != 1 {
		t.Fatalf("report %+v", report)
	}
}

func TestACustomerWithoutSuspensionKeepsTheirSiteWhileItIsPaused(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var began int
	s.events.Subscribe("subscription.pause_began", func(context.Context, *db.Queries, event.Event) error { began++; return nil })
	c := s.withCard("NL")
	exempt, other := s.hosted(c, 1000), s.hosted(s.withCard("NL"), 1000)
	s.flags(c, account.Flags{NoSuspension: true})
	s.pause(exempt)
	s.pause(other)
	s.advance(29 * aDay)
	if report := s.renew(); report.Paused != 2 || began != 1 {
		t.Fatalf("report %+v, %d suspended", report, began)
	}
}

// The announced price is that of what the subscription was before the change.
func TestAnAnnouncedPriceIsNotBilledForWhatTheSubscriptionIsChangedTo(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *billing.Config) {
		c.Policies.RenewalPrice, c.Policies.PriceNotice = billing.FollowPrice, 10*aDay
	})
	sub := s.hosted(s.withCard("NL"), 1000)
	s.review(sub, 1500, 700, 700) // a rise, from 10 February
	s.change(billing.ChangeParams{SubscriptionID: sub.ID, To: target("XS", 500, "month"), When: billing.ChangeAtPeriodEnd})
	next, err := s.billing.NextInvoice(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	if next.Draft.Net.Minor != 500 {
		t.Errorf("the next invoice is shown with %s", next.Draft.Net)
	}
	s.advance(22 * aDay)
	s.renew()
	s.wantNets(sub, 500)
	notices, err := s.billing.PriceNotices(s.ctx, s.store.Read(), sub.ID)
	s.must(err)
	if got := s.reload(sub); len(notices) != 1 || notices[0].State != "withdrawn" || !got.NoticeAt.IsZero() || got.Net.Minor != 500 {
		t.Errorf("notices %+v of %+v", notices, got)
	}
}
