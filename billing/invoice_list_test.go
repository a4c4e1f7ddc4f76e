package billing_test

import (
	"testing"

	"hostfront/billing"
)

// paged reads a list page by page, each from the last id of the page before.
func (s *shop) paged(limit int, page func(cursor string) ([]billing.Invoice, error)) (ids []string) {
	s.t.Helper()
	for cursor := ""; ; {
		some, err := page(cursor)
		s.must(err)
		for _, inv := range some {
			ids = append(ids, inv.ID)
		}
		if len(some) < limit {
			return ids
		}
		cursor = some[len(some)-1].ID
	}
}

func TestInvoicesAndCreditNotesAreListedTogetherTheNewestFirstAndNoPageLosesOne(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	var made []string // oldest first
	for range 4 {
		inv, _ := s.paid(c, 1000)
		made = append(made, inv.ID)
		for _, part := range []int64{100, 200} {
			s.advance(aDay)
			note, err := s.refund(s.invoice(inv.ID), part)
			s.must(err)
			made = append(made, note.ID)
		}
		s.advance(aDay)
	}
	other, _ := s.paid(s.customer("DE"), 500)
	for limit := 1; limit <= len(made)+1; limit++ {
		own := s.paged(limit, func(cursor string) ([]billing.Invoice, error) {
			return s.billing.Invoices(s.ctx, c.ID, cursor, limit)
		})
		all := s.paged(limit, func(cursor string) ([]billing.Invoice, error) {
			return s.billing.AllInvoices(s.ctx, "", cursor, limit)
		})
		if len(own) != len(made) || len(all) != len(made)+1 || all[0] != other.ID {
			t.Fatalf("%d at a time: %d and %d of %d", limit, len(own), len(all), len(made))
		}
		for i, id := range own {
			if want := made[len(made)-1-i]; id != want || all[i+1] != want {
				t.Fatalf("%d at a time, place %d: %s and %s, want %s", limit, i, id, all[i+1], want)
			}
		}
	}
	if open, err := s.billing.AllInvoices(s.ctx, billing.InvoiceOpen, "", 10); err != nil || len(open) != 0 {
		t.Fatalf("open ones: %v, %v", open, err)
	}
}
