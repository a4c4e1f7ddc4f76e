package order_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/order"
)

func TestNobodyHasAnotherCustomersNameHosted(t *testing.T) {
	t.Parallel()
	s := open(t)
	ann := s.customer
	bob := s.register("bob@example.org", "NL")
	s.customer = bob
	early := s.place(s.hosting("anns.nl")) // while the name was nobody's
	s.customer = ann
	s.pay(s.place(registration("anns.nl"), registration("other.nl")))
	s.settle(time.Hour)

	s.customer = bob
	if _, err := s.orders.Place(t.Context(), s.params(s.quote(s.hosting("anns.nl")).ID)); !fault.Is(err, "name_not_yours") {
		t.Fatalf("ordering hosting of another customer's name answers %v", err)
	}
	s.pay(early)
	s.settle(time.Hour)
	got := s.want(early, order.Failed, order.Failed)
	if got.Lines[0].Code != "name_not_yours" || s.till.sentBack() != got.Gross || len(s.ljpc.Orders()) != 0 {
		t.Fatalf("the line says %q, %s sent back, LJPc has %v", got.Lines[0].Code, s.till.sentBack(), s.ljpc.Orders())
	}
	s.balanced()

	s.customer = ann
	s.pay(s.place(s.hosting("anns.nl")))
	s.settle(time.Hour)
	if len(s.ljpc.Sites()) != 1 {
		t.Fatal("the holder's own name is not hosted")
	}
}

func TestAnotherNameForHostingIsNotAnotherCustomers(t *testing.T) {
	t.Parallel()
	s := open(t)
	ann := s.customer
	s.pay(s.place(registration("anns.nl")))
	s.settle(time.Hour)
	s.customer = s.register("bob@example.org", "NL")
	o := s.place(registration("contested.nl"), s.hosting("contested.nl"))
	s.lose("contested.nl")
	s.pay(o)
	s.settle(time.Hour)
	line := s.want(o, order.ActionRequired, order.Failed, order.ActionRequired).Lines[1]
	retry := order.RetryParams{CustomerID: s.customer.ID, OrderID: o.ID, LineID: line.ID, Domain: "anns.nl"}
	_, err := s.orders.Retry(t.Context(), retry)
	if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != "name_not_yours" {
		t.Fatalf("%s's name is taken over: %v", ann.FirstName, err)
	}
	retry.Domain = "bobs.nl"
	_, err = s.orders.Retry(t.Context(), retry)
	s.must(err)
	s.settle(time.Hour)
	line = s.want(o, order.PartlyFailed, order.Failed, order.Completed).Lines[1]
	svc, err := s.services.Get(t.Context(), s.customer.ID, line.ServiceID)
	s.must(err)
	sub, err := s.billing.Subscription(t.Context(), s.store.Read(), svc.SubscriptionID)
	s.must(err)
	const want = "Hosting 10 GB for bobs.nl"
	if line.Description != want || svc.Description != want || sub.Description != want {
		t.Fatalf("called %q, %q and, on renewals, %q", line.Description, svc.Description, sub.Description)
	}
}

func TestOfTwoPaidOrdersToHostANameOneIsRefunded(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, second := s.place(s.hosting("twice.nl")), s.place(s.hosting("twice.nl"))
	s.tell(first, billing.PaymentSucceeded)
	s.tell(second, billing.PaymentSucceeded)
	s.settle(time.Hour)
	s.want(first, order.Completed, order.Completed)
	got := s.want(second, order.Failed, order.Failed)
	if got.Lines[0].Code != "already_here" || s.till.sentBack() != got.Gross || len(s.ljpc.Orders()) != 1 {
		t.Fatalf("the line says %q, %s sent back, LJPc has %v", got.Lines[0].Code, s.till.sentBack(), s.ljpc.Orders())
	}
	s.balanced()
}
