package order_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/order"
)

// refusedChange is the code of the field for which a change to a product is refused.
func (s *shop) refusedChange(sub billing.Subscription, productID, cycle string) string {
	s.t.Helper()
	_, err := s.orders.PreviewChange(s.t.Context(), order.ChangeParams{
		CustomerID: s.customer.ID, SubscriptionID: sub.ID, ProductID: productID, Cycle: cycle, When: billing.ChangeNow,
	})
	e, ok := fault.As(err)
	if !ok || len(e.Fields) != 1 {
		return "none"
	}
	return e.Fields[0].Code
}

// Others let a customer upgrade to what was not for sale, or to what their site cannot be.
func TestAChangeIsToWhatIsForSaleAndOfItsKindOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.hosting("ann.nl"))
	s.pay(o)
	s.settle(3 * time.Hour)
	sub := s.subscribed(o)
	ids := map[string]string{}
	for _, p := range s.catalog.Snapshot().Products() {
		ids[p.Kind] = p.ID
	}
	for _, sold := range []bool{true, false} {
		if !sold { // and no less when what the customer has is sold no more
			s.ljpc.RemoveProduct(pack.UUID)
			_, err := s.catalog.Sync(t.Context(), func(string, int, int) {})
			s.must(err)
			s.must(s.catalog.Refresh(t.Context()))
			if got := s.refusedChange(sub, "", "year"); got != "not_for_sale" {
				t.Errorf("a year of what is sold no more: %s", got)
			}
		}
		for _, c := range []struct{ product, cycle, code string }{
			{"prd_none", "month", "not_for_sale"}, {ids["forward"], "year", "other_kind"}, {ids["own"], "month", "other_kind"}, {"", "week", "not_for_sale"},
		} {
			if got := s.refusedChange(sub, c.product, c.cycle); got != c.code {
				t.Errorf("to %q by the %s while it is for sale (%t): %s, want %s", c.product, c.cycle, sold, got, c.code)
			}
		}
	}
}
