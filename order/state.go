package order

import (
	"hostfront/billing"
	"hostfront/service"
	"hostfront/task"
)

// State is where an order or a line of one stands.
type State string

// The states. None is stored: see DeriveLine and DeriveOrder.
const (
	PendingPayment State = "pending_payment"
	Review         State = "review" // money came, and not all of it: a person looks
	Paid           State = "paid"
	Delivering     State = "delivering"
	ActionRequired State = "action_required"
	Completed      State = "completed"
	PartlyFailed   State = "partly_failed" // of an order alone
	Failed         State = "failed"
	Cancelled      State = "cancelled"
)

// LineFacts is what the state of a line follows from.
type LineFacts struct {
	// Delivery is the state of its delivery and Code why that failed.
	Delivery, Code string
	// Task is the state of the delivering task; Started says that it has been tried.
	Task    task.State
	Started bool
}

// beforePayment is the state of everything in an order whose invoice is not paid;
// false once it is.
func beforePayment(s service.Standing) (State, bool) {
	switch billing.InvoiceState(s.Invoice) {
	case billing.InvoicePaid:
		return "", false
	case billing.InvoiceVoid, billing.InvoiceUncollectible:
		return Cancelled, true
	}
	if s.Short {
		return Review, true
	}
	return PendingPayment, true
}

// DeriveLine is the state of a line.
func DeriveLine(s service.Standing, f LineFacts) State {
	if state, unpaid := beforePayment(s); unpaid {
		return state
	}
	switch f.Delivery {
	case service.DeliveryDelivered:
		return Completed
	case service.DeliveryFailed:
		if f.Code == service.CodeCancelled {
			return Cancelled
		}
		return Failed
	case service.DeliveryActionRequired:
		return ActionRequired
	}
	switch {
	case f.Task == task.Failed, f.Task == task.Cancelled:
		return Failed
	case f.Task == task.Blocked, f.Task == task.Ready && !f.Started:
		return Paid
	}
	return Delivering
}

// DeriveOrder is the state of an order from those of its lines.
func DeriveOrder(s service.Standing, lines []State) State {
	if state, unpaid := beforePayment(s); unpaid {
		return state
	}
	count := map[State]int{}
	for _, l := range lines {
		count[l]++
	}
	ended := count[Completed] + count[Failed] + count[Cancelled]
	switch {
	case count[ActionRequired] > 0:
		return ActionRequired
	case count[Paid] == len(lines):
		return Paid
	case ended < len(lines):
		return Delivering
	case count[Completed] == len(lines):
		return Completed
	case count[Completed] > 0:
		return PartlyFailed
	case count[Cancelled] == len(lines):
		return Cancelled
	}
	return Failed
}
