package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/task"
	"hostfront/upstream"
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

func TestARefusedAuthCodeIsMendedAndTheTransferGoesOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(moving("anns-name.nl", "wrong-code"))
	s.pay(o)
	s.settle(3 * time.Hour)
	got := s.want(o, order.ActionRequired, order.ActionRequired)
	line := got.Lines[0]
	if line.Code != "auth_code_refused" || len(line.Fields) != 1 || line.Fields[0].Name != "auth_code" {
		t.Fatalf("the line says %q %v", line.Code, line.Fields)
	}
	_, err := s.orders.Retry(t.Context(), order.RetryParams{CustomerID: s.customer.ID, OrderID: o.ID, LineID: line.ID})
	if e, ok := fault.As(err); !ok || len(e.Fields) != 1 {
		t.Fatalf("a retry without a code answers %v", err)
	}
	_, err = s.orders.Retry(t.Context(), order.RetryParams{CustomerID: s.customer.ID, OrderID: o.ID, LineID: line.ID, AuthCode: "good-code"})
	s.must(err)
	s.want(o, order.Delivering, order.Delivering)
	s.settle(3 * time.Hour)
	s.want(o, order.Completed, order.Completed)
	if len(s.ljpc.OrdersOf(line.ID)) != 2 {
		t.Fatalf("%d upstream orders, want the refused one and the good one", len(s.ljpc.OrdersOf(line.ID)))
	}
	s.balanced()
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

func TestHostingAsksForAnotherNameWhenItsOwnCannotBeRegistered(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("contested.nl"), s.hosting("contested.nl"))
	s.lose("contested.nl")
	s.pay(o)
	s.settle(time.Hour)
	got := s.want(o, order.ActionRequired, order.Failed, order.ActionRequired)
	if got.Lines[1].Code != "domain_failed" {
		t.Fatalf("the hosting waits for %q", got.Lines[1].Code)
	}
	if back := s.refunded(o); back != got.Lines[0].Gross {
		t.Fatalf("refunded %s, the name was %s", back, got.Lines[0].Gross)
	}
	_, err := s.orders.Retry(t.Context(), order.RetryParams{CustomerID: s.customer.ID, OrderID: o.ID, LineID: got.Lines[1].ID, Domain: "other.nl"})
	s.must(err)
	s.settle(time.Hour)
	got = s.want(o, order.PartlyFailed, order.Failed, order.Completed)
	if got.Lines[1].Domain != "other.nl" || len(s.ljpc.Sites()) != 1 || s.ljpc.Sites()[0].Domain != "other.nl" {
		t.Fatalf("hosted is %s, LJPc has %v", got.Lines[1].Domain, s.ljpc.Sites())
	}
	s.balanced()
}

// lose has somebody else get a name first: it is registered by another account.
func (s *shop) lose(name string) {
	s.t.Helper()
	handle, err := s.rival.CreateContact(s.t.Context(), upstream.Contact{
		FirstName: "R", LastName: "Ival", Email: "r@example.org", Phone: "+31201234568", Street: "S", Number: "2", Postcode: "1", City: "C", Country: "NL",
	})
	s.must(err)
	s.must(s.rival.RegisterDomain(s.t.Context(), name, handle))
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

func TestALostOrderIsHeldAndSettledByAnOperator(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{sandbox.FaultDropAfter, sandbox.FaultServerErrorAfter, sandbox.FaultHTML, sandbox.FaultCutJSON} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.ljpc.Faults(sandbox.Fault{Op: "orders.create", Kind: kind}, sandbox.Fault{Kind: sandbox.FaultStuckOrder})
			o := s.place(s.hosting("lost.nl"))
			s.pay(o)
			s.settle(48 * time.Hour)
			got := s.want(o, order.Delivering, order.Delivering)
			k := s.taskOf(got.Lines[0])
			if k.State != task.Held {
				t.Fatalf("the task is %s", k.State)
			}
			placed := s.ljpc.OrdersOf(got.Lines[0].ID)
			if len(placed) != 1 {
				t.Fatalf("%d upstream orders", len(placed))
			}
			s.ljpc.Release(placed[0].ID)
			result, err := json.Marshal(map[string]int64{"order_id": placed[0].ID})
			s.must(err)
			s.must(s.tasks.Settle(t.Context(), k.ID, task.Settlement{Outcome: "placed", Result: result, Note: "found in the panel"}))
			s.settle(time.Hour)
			s.want(o, order.Completed, order.Completed)
			if n := len(s.ljpc.Orders()); n != 1 {
				t.Fatalf("%d upstream orders for one line", n)
			}
			s.balanced()
		})
	}
}

