package order_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/fault"
	"hostfront/order"
	"hostfront/task"
	"hostfront/upstream"
)

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
	line := s.want(o, order.ActionRequired, order.ActionRequired).Lines[0]
	s.clock.Advance(13 * 24 * time.Hour)
	left := s.now(o).Lines[0].MendBy.Sub(s.clock.Now())
	if !s.now(o).Lines[0].MendBy.Equal(line.MendBy) || left <= 0 || left > 24*time.Hour {
		t.Fatalf("on day 13 the customer has another %s", left)
	}
	report, err := s.services.ExpireActions(t.Context())
	s.must(err)
	if report.Done != 0 {
		t.Fatalf("given up after 13 days: %+v", report)
	}
	s.clock.Advance(2 * 24 * time.Hour)
	report, err = s.services.ExpireActions(t.Context())
	s.must(err)
	s.settle(time.Hour)
	got := s.want(o, order.Failed, order.Failed)
	if report.Done != 1 || s.till.sentBack() != got.Gross {
		t.Fatalf("report %+v, sent back %s of %s", report, s.till.sentBack(), got.Gross)
	}
	if k := s.taskOf(got.Lines[0]); k.State != task.Cancelled {
		t.Fatalf("the task is %s", k.State)
	}
	s.balanced()
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

func TestHostingOutlivesARegistrationThatWasNotMendedInTime(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wire.refuseContact("ann@example.org")
	o := s.place(registration("one.nl"), registration("two.nl"), s.hosting("one.nl"))
	s.pay(o)
	s.settle(time.Hour)
	s.want(o, order.ActionRequired, order.ActionRequired, order.ActionRequired, order.Paid)
	s.clock.Advance(15 * 24 * time.Hour)
	report, err := s.services.ExpireActions(t.Context())
	s.must(err)
	s.settle(time.Hour)
	got := s.want(o, order.ActionRequired, order.Failed, order.Failed, order.ActionRequired)
	if report.Done != 2 || s.till.sentBack() != got.Lines[0].Gross.Add(got.Lines[1].Gross) {
		t.Fatalf("report %+v, sent back %s", report, s.till.sentBack())
	}
	s.clock.Advance(15 * 24 * time.Hour)
	_, err = s.services.ExpireActions(t.Context())
	s.must(err)
	s.settle(time.Hour)
	s.want(o, order.Failed, order.Failed, order.Failed, order.Failed)
	if s.till.sentBack() != got.Gross || len(s.ljpc.Effects()) != 0 {
		t.Fatalf("sent back %s of %s, LJPc did %v", s.till.sentBack(), got.Gross, s.ljpc.Effects())
	}
	s.balanced()
}
