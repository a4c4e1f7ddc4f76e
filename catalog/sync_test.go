package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hostfront/catalog"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/upstream"
)

func TestSyncMirrorsACompleteAnswerAndPublishesIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.source.product("yearly", "hosting_1gb", "", "12.00")
	s.source.tld("nil", "")
	var stages []string
	report, err := s.Sync(t.Context(), func(stage string, _, _ int) {
		if !slices.Contains(stages, stage) {
			stages = append(stages, stage)
		}
	})
	must(t, err)
	if report.Added != 8 || report.Products != 3 || report.TLDs != 5 || report.Unchanged {
		t.Errorf("report %+v", report)
	}
	if want := []string{"products", "tlds", "compare", "write"}; !slices.Equal(stages, want) {
		t.Errorf("stages %v, want %v", stages, want)
	}
	snapshot := s.Snapshot()
	if products, tlds := snapshot.Len(); products != 3 || tlds != 4 {
		t.Fatalf("%d products and %d TLDs on sale, want 3 and the 4 with a price", products, tlds)
	}
	nl, _ := snapshot.TLD("nl")
	if nl.Register.Price != eur("10.00") || nl.Register.Cost != eur("8.00") || !nl.Register.CostAssumed || !nl.Indicative {
		t.Errorf("nl registers at %+v", nl.Register)
	}
	if nl.Renew.Price != eur("10.00") || !nl.Renew.CostAssumed || nl.Restore != nil {
		t.Errorf("nl renews at %+v, restores at %+v", nl.Renew, nl.Restore)
	}
	first := snapshot.Products()[0]
	if _, month := first.Cycle("month"); first.Ref != "yearly" || month || first.Cycles[0].Price != eur("15.00") {
		t.Errorf("first product %+v", first)
	}
	if status, err := s.SyncStatus(t.Context()); err != nil || !status.SyncedAt.Equal(s.clock.Now()) || status.Failure != "" {
		t.Errorf("status %+v, %v", status, err)
	}
}

func TestHalfAnEmptyOrAShrunkenAnswerChangesNothingAndRaisesAnAlarm(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	for name, spoil := range map[string]func(u *source){
		"products fail": func(u *source) { u.fail("products", broken) },
		"tlds fail":     func(u *source) { u.fail("tlds", broken) },
		"no products":   func(u *source) { clear(u.products) },
		"no tlds":       func(u *source) { clear(u.tlds) },
		"neither may be read": func(u *source) {
			u.fail("products", upstream.ErrForbidden)
			u.fail("tlds", upstream.ErrForbidden)
		},
		"half of the tlds": func(u *source) {
			for i := range 12 {
				delete(u.tlds, fmt.Sprintf("t%d", i))
			}
		},
		"most of a few products": func(u *source) {
			for i := range 6 {
				delete(u.products, fmt.Sprintf("p%d", i))
			}
		},
		"half of a few products": func(u *source) {
			for i := range 4 {
				delete(u.products, fmt.Sprintf("p%d", i))
			}
		},
		"most tlds gone": func(u *source) {
			for i := range 20 {
				delete(u.tlds, fmt.Sprintf("t%d", i))
			}
		},
		"most tlds without a cost": func(u *source) {
			for i := range 20 {
				u.tld(fmt.Sprintf("t%d", i), "")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			for i := range 20 {
				s.source.tld(fmt.Sprintf("t%d", i), "3.00")
			}
			for i := range 6 {
				s.source.product(fmt.Sprintf("p%d", i), "hosting_5gb", "2.00", "20.00")
			}
			s.sync(t)
			before, published := s.rows(t), s.Snapshot()
			s.source.tld("new", "9.00")
			spoil(s.source)
			s.clock.Advance(time.Hour)
			if _, err := s.Sync(t.Context(), nil); err == nil {
				t.Fatal("the sync says that it held")
			}
			if after := s.rows(t); !reflect.DeepEqual(before, after) {
				t.Errorf("rows changed:\n%+v\n%+v", before, after)
			}
			if s.Snapshot() != published {
				t.Error("another snapshot was published")
			}
			if got := s.alarms(t); !slices.Equal(got, []string{catalog.AlarmSyncFailed}) {
				t.Errorf("alarms %v", got)
			}
			if status, _ := s.SyncStatus(t.Context()); !status.FailedAt.Equal(s.clock.Now()) || status.SyncedAt.Equal(s.clock.Now()) {
				t.Errorf("status %+v", status)
			}
			mended := newSource()
			s.source.products, s.source.tlds, s.source.failing = mended.products, mended.tlds, mended.failing
			if _, err := s.AcceptMissing(t.Context(), 26); err != nil {
				t.Fatal(err)
			}
			if got := s.alarms(t); len(got) != 0 {
				t.Errorf("alarms after a good sync: %v", got)
			}
		})
	}
}

