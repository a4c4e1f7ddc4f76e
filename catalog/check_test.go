package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hostfront/catalog"
	"hostfront/fault"
	"hostfront/upstream"
)

func TestCheckAnswersInTheOrderAskedAndAsksTheUpstreamOnlyWhatItMust(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *catalog.Config) {
		c.SellableTLD = func(tld string) (bool, string) { return tld != "com", "a local address is needed" }
	})
	s.sync(t)
	s.source.taken["taken.nl"] = true
	s.source.exact["odd.nl"] = nil
	s.source.exact["gold.nl"] = &upstream.DomainPrice{Cost: eur("900.00"), Premium: true}
	asked := []struct{ name, shown, status, price, reason string }{
		{"Free.NL", "free.nl", "available", "8.75", ""},
		{"taken.nl", "taken.nl", "taken", "", ""},
		{"bücher.nl", "bücher.nl", "available", "8.75", ""},
		{"xn--bcher-kva.nl", "bücher.nl", "available", "8.75", ""},
		{"odd.nl", "odd.nl", "unsupported", "", catalog.ReasonUpstream},
		{"gold.nl", "gold.nl", "unsupported", "", catalog.ReasonPremium},
		{"free.com", "free.com", "unsupported", "", catalog.ReasonNotSold},
		{"free.unheard", "free.unheard", "unsupported", "", catalog.ReasonNotSold},
		{"nl", "nl", "unsupported", "", catalog.ReasonSuffix},
		{"www.free.nl", "www.free.nl", "unsupported", "", catalog.ReasonSubdomain},
		{"-.nl", "-.nl", "unsupported", "", catalog.ReasonInvalid},
		{strings.Repeat("x", 64) + ".nl", strings.Repeat("x", 64) + ".nl", "unsupported", "", catalog.ReasonTooLong},
	}
	names := make([]string, len(asked))
	for i, a := range asked {
		names[i] = a.name
	}
	got, err := s.Check(t.Context(), "", names)
	must(t, err)
	for i, a := range asked {
		price := ""
		if got[i].Price != nil {
			price = got[i].Price.Price.Format()
		}
		if got[i].Name != a.shown || got[i].Status != a.status || price != a.price || got[i].Reason != a.reason {
			t.Errorf("%s: %+v at %q", a.name, got[i], price)
		}
	}
	if !got[5].Premium || got[0].Premium {
		t.Error("premium is told of the wrong names")
	}
	if len(s.source.checked) != 1 || len(s.source.checked[0]) != 5 {
		t.Errorf("the upstream was asked %v, want five names at once", s.source.checked)
	}
	if len(s.source.priced) != 1 || slices.Contains(s.source.priced[0], "taken.nl") {
		t.Errorf("priced %v, want the free ones at once", s.source.priced)
	}
}

func TestPremiumNamesAreSoldByRulesOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	s.source.exact["gold.nl"] = &upstream.DomainPrice{Cost: eur("900.00"), Premium: true}
	premium := quarter
	premium.Premium, premium.Value = true, dec("10")
	_, err := s.SaveRules(t.Context(), []catalog.Rule{quarter, premium})
	must(t, err)
	got, err := s.Check(t.Context(), "", []string{"gold.nl"})
	must(t, err)
	if got[0].Status != "available" || !got[0].Premium || got[0].Price.Price != eur("990.00") {
		t.Errorf("%+v", got[0])
	}
}

func TestCheckSplitsWhatTheUpstreamTakesInOneCall(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	s.source.maxCheck = 7
	names := make([]string, 50)
	for i := range names {
		names[i] = fmt.Sprintf("name%d.nl", i)
	}
	got, err := s.Check(t.Context(), "", names)
	must(t, err)
	for i, a := range got {
		if a.ASCII != names[i] || a.Status != "available" {
			t.Fatalf("%s: %+v", names[i], a)
		}
	}
	if s.source.calls() != 8 {
		t.Errorf("%d calls, want 8", s.source.calls())
	}
	for _, count := range []int{0, 51} {
		if _, err := s.Check(t.Context(), "", make([]string, count)); !fault.Is(err, "invalid_fields") {
			t.Errorf("%d names: %v", count, err)
		}
	}
}

