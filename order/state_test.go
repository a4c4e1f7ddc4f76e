package order_test

import (
	"testing"

	"hostfront/order"
	"hostfront/service"
	"hostfront/task"
)

func TestStateOfALineFollowsFromWhatIsStored(t *testing.T) {
	t.Parallel()
	paid := service.Standing{Invoice: "paid"}
	for name, tt := range map[string]struct {
		standing service.Standing
		facts    order.LineFacts
		want     order.State
	}{
		"not paid":                 {service.Standing{Invoice: "open"}, order.LineFacts{Delivery: "pending", Task: task.Blocked}, order.PendingPayment},
		"processing":               {service.Standing{Invoice: "open", Processing: true}, order.LineFacts{Delivery: "pending", Task: task.Blocked}, order.PendingPayment},
		"paid in part":             {service.Standing{Invoice: "open", Short: true}, order.LineFacts{Delivery: "pending", Task: task.Blocked}, order.Review},
		"lapsed":                   {service.Standing{Invoice: "void"}, order.LineFacts{Delivery: "pending", Task: task.Cancelled}, order.Cancelled},
		"never to be paid":         {service.Standing{Invoice: "uncollectible"}, order.LineFacts{Delivery: "pending", Task: task.Blocked}, order.Cancelled},
		"paid":                     {paid, order.LineFacts{Delivery: "pending", Task: task.Ready}, order.Paid},
		"tried before":             {paid, order.LineFacts{Delivery: "pending", Task: task.Ready, Started: true}, order.Delivering},
		"running":                  {paid, order.LineFacts{Delivery: "pending", Task: task.Running, Started: true}, order.Delivering},
		"with the upstream":        {paid, order.LineFacts{Delivery: "pending", Task: task.Waiting, Started: true}, order.Delivering},
		"may have happened":        {paid, order.LineFacts{Delivery: "pending", Task: task.Unknown, Started: true}, order.Delivering},
		"held for an operator":     {paid, order.LineFacts{Delivery: "pending", Task: task.Held, Started: true}, order.Delivering},
		"for the customer to mend": {paid, order.LineFacts{Delivery: "action_required", Task: task.ActionRequired, Started: true}, order.ActionRequired},
		"mended":                   {paid, order.LineFacts{Delivery: "pending", Task: task.Ready, Started: true}, order.Delivering},
		"delivered":                {paid, order.LineFacts{Delivery: "delivered", Task: task.Done, Started: true}, order.Completed},
		"delivered, being settled": {paid, order.LineFacts{Delivery: "pending", Task: task.Settling, Started: true}, order.Delivering},
		"failed":                   {paid, order.LineFacts{Delivery: "failed", Code: "delivery_failed", Task: task.Failed, Started: true}, order.Failed},
		"given up by the shop":     {paid, order.LineFacts{Delivery: "failed", Code: "cancelled_by_shop", Task: task.Cancelled}, order.Cancelled},
		"its task cancelled":       {paid, order.LineFacts{Delivery: "pending", Task: task.Cancelled}, order.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := order.DeriveLine(tt.standing, tt.facts); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestStateOfAnOrderFollowsFromItsLines(t *testing.T) {
	t.Parallel()
	const (
		paid, delivering, action = order.Paid, order.Delivering, order.ActionRequired
		done, failed, cancelled  = order.Completed, order.Failed, order.Cancelled
	)
	for name, tt := range map[string]struct {
		invoice string
		short   bool
		lines   []order.State
		want    order.State
	}{
		"not paid":                        {"open", false, []order.State{order.PendingPayment}, order.PendingPayment},
		"paid in part":                    {"open", true, []order.State{order.Review}, order.Review},
		"lapsed":                          {"void", false, []order.State{cancelled}, cancelled},
		"nothing begun":                   {"paid", false, []order.State{paid, paid}, paid},
		"one begun":                       {"paid", false, []order.State{paid, delivering}, delivering},
		"one waits for another's end":     {"paid", false, []order.State{done, paid}, delivering},
		"one for the customer":            {"paid", false, []order.State{delivering, action, done}, action},
		"a failure beside one on its way": {"paid", false, []order.State{failed, delivering}, delivering},
		"all there":                       {"paid", false, []order.State{done, done}, done},
		"one lost":                        {"paid", false, []order.State{done, failed}, order.PartlyFailed},
		"one withdrawn":                   {"paid", false, []order.State{done, cancelled}, order.PartlyFailed},
		"all lost":                        {"paid", false, []order.State{failed, failed}, failed},
		"lost and withdrawn":              {"paid", false, []order.State{failed, cancelled}, failed},
		"all withdrawn":                   {"paid", false, []order.State{cancelled, cancelled}, cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := order.DeriveOrder(service.Standing{Invoice: tt.invoice, Short: tt.short}, tt.lines); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