func TestAWithdrawalOfAFewPassesAndALargeOneWhenStaffHaveSeenIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for i := range 17 {
		s.source.product(fmt.Sprintf("p%d", i), "hosting_5gb", "2.00", "20.00")
	}
	s.sync(t)
	delete(s.source.products, "p0")
	delete(s.source.products, "h5")
	if report := s.sync(t); report.Withdrawn != 2 {
		t.Errorf("a few: %+v", report)
	}
	for i := range 16 {
		delete(s.source.products, fmt.Sprintf("p%d", i))
	}
	delete(s.source.tlds, "nl")
	if _, err := s.Sync(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "15 of 17 products are missing") || !strings.Contains(err.Error(), "accept that 16 are missing") {
		t.Fatalf("most: %v", err)
	}
	if _, err := s.AcceptMissing(t.Context(), 15); !fault.Is(err, "missing_moved") {
		t.Errorf("more are missing than were seen: %v", err)
	}
	if products, tlds := s.Snapshot().Len(); products != 17 || tlds != 4 {
		t.Errorf("%d products and %d TLDs on sale", products, tlds)
	}
	if report, err := s.AcceptMissing(t.Context(), 16); err != nil || report.Withdrawn != 16 {
		t.Errorf("accepted: %+v, %v", report, err)
	}
	if got := s.alarms(t); len(got) != 0 {
		t.Errorf("alarms after it was accepted: %v", got)
	}
	s.source.fail("products", errors.New("connection reset"))
	if _, err := s.AcceptMissing(t.Context(), 16); !fault.Is(err, "upstream_unavailable") {
		t.Errorf("accepted of an upstream that is away: %v", err)
	}
}

func TestAPartThatTheKeyMayNotReadTakesTheOtherNotAlong(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"products", "tlds"} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			s.sync(t)
			s.source.fail(part, fmt.Errorf("refused: %w", upstream.ErrForbidden))
			if part == "tlds" {
				clear(s.source.tlds)
			} else {
				clear(s.source.products)
			}
			s.source.product("new", "hosting_50gb", "9.00", "90.00")
			s.source.tld("new", "9.00")
			report := s.sync(t)
			if report.Added != 1 || report.Withdrawn != 0 || len(report.Skipped) != 1 {
				t.Errorf("report %+v", report)
			}
			want := [2]int{2, 5}
			if part == "tlds" {
				want = [2]int{3, 4}
			}
			if products, tlds := s.Snapshot().Len(); [2]int{products, tlds} != want {
				t.Errorf("%d products and %d TLDs on sale, want %v", products, tlds, want)
			}
		})
	}
}

func TestAnAccountThatSellsOneKindAloneIsMirrored(t *testing.T) {
	t.Parallel()
	for name, none := range map[string]func(*source){
		"names alone":   func(u *source) { clear(u.products) },
		"hosting alone": func(u *source) { clear(u.tlds) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			none(s.source)
			s.sync(t)
			if report := s.sync(t); !report.Unchanged || len(s.alarms(t)) != 0 {
				t.Errorf("report %+v, alarms %v", report, s.alarms(t))
			}
			clear(s.source.products)
			clear(s.source.tlds)
			if _, err := s.AcceptMissing(t.Context(), 100); err == nil {
				t.Error("an empty catalogue was taken")
			}
		})
	}
}

func TestStoppedSyncIsNoFailedSync(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.source.fail("products", context.Canceled)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Sync(ctx, nil); err == nil {
		t.Fatal("a stopped sync held")
	}
	if got := s.alarms(t); len(got) != 0 {
		t.Errorf("alarms %v", got)
	}
}

func TestUnchangedUpstreamWritesNoRow(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	before, published := s.rows(t), s.Snapshot()
	s.clock.Advance(24 * time.Hour)
	report := s.sync(t)
	if !report.Unchanged || report.Version != before.Version {
		t.Errorf("report %+v", report)
	}
	if after := s.rows(t); !reflect.DeepEqual(before, after) {
		t.Errorf("rows changed:\n%+v\n%+v", before, after)
	}
	if s.Snapshot() != published {
		t.Error("the snapshot was rebuilt for nothing")
	}
}

