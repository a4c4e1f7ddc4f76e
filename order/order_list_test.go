package order_test

import (
	"reflect"
	"testing"
	"time"

	"hostfront/order"
)

// A page is read in as many statements as a single order, and shows each as it is by itself.
func TestAPageOfOrdersTakesAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	s := open(t)
	delivered := s.place(s.hosting("delivered.nl"), s.hosting("also.nl"))
	s.pay(delivered)
	s.settle(time.Hour)
	s.want(delivered, order.Completed, order.Completed, order.Completed)
	one := s.readsOf(func() { s.pageOf(1) })
	for _, name := range []string{"ann.nl", "ben.nl", "cas.nl", "dan.nl", "eva.nl"} {
		s.place(s.hosting(name), s.hosting("more-"+name))
	}
	s.customer = s.register("bob@example.org", "NL")
	s.place(s.hosting("fay.nl"))
	other := s.customer
	s.place(s.hosting("gus.nl"))

	if many := s.readsOf(func() { s.pageOf(100) }); many != one || one > 3 {
		t.Errorf("%d statements for a page of one order, %d for one of all", one, many)
	}
	all := s.pageOf(100)
	if len(all) != 8 {
		t.Fatalf("%d orders are listed", len(all))
	}
	for _, o := range all {
		got, err := s.orders.Get(t.Context(), o.CustomerID, o.ID)
		s.must(err)
		if !reflect.DeepEqual(got, o) {
			t.Errorf("in the list it is\n%+v\nand by itself\n%+v", o, got)
		}
	}
	own, _, err := s.orders.List(t.Context(), other.ID, "", 100)
	s.must(err)
	if !reflect.DeepEqual(own, all[:2]) {
		t.Errorf("the customer's list is\n%+v\nand staff's\n%+v", own, all[:2])
	}
	if reads := s.readsOf(func() { _, _, err = s.orders.List(t.Context(), delivered.CustomerID, "", 100) }); reads != one || err != nil {
		t.Errorf("%d statements for a customer's page of six: %v", reads, err)
	}
}

func (s *shop) pageOf(limit int) []order.Order {
	s.t.Helper()
	page, _, err := s.orders.All(s.t.Context(), "", limit)
	s.must(err)
	return page
}

// readsOf is how many statements read while do ran.
func (s *shop) readsOf(do func()) int64 {
	before := s.store.Work().Reads
	do()
	return s.store.Work().Reads - before
}