func TestAnswersAreBelievedForAShortWhile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	check := func(want int) {
		t.Helper()
		_, err := s.Check(t.Context(), "", []string{"a.nl", "A.nl"})
		must(t, err)
		if s.source.calls() != want {
			t.Fatalf("%d calls, want %d", s.source.calls(), want)
		}
	}
	check(1)
	s.clock.Advance(29 * time.Second)
	check(1)
	s.clock.Advance(time.Second)
	check(2)
	s.Forget("a.nl")
	check(3)
}

func TestUpstreamThatIsAwayLeavesNamesUnknownAndIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	s.source.fail("check", errors.New("502"))
	got, err := s.Check(t.Context(), "", []string{"a.nl", "nl"})
	must(t, err)
	if got[0].Status != "unknown" || got[0].Price != nil || got[1].Status != "unsupported" {
		t.Errorf("%+v", got)
	}
	s.source.fail("check", nil)
	s.source.fail("price", errors.New("502"))
	got, err = s.Check(t.Context(), "", []string{"a.nl"})
	must(t, err)
	if got[0].Status != "available" || got[0].Price != nil || got[0].Reason != catalog.ReasonUnanswered {
		t.Errorf("without its price: %+v", got)
	}
	s.source.fail("price", nil)
	got, err = s.Check(t.Context(), "", []string{"a.nl"})
	must(t, err)
	if got[0].Status != "available" || got[0].Price == nil {
		t.Errorf("back again: %+v", got)
	}
}

func TestEqualQuestionsShareOneFlight(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	synctest.Test(t, func(t *testing.T) {
		s.source.entered, s.source.release = make(chan []string, 10), make(chan struct{})
		answers := make(chan []catalog.Availability, 10)
		ask := func(ctx context.Context, names ...string) {
			got, err := s.Check(ctx, "", names)
			if err != nil {
				t.Error(err)
			}
			answers <- got
		}
		leaving, leave := context.WithCancel(t.Context())
		go ask(leaving, "a.nl", "b.nl")
		synctest.Wait()
		go ask(t.Context(), "b.nl", "c.nl")
		go ask(t.Context(), "a.nl")
		synctest.Wait()
		// Whoever asked first goes away; those who joined still get the answer.
		leave()
		if got := <-answers; got[0].Status != "unknown" {
			t.Errorf("the one who left was told %+v", got)
		}
		close(s.source.release)
		for range 2 {
			for _, a := range <-answers {
				if a.Status != "available" {
					t.Errorf("%+v", a)
				}
			}
		}
		close(s.source.entered)
		var asked []string
		for names := range s.source.entered {
			asked = append(asked, names...)
		}
		slices.Sort(asked)
		if !slices.Equal(asked, []string{"a.nl", "b.nl", "c.nl"}) {
			t.Errorf("the upstream was asked %v, want each name once", asked)
		}
	})
}

func TestEachClientHasAQuota(t *testing.T) {
	t.Parallel()
	s := setup(t, func(c *catalog.Config) { c.CheckNames, c.CheckBurst, c.CheckRate = 10, 20, 60 })
	s.sync(t)
	ten := slices.Repeat([]string{"a.nl"}, 10)
	for range 2 {
		_, err := s.Check(t.Context(), "192.0.2.1", ten)
		must(t, err)
	}
	_, err := s.Check(t.Context(), "192.0.2.1", ten)
	if e, ok := fault.As(err); !ok || e.Kind != fault.TooMany || e.RetryAfter != 10*time.Second {
		t.Fatalf("over the quota: %v", err)
	}
	_, err = s.Check(t.Context(), "192.0.2.2", ten)
	must(t, err)
	s.clock.Advance(10 * time.Second)
	_, err = s.Check(t.Context(), "192.0.2.1", ten)
	must(t, err)
}