func TestCostThatJumpsUpIsOffSaleUntilConfirmed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	s.source.tld("nl", "80.00")
	s.source.product("h5", "hosting_5gb", "20.00", "20.00")
	if report := s.sync(t); report.HeldUp != 2 {
		t.Errorf("report %+v", report)
	}
	if _, ok := s.Snapshot().TLD("nl"); ok {
		t.Error("nl is still on sale")
	}
	p := productByRef(s.Snapshot(), "h5")
	if _, ok := p.Cycle("month"); ok || len(p.Cycles) != 1 {
		t.Errorf("h5 is on sale for %+v, want the year alone", p.Cycles)
	}
	if got := s.alarms(t); !slices.Equal(got, []string{catalog.AlarmJumpedUp}) {
		t.Errorf("alarms %v", got)
	}
	again := s.rows(t)
	if report := s.sync(t); !report.Unchanged || !reflect.DeepEqual(again, s.rows(t)) {
		t.Errorf("the same jump told again was written again: %+v", report)
	}
	for _, h := range heldPrices(t, s) {
		if err := s.ConfirmPrice(t.Context(), h.ID, eur("0.01")); !fault.Is(err, "price_moved") {
			t.Errorf("confirmed at a cost that nobody told: %v", err)
		}
		must(t, s.ConfirmPrice(t.Context(), h.ID, h.NewCost))
		if err := s.ConfirmPrice(t.Context(), h.ID, h.NewCost); !fault.Is(err, "not_found") {
			t.Errorf("confirmed twice: %v", err)
		}
	}
	if nl, ok := s.Snapshot().TLD("nl"); !ok || nl.Register.Price != eur("100.00") {
		t.Errorf("nl after the confirmation: %+v", nl)
	}
	if got := s.alarms(t); len(got) != 0 {
		t.Errorf("alarms %v", got)
	}
	if got := history(t, s, "nl"); !slices.Equal(got, []string{"held_up 8.00 80.00", "confirmed 8.00 80.00"}) {
		t.Errorf("history %v", got)
	}
	if report := s.sync(t); !report.Unchanged {
		t.Errorf("a sync after the confirmation: %+v", report)
	}
}

func TestCostThatJumpsDownIsHeldBackUntilConfirmed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	s.source.tld("nl", "0.80")
	s.source.tld("com", "1.00")
	if report := s.sync(t); report.HeldDown != 2 {
		t.Errorf("report %+v", report)
	}
	if nl, ok := s.Snapshot().TLD("nl"); !ok || nl.Register.Price != eur("10.00") {
		t.Errorf("nl is at %+v, want the old price", nl)
	}
	if got := s.alarms(t); !slices.Equal(got, []string{catalog.AlarmJumpedDown}) {
		t.Errorf("alarms %v", got)
	}
	s.source.tld("com", "10.00")
	s.sync(t)
	if got := s.alarms(t); len(got) != 1 {
		t.Errorf("alarms %v, want the one while nl is held", got)
	}
	if n, err := s.ConfirmAll(t.Context(), true); n != 0 || err != nil {
		t.Errorf("confirming what rose took %d, %v", n, err)
	}
	if n, err := s.ConfirmAll(t.Context(), false); n != 1 || err != nil {
		t.Errorf("confirming what fell took %d, %v", n, err)
	}
	if nl, _ := s.Snapshot().TLD("nl"); nl.Register.Price != eur("1.00") {
		t.Errorf("nl is at %+v after the confirmation", nl.Register)
	}
	if got := s.alarms(t); len(got) != 0 {
		t.Errorf("alarms %v", got)
	}
}

func TestWhatVanishedIsWithdrawnAndComesBackAsItself(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	before := productByRef(s.Snapshot(), "h5")
	gone := s.source.products["h5"]
	delete(s.source.products, "h5")
	delete(s.source.tlds, "nl")
	items := len(s.rows(t).Items)
	if report := s.sync(t); report.Withdrawn != 2 || len(s.rows(t).Items) != items {
		t.Errorf("report %+v", report)
	}
	if _, ok := s.Snapshot().Product(before.ID); ok {
		t.Error("a withdrawn product is on sale")
	}
	if report := s.sync(t); !report.Unchanged {
		t.Errorf("withdrawn twice: %+v", report)
	}
	s.source.products["h5"] = gone
	if report := s.sync(t); report.Returned != 1 || report.Added != 0 {
		t.Errorf("report %+v", report)
	}
	if after, ok := s.Snapshot().Product(before.ID); !ok || !reflect.DeepEqual(before, after) {
		t.Errorf("came back as %+v, was %+v", after, before)
	}
}

func TestCostThatIsNullIsNotForSale(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	p := s.source.products["h5"]
	for i := range p.Prices {
		p.Prices[i].Cost = nil
	}
	s.source.tld("nl", "")
	s.sync(t)
	if productByRef(s.Snapshot(), "h5") != nil {
		t.Error("a product without a cost is on sale")
	}
	if _, ok := s.Snapshot().TLD("nl"); ok {
		t.Error("a TLD without a cost is on sale")
	}
	s.source.tld("nl", "8.00")
	s.sync(t)
	if got := history(t, s, "nl"); !slices.Equal(got, []string{"gone 8.00 -", "back 8.00 8.00"}) {
		t.Errorf("history %v", got)
	}
}

