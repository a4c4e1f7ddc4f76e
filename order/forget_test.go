package order_test

import (
	"fmt"
	"testing"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// codes is how many auth codes are kept in a quote and in the delivery of its line.
func (s *shop) codes(quoteID, lineID string) (inQuote, inDelivery int) {
	s.t.Helper()
	lines, err := s.store.Read().QuoteLinesByQuote(s.t.Context(), quoteID)
	s.must(err)
	for _, l := range lines {
		if l.AuthCodeSealed != "" {
			inQuote++
		}
	}
	d, err := s.store.Read().DeliveryByID(s.t.Context(), lineID)
	s.must(err)
	if d.AuthCodeSealed != "" {
		inDelivery++
	}
	return inQuote, inDelivery
}

func TestAnAuthCodeIsKeptOnlyWhileItIsNeeded(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(moving("moved.nl", "good-code"))
	line := s.now(o).Lines[0].ID
	if q, d := s.codes(o.QuoteID, line); q != 0 || d != 1 {
		t.Fatalf("ordered: %d in the quote, %d in the delivery", q, d)
	}
	s.pay(o)
	s.settle(3 * time.Hour)
	if _, d := s.codes(o.QuoteID, line); d != 0 {
		t.Fatal("the code outlives the transfer")
	}

	lapsed := s.place(moving("lapsed.nl", "good-code"))
	n, err := s.services.ForgetCodes(t.Context())
	s.must(err)
	if n != 0 {
		t.Fatal("a code was forgotten that is needed")
	}
	_, err = s.orders.Cancel(t.Context(), lapsed.ID)
	s.must(err)
	s.settle(time.Hour)
	n, err = s.services.ForgetCodes(t.Context())
	s.must(err)
	if _, d := s.codes(lapsed.QuoteID, s.now(lapsed).Lines[0].ID); n != 1 || d != 0 {
		t.Fatalf("%d forgotten of an order that was never paid, %d left", n, d)
	}
}

// cut counts the transactions that write.
func (s *shop) cut(point string) error {
	if point == db.CutBefore {
		s.writes.Add(1)
	}
	return nil
}

func TestManyAuthCodesAreForgottenInParts(t *testing.T) {
	t.Parallel()
	s := open(t)
	lapsed := s.place(moving("lapsed.nl", "good-code"))
	d, err := s.store.Read().DeliveryByID(t.Context(), s.now(lapsed).Lines[0].ID)
	s.must(err)
	s.must(s.store.Tx(t.Context(), func(q *db.Queries) error {
		for i := range 450 {
			id := fmt.Sprintf("%s_%d", d.ID, i)
			err := q.DeliveryInsert(t.Context(), db.DeliveryInsertParams{
				ID: id, OrderID: d.OrderID, InvoiceID: d.InvoiceID, CustomerID: d.CustomerID, Upstream: d.Upstream, Kind: d.Kind,
				Domain: d.Domain, ProductID: d.ProductID, ProductRef: d.ProductRef, Category: d.Category, Description: d.Description,
				Cycle: d.Cycle, AuthCodeSealed: d.AuthCodeSealed, RegistrantID: d.RegistrantID, Currency: d.Currency, NetMinor: d.NetMinor,
				CostMinor: d.CostMinor, RenewNetMinor: d.RenewNetMinor, RenewCostMinor: d.RenewCostMinor,
				CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
			})
			if err != nil {
				return err
			}
			if err := q.DeliverySetTasks(t.Context(), db.DeliverySetTasksParams{ID: id, TaskID: d.TaskID, UpdatedAt: d.UpdatedAt}); err != nil {
				return err
			}
		}
		return nil
	}))
	s.must(s.store.Tx(t.Context(), func(q *db.Queries) error { return s.tasks.CancelInvoice(t.Context(), q, d.InvoiceID) }))
	s.writes.Store(0)
	n, err := s.services.ForgetCodes(t.Context())
	s.must(err)
	if n != 451 || s.writes.Load() != 3 {
		t.Fatalf("%d were forgotten in %d transactions", n, s.writes.Load())
	}
}

func TestACartThatNobodyOrderedIsForgotten(t *testing.T) {
	t.Parallel()
	s := open(t)
	ordered := s.place(moving("moved.nl", "good-code"))
	left := s.quote(moving("left.nl", "good-code"))
	s.clock.Advance(6 * 24 * time.Hour)
	n, err := s.orders.PruneQuotes(t.Context())
	s.must(err)
	if n != 0 {
		t.Fatal("pruned within the week")
	}
	s.clock.Advance(2 * 24 * time.Hour)
	n, err = s.orders.PruneQuotes(t.Context())
	s.must(err)
	if _, err := s.orders.QuoteByID(t.Context(), s.customer.ID, left.ID); n != 1 || !fault.Is(err, "not_found") {
		t.Fatalf("%d pruned, the cart answers %v", n, err)
	}
	if _, err := s.orders.QuoteByID(t.Context(), s.customer.ID, ordered.QuoteID); err != nil {
		t.Fatalf("an ordered cart is gone: %v", err)
	}
}
