package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"hostfront/order"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/task"
)

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
