package order_test

import (
	"sync"
	"testing"
	"time"

	"hostfront/db"
	"hostfront/order"
)

// quotes counts the quotes that are stored.
func (s *shop) quotes() int {
	s.t.Helper()
	stored, err := s.store.Read().QuotesStale(s.t.Context(), db.QuotesStaleParams{BeforeAt: db.At(s.clock.Now().Add(24 * 365 * time.Hour)), MaxRows: 100})
	s.must(err)
	return len(stored)
}

func TestAKeyMakesOneQuoteHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := order.QuoteParams{CustomerID: s.customer.ID, Lines: []order.LineParams{s.hosting("ann.nl")}}
	key := order.Idempotency{Actor: s.customer.ID, Route: "POST /v1/quotes", Key: "once", BodyHash: "a"}
	const callers = 8
	ids, replays := make([]string, callers), make([]bool, callers)
	errs := make([]error, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() { ids[i], replays[i], errs[i] = s.orders.QuoteOnce(t.Context(), p, key) })
	}
	all.Wait()
	fresh := 0
	for i := range callers {
		s.must(errs[i])
		if ids[i] == "" || ids[i] != ids[0] {
			t.Errorf("one key made %s and %s", ids[0], ids[i])
		}
		if !replays[i] {
			fresh++
		}
	}
	if n := s.quotes(); n != 1 || fresh != 1 {
		t.Errorf("%d quotes are stored and %d were said to be new, want one", n, fresh)
	}
	if _, err := s.orders.QuoteByID(t.Context(), s.customer.ID, ids[0]); err != nil {
		t.Error(err)
	}
}
