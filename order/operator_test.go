package order_test

import (
	"testing"
	"time"

	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/task"
)

func TestATaskThatAnOperatorCancelsGivesTheLinesMoneyBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("dear.nl"), s.hosting("dear.nl"), registration("fine.nl"))
	s.ljpc.SetDomainPrice("dear.nl", sandbox.DomainPrice{Cost: money.New(99_000, money.EUR)})
	s.pay(o)
	s.settle(time.Hour)
	got := s.want(o, order.Delivering, order.Delivering, order.Paid, order.Completed)
	held := s.taskOf(got.Lines[0])
	if held.State != task.Held {
		t.Fatalf("the task is %s", held.State)
	}
	s.must(s.tasks.Cancel(t.Context(), held.ID, ""))
	s.settle(time.Hour)
	got = s.want(o, order.ActionRequired, order.Cancelled, order.ActionRequired, order.Completed)
	if back := s.refunded(o); back != got.Lines[0].Gross || s.till.sentBack() != back {
		t.Fatalf("credited %s and sent back %s of a line of %s", back, s.till.sentBack(), got.Lines[0].Gross)
	}
	s.balanced()
	s.ljpc.SetDomainPrice("dear.nl", sandbox.DomainPrice{Cost: money.New(599, money.EUR)})
	s.place(registration("dear.nl")) // the name is free again
}

func TestADeliveryThatIsNotPaidForIsCancelledWithItsOrderOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(s.hosting("ann.nl"))
	if err := s.tasks.Cancel(t.Context(), s.taskOf(s.now(o).Lines[0]).ID, ""); !fault.Is(err, "not_paid") {
		t.Fatalf("a blocked delivery was cancelled: %v", err)
	}
	s.pay(o)
	s.settle(time.Hour)
	s.want(o, order.Completed, order.Completed)
}
