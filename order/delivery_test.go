package order_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/money"
	"hostfront/order"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/task"
)

func TestADomainAndItsHostingAreDelivered(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("anns-shop.nl"), s.hosting("anns-shop.nl"))
	s.want(o, order.PendingPayment, order.PendingPayment, order.PendingPayment)
	s.settle(time.Hour)
	if len(s.ljpc.Effects()) != 0 {
		t.Fatalf("before payment LJPc did %v", s.ljpc.Effects())
	}
	s.pay(o)
	s.settle(time.Hour)
	got := s.want(o, order.Completed, order.Completed, order.Completed)
	if len(s.ljpc.Orders()) != 1 || len(s.ljpc.Domains()) != 1 || len(s.ljpc.Contacts()) != 1 || len(s.ljpc.Sites()) != 1 {
		t.Fatalf("LJPc did %v", s.ljpc.Effects())
	}
	s.balanced()

	name, err := s.services.Get(t.Context(), s.customer.ID, got.Lines[0].ServiceID)
	s.must(err)
	if want := s.ljpc.Domains()[0].ExpiresAt; name.Kind != "domain" || !name.ExpiresAt.Equal(want.Truncate(time.Second)) && !name.ExpiresAt.Equal(want) {
		t.Fatalf("the domain service is %+v, want expiry %s", name, want)
	}
	site, err := s.services.Get(t.Context(), s.customer.ID, got.Lines[1].ServiceID)
	s.must(err)
	if site.Kind != "hosting" || site.SiteID == "" || site.Usage == nil || site.Usage.Stale {
		t.Fatalf("the hosting service is %+v", site)
	}
	subs, err := s.billing.Subscription(t.Context(), s.store.Read(), site.SubscriptionID)
	s.must(err)
	if subs.ServiceID != site.ID {
		t.Fatalf("the subscription is %+v", subs)
	}
}

func TestOneLineFailsAndIsRefundedWhileItsSiblingLives(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ljpc.Faults(sandbox.Fault{Kind: sandbox.FaultFailLine, Domain: "bad.nl"})
	o := s.place(s.hosting("bad.nl"), s.hosting("good.nl"))
	s.pay(o)
	s.settle(time.Hour)
	got := s.want(o, order.PartlyFailed, order.Failed, order.Completed)
	if back := s.refunded(o); back != got.Lines[0].Gross || s.till.sentBack() != back {
		t.Fatalf("credited %s and sent back %s of a line of %s", back, s.till.sentBack(), got.Lines[0].Gross)
	}
	s.balanced()
}

func TestAPriceThatRoseBetweenPaymentAndCallIsHeld(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("dearer.nl"))
	s.ljpc.SetDomainPrice("dearer.nl", sandbox.DomainPrice{Cost: money.New(60000, money.EUR)})
	s.pay(o)
	s.settle(time.Hour)
	got := s.want(o, order.Delivering, order.Delivering)
	if k := s.taskOf(got.Lines[0]); k.State != task.Held || k.ErrorCode != "price_above_quote" {
		t.Fatalf("the task is %s (%s)", k.State, k.ErrorCode)
	}
	if len(s.ljpc.Domains()) != 0 {
		t.Fatal("the name was bought above the price that was paid for")
	}
}

func TestAPaidRenewalFollowsTheExpiryReadUpstreamAndBuysNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("yearly.nl"))
	s.pay(o)
	s.settle(time.Hour)
	name, err := s.services.Get(t.Context(), s.customer.ID, s.want(o, order.Completed, order.Completed).Lines[0].ServiceID)
	s.must(err)
	s.clock.Advance(name.ExpiresAt.Add(-40 * 24 * time.Hour).Sub(s.clock.Now()))
	_, err = s.billing.Renew(t.Context())
	s.must(err)
	s.payRenewal(name.SubscriptionID)
	s.settle(time.Hour)
	tasks, err := s.tasks.BySubject(t.Context(), nil, name.ID)
	s.must(err)
	if len(tasks) != 1 || tasks[0].State != task.Waiting {
		t.Fatalf("the renewal's tasks are %+v", tasks)
	}
	s.settle(60 * 24 * time.Hour)
	after, err := s.services.Get(t.Context(), s.customer.ID, name.ID)
	s.must(err)
	if !after.ExpiresAt.Equal(name.ExpiresAt.AddDate(1, 0, 0)) {
		t.Fatalf("the expiry moved from %s to %s", name.ExpiresAt, after.ExpiresAt)
	}
	sub, err := s.billing.Subscription(t.Context(), s.store.Read(), name.SubscriptionID)
	s.must(err)
	if !sub.CurrentPeriodEnd.Equal(after.ExpiresAt) {
		t.Fatalf("the subscription ends %s, the name %s", sub.CurrentPeriodEnd, after.ExpiresAt)
	}
	s.balanced()
}

// payRenewal pays the open invoice of a subscription.
func (s *shop) payRenewal(subscriptionID string) {
	s.t.Helper()
	invoices, err := s.billing.InvoicesOf(s.t.Context(), s.store.Read(), subscriptionID)
	s.must(err)
	if len(invoices) != 1 {
		s.t.Fatalf("%d renewal invoices", len(invoices))
	}
	p, err := s.billing.Pay(s.t.Context(), s.customer.ID, invoices[0].ID, billing.PaymentParams{Gateway: "till"})
	s.must(err)
	s.pay(order.Order{PaymentID: p.ID})
}