func TestALostOrderWhoseSiteAppearsIsFoundByTheDifference(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ljpc.Faults(sandbox.Fault{Op: "orders.create", Kind: sandbox.FaultDropAfter})
	o := s.place(s.hosting("appears.nl"))
	s.pay(o)
	s.settle(48 * time.Hour)
	s.want(o, order.Completed, order.Completed)
	if n := len(s.ljpc.Orders()); n != 1 {
		t.Fatalf("%d upstream orders for one line", n)
	}
}

func TestALostRegistrationIsFoundByReadingTheName(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{sandbox.FaultDropAfter, sandbox.FaultDropBefore} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.ljpc.Faults(sandbox.Fault{Op: "domains.register", Kind: kind})
			o := s.place(registration("lost.nl"))
			s.pay(o)
			s.settle(time.Hour)
			s.want(o, order.Completed, order.Completed)
			if n := len(s.ljpc.Domains()); n != 1 {
				t.Fatalf("%d names", n)
			}
			s.balanced()
		})
	}
}

func TestAnExpiryThatCannotBeReadCostsNoSecondRegistration(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("blind.nl"))
	s.ljpc.Faults(sandbox.Fault{Op: "domains.get", Kind: sandbox.FaultLoseKey, Times: 4})
	s.pay(o)
	s.settle(2 * time.Hour)
	s.want(o, order.Completed, order.Completed)
	registered := 0
	for _, e := range s.ljpc.Effects() {
		if e.Subject == "blind.nl" {
			registered++
		}
	}
	if registered != 1 {
		t.Fatalf("LJPc did %v", s.ljpc.Effects())
	}
}

func TestALostContactIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ljpc.Faults(sandbox.Fault{Op: "contacts.create", Kind: sandbox.FaultDropAfter})
	o := s.place(registration("one.nl"), registration("two.nl"))
	s.pay(o)
	s.settle(time.Hour)
	s.want(o, order.Completed, order.Completed, order.Completed)
	again := s.place(registration("three.nl"))
	s.pay(again)
	s.settle(time.Hour)
	s.want(again, order.Completed, order.Completed)
	if n := len(s.ljpc.Contacts()); n != 1 {
		t.Fatalf("%d contacts for one registrant", n)
	}
}

func TestARefusedRegistrantIsMendedForEveryNameThatWaits(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wire.refuseContact("ann@example.org")
	o := s.place(registration("one.nl"), registration("two.nl"))
	s.pay(o)
	s.settle(time.Hour)
	got := s.want(o, order.ActionRequired, order.ActionRequired, order.ActionRequired)
	other := registrant()
	other.Email = "bos@example.org"
	_, err := s.orders.Retry(t.Context(), order.RetryParams{CustomerID: s.customer.ID, OrderID: o.ID, LineID: got.Lines[1].ID, Registrant: other})
	s.must(err)
	s.settle(time.Hour)
	s.want(o, order.Completed, order.Completed, order.Completed)
}

func TestWhatTheCustomerDoesNotMendIn14DaysIsRefunded(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(moving("late.nl", "wrong-code"))
	s.pay(o)
	s.settle(3 * time.Hour)
	s.want(o, order.ActionRequired, order.ActionRequired)
	s.clock.Advance(13 * 24 * time.Hour)
	report, err := s.services.ExpireActions(t.Context())
	s.must(err)
	if report.Expired != 0 {
		t.Fatalf("given up after 13 days: %+v", report)
	}
	s.clock.Advance(2 * 24 * time.Hour)
	report, err = s.services.ExpireActions(t.Context())
	s.must(err)
	s.settle(time.Hour)
	got := s.want(o, order.Failed, order.Failed)
	if report.Expired != 1 || s.till.sentBack() != got.Gross {
		t.Fatalf("report %+v, sent back %s of %s", report, s.till.sentBack(), got.Gross)
	}
	if k := s.taskOf(got.Lines[0]); k.State != task.Cancelled {
		t.Fatalf("the task is %s", k.State)
	}
	s.balanced()
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

func TestARegistrantIsCheckedBeforePayment(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.params(s.quote(registration("firma.dk")).ID)
	p.Registrant.Type, p.Registrant.Company, p.Registrant.Country = account.Organisation, "Firma", "DK"
	_, err := s.orders.Place(t.Context(), p)
	e, ok := fault.As(err)
	if !ok || len(e.Fields) != 1 || e.Fields[0].Name != "registrant.company_number" {
		t.Fatalf("an organisation without a number for .dk: %v", err)
	}
	p.Registrant = nil
	if _, err = s.orders.Place(t.Context(), p); err == nil {
		t.Fatal("a name without a registrant was ordered")
	}
}
