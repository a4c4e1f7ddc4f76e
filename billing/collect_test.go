package billing_test

import (
	"slices"
	"testing"
	"time"

	"hostfront/billing"
)

func TestAChargeOfARemovedCardIsLookedUpBeforeItIsGivenUp(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	s.subscribe(c, s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew()
	s.advance(7 * 24 * time.Hour)
	s.card.lost = true // it is charged, and nobody hears of it
	s.work()
	s.must(s.billing.RemoveMethod(s.ctx, c.ID, s.methods(c)[0].ID))
	s.advance(5 * time.Minute)
	s.work()
	payments, err := s.billing.Payments(s.ctx, c.ID, "", 1)
	s.must(err)
	if s.card.charges != 1 || payments[0].State != billing.PaymentSucceeded {
		t.Fatalf("%d charges, the payment is %s", s.card.charges, payments[0].State)
	}
}

func TestADeclineWithACodeThatNobodyKnowsIsToldToTheOperator(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.withCard("NL")
	s.subscribe(c, s.clock.Now())
	s.card.decline = &billing.Decline{Class: billing.DeclineSoft, Code: "code_of_tomorrow", Unlisted: true}
	s.advance(29 * 24 * time.Hour)
	s.renew()
	s.work()
	alarms, err := s.events.OpenAlarms(s.ctx, "", 50)
	s.must(err)
	for _, a := range alarms {
		if a.Code == "decline_unlisted" && a.Subject == "card:code_of_tomorrow" {
			return
		}
	}
	t.Fatalf("no operator was told: %+v", alarms)
}

func TestACallThatDidNotGetThroughIsMadeAgainAfterOneFiveAndThirtyMinutes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, k := range s.billing.Kinds() {
		if k.Name != billing.KindCharge {
			continue
		}
		var pauses []time.Duration
		for attempt := 1; attempt <= 5; attempt++ {
			pauses = append(pauses, k.Backoff(attempt))
		}
		want := []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 30 * time.Minute, 30 * time.Minute}
		if !slices.Equal(pauses, want) {
			t.Fatalf("pauses %v, want %v", pauses, want)
		}
		return
	}
	t.Fatal("there is no charge")
}

func TestARetryIsAtNineWhereTheShopIsInSummerAndInWinter(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	s := setup(t, func(c *billing.Config) { c.Policies.Retry.Zone = zone })
	c := s.withCard("NL")
	s.subscribe(c, s.clock.Now()) // its second month is charged on 28 February
	s.card.decline = &billing.Decline{Class: billing.DeclineSoft, Code: "insufficient_funds"}
	s.advance(28 * 24 * time.Hour)
	s.renew()
	s.work()
	next, waits, err := s.tasks.NextDue(s.ctx)
	s.must(err)
	if local := next.In(zone); !waits || local.Hour() != 9 || local.Minute() != 0 || next.Sub(s.clock.Now()) > 36*time.Hour {
		t.Fatalf("it is tried again at %s (%v)", next.In(zone), waits)
	}
}
