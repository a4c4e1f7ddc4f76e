package order_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/order"
)

func TestOneOfTwoOrdersGetsTheName(t *testing.T) {
	t.Parallel()
	s := open(t)
	var customers []string
	for i := range 4 {
		customers = append(customers, s.register(string(rune('a'+i))+"@example.org", "NL").ID)
	}
	errs := s.atOnce(len(customers), func(i int) error {
		q, err := s.orders.Quote(t.Context(), order.QuoteParams{CustomerID: customers[i], Lines: []order.LineParams{registration("wanted.nl")}})
		if err != nil {
			return err
		}
		p := s.params(q.ID)
		p.CustomerID, p.Idempotency.Actor = customers[i], customers[i]
		_, err = s.orders.Place(t.Context(), p)
		return err
	})
	s.oneWon(errs, "name_reserved")
}

func TestANameIsFreeAgainWhenTheReservationRunsOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.place(registration("slow.nl"))
	s.customer = s.register("bob@example.org", "NL")
	if _, err := s.orders.Place(t.Context(), s.params(s.quote(registration("slow.nl")).ID)); !fault.Is(err, "name_reserved") {
		t.Fatalf("within half an hour: %v", err)
	}
	s.clock.Advance(31 * time.Minute)
	s.place(registration("slow.nl"))
}

func TestACustomersOwnUnpaidCartGivesWayToTheNext(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.place(registration("mine.nl"))
	second := s.place(registration("mine.nl"), s.hosting("mine.nl"))
	s.pay(second)
	s.settle(time.Hour)
	s.want(second, order.Completed, order.Completed, order.Completed)
	s.pay(first)
	s.settle(time.Hour)
	s.want(first, order.Failed, order.Failed)
	if s.till.sentBack() != first.Gross || len(s.ljpc.Domains()) != 1 {
		t.Fatalf("sent back %s of %s, %d names", s.till.sentBack(), first.Gross, len(s.ljpc.Domains()))
	}
	s.balanced()
}

func TestANameStaysReservedWhileItsPaymentIsProcessing(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("bank.nl"))
	s.tell(o, billing.PaymentProcessing)
	s.settle(time.Minute)
	s.clock.Advance(20 * time.Hour)
	s.customer = s.register("bob@example.org", "NL")
	if _, err := s.orders.Place(t.Context(), s.params(s.quote(registration("bank.nl")).ID)); !fault.Is(err, "name_reserved") {
		t.Fatalf("while it is processing: %v", err)
	}
	s.pay(o)
	s.settle(time.Hour)
	s.want(o, order.Completed, order.Completed)
}

func TestANameIsFreeAgainWhenItsOrderIsCancelled(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("ann.nl"))
	report, err := s.orders.Cancel(t.Context(), o.ID)
	s.must(err)
	s.settle(time.Minute)
	if !report.Voided {
		t.Fatalf("report %+v", report)
	}
	s.want(o, order.Cancelled, order.Cancelled)
	s.customer = s.register("bob@example.org", "NL")
	s.place(registration("ann.nl"))
}

func TestABankTransferReservesNothingAndComesSecond(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.params(s.quote(registration("late.nl"), s.hosting("elsewhere.nl")).ID)
	p.Gateway = "transfer"
	slow, err := s.orders.Place(t.Context(), p)
	s.must(err)
	ann := s.customer
	s.customer = s.register("bob@example.org", "NL")
	quick := s.place(registration("late.nl"))
	s.pay(quick)
	s.settle(time.Hour)
	s.want(quick, order.Completed, order.Completed)

	s.customer = ann
	_, err = s.billing.SettleTransfer(t.Context(), billing.TransferParams{PaymentID: slow.Order.PaymentID, Amount: slow.Order.Gross, Reference: "bank-1"})
	s.must(err)
	s.settle(time.Hour)
	got := s.want(slow.Order, order.PartlyFailed, order.Failed, order.Completed)
	if got.Lines[0].Code != "name_taken" || s.refunded(slow.Order) != got.Lines[0].Gross {
		t.Fatalf("the line failed for %q, %s was credited", got.Lines[0].Code, s.refunded(slow.Order))
	}
	if n := len(s.ljpc.Domains()); n != 1 {
		t.Fatalf("%d names", n)
	}
	s.balanced()
}

func TestAPaidNameHeldByAnothersReservationIsRefunded(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.params(s.quote(registration("late.nl")).ID)
	p.Gateway = "transfer"
	slow, err := s.orders.Place(t.Context(), p)
	s.must(err)
	s.customer = s.register("bob@example.org", "NL")
	s.place(registration("late.nl")) // not paid yet
	_, err = s.billing.SettleTransfer(t.Context(), billing.TransferParams{PaymentID: slow.Order.PaymentID, Amount: slow.Order.Gross, Reference: "bank-1"})
	s.must(err)
	s.settle(time.Hour)
	s.want(slow.Order, order.Failed, order.Failed)
	if len(s.ljpc.Domains()) != 0 {
		t.Fatal("a name was registered that another order holds")
	}
}