func TestSyncsAtTheSameTimeDoNotInterleave(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base := s.rows(t).Version
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if _, err := s.process().Sync(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got := s.rows(t)
	if len(got.Items) != 6 || len(got.Prices) != 8 || got.Version != base+1 {
		t.Errorf("%d items, %d prices, version moved by %d; want 6, 8 and 1", len(got.Items), len(got.Prices), got.Version-base)
	}
}

func TestEveryProcessPublishesAChangeOfAnother(t *testing.T) {
	t.Parallel()
	s := setup(t)
	other := s.process()
	s.sync(t)
	if products, _ := other.Snapshot().Len(); products != 0 {
		t.Fatal("the other process publishes what it has not read")
	}
	must(t, other.Refresh(t.Context()))
	if products, _ := other.Snapshot().Len(); products != 2 {
		t.Errorf("%d products, want 2", products)
	}
	published := other.Snapshot()
	must(t, other.Refresh(t.Context()))
	if other.Snapshot() != published {
		t.Error("rebuilt though nothing moved")
	}
	mine, _ := s.Snapshot().TLDsPage(catalog.TLDFilter{}, "", 0)
	theirs, _ := published.TLDsPage(catalog.TLDFilter{}, "", 0)
	if mine.ETag != theirs.ETag {
		t.Errorf("one page has the tags %s and %s", mine.ETag, theirs.ETag)
	}
}

// The cost is set between the comparison and the write, so that the sync's first write
// must be refused, and its second must keep what was set.
func TestSyncThatLostTheRaceComparesAgain(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	s.source.tld("nl", "9.00")
	raced := false
	_, err := s.Sync(t.Context(), func(stage string, done, total int) {
		if stage == "write" && done == 0 && !raced {
			raced = true
			must(t, s.SetTLDCost(t.Context(), "nl", catalog.ActionRenew, cost("11.00")))
		}
	})
	must(t, err)
	nl, _ := s.Snapshot().TLD("nl")
	if nl.Register.Cost != eur("9.00") || nl.Renew.Cost != eur("11.00") || nl.Renew.CostAssumed {
		t.Errorf("registers at %+v, renews at %+v", nl.Register, nl.Renew)
	}
}

func productByRef(s *catalog.Snapshot, ref string) *catalog.Product {
	for _, p := range s.Products() {
		if p.Ref == ref {
			return p
		}
	}
	return nil
}

func heldPrices(t *testing.T, s *shop) []catalog.HeldPrice {
	t.Helper()
	var all []catalog.HeldPrice
	for cursor := ""; ; {
		page, next, err := s.HeldPrices(t.Context(), cursor, 1)
		must(t, err)
		all = append(all, page...)
		if next == "" {
			return all
		}
		cursor = next
	}
}

func history(t *testing.T, s *shop, of string) []string {
	t.Helper()
	lines, _, err := s.PriceHistory(t.Context(), of, "", 50)
	must(t, err)
	out := make([]string, len(lines))
	for i, line := range lines {
		shown := func(a interface{ Format() string }, none bool) string {
			if none {
				return "-"
			}
			return a.Format()
		}
		out[i] = line.Reason + " " + shown(line.OldCost, line.OldCost == nil) + " " + shown(line.NewCost, line.NewCost == nil)
	}
	return out
}

var (
	_ upstream.Catalogue     = (*source)(nil)
	_ upstream.DomainChecker = (*source)(nil)
	_ upstream.DomainPricer  = (*source)(nil)
	_ upstream.Terms         = (*source)(nil)
)

func TestAProductWhoseRowCannotBeReadKeepsNothingElseFromBeingSold(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.source.product("spoiled", "hosting_1gb", "", "12.00")
	s.sync(t)
	sold, _ := s.Snapshot().Len()
	items, err := s.store.Read().CatalogItems(t.Context(), "ljpc")
	must(t, err)
	it := items[slices.IndexFunc(items, func(it db.CatalogItem) bool { return it.Ref == "spoiled" })]
	must(t, s.store.Tx(t.Context(), func(q *db.Queries) error {
		return q.CatalogItemUpdate(t.Context(), db.CatalogItemUpdateParams{
			ID: it.ID, Kind: it.Kind, Category: it.Category, Name: it.Name, Description: it.Description, Billing: it.Billing,
			Attributes: "{", UpdatedAt: it.UpdatedAt,
		})
	}))
	again := s.process()
	must(t, again.Refresh(t.Context()))
	if left, tlds := again.Snapshot().Len(); left != sold-1 || tlds == 0 {
		t.Fatalf("%d products of %d and %d TLDs are sold", left, sold, tlds)
	}
	if _, err := again.Sync(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if mended, _ := again.Snapshot().Len(); mended != sold {
		t.Errorf("after a sync %d of %d are sold", mended, sold)
	}
}
