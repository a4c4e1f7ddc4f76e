package api

import (
	"context"
	"net/http"

	"hostfront/billing"
	"hostfront/money"
	"hostfront/service"
	"hostfront/task"
)

// TaskDetail is a task with what a person needs to decide about it.
type TaskDetail struct {
	TaskAnswer
	Message string           `json:"message,omitempty" doc:"What is the matter, for the operator"`
	About   *TaskAbout       `json:"about,omitempty" doc:"The order line that it delivers; not there for other tasks"`
	Actions []TaskActionHint `json:"actions" doc:"What can be decided now, and what would follow"`
	Journal []AttemptAnswer  `json:"journal" doc:"Every try: what was seen before, what was sent, what came back, oldest first"`
}

// TaskAbout is the order line that a task delivers.
type TaskAbout struct {
	OrderID      string       `json:"order_id"`
	LineID       string       `json:"line_id"`
	InvoiceID    string       `json:"invoice_id"`
	InvoiceState string       `json:"invoice_state"`
	CustomerID   string       `json:"customer_id"`
	Kind         string       `json:"kind"`
	Description  string       `json:"description"`
	Domain       string       `json:"domain"`
	State        string       `json:"state" doc:"Of the delivery"`
	Net          money.Amount `json:"net" doc:"What the customer paid for it, without VAT"`
	Cost         money.Amount `json:"cost" doc:"The most that the upstream may charge for it, without VAT"`
}

// TaskActionHint is a decision that can be taken, and what follows from it.
type TaskActionHint struct {
	Action      string `json:"action" enum:"retry,settle_done,settle_failed,settle_placed,cancel,cancel_and_refund"`
	Consequence string `json:"consequence"`
}

type cancelRefundInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		To   string `json:"to" enum:"method,credit" doc:"method: by the way it was paid; credit: to the customer's credit"`
		Note string `json:"note" minLength:"1" maxLength:"2000" doc:"Why, for the journal"`
	}
}

// adminTaskAboutRoutes are the decisions that concern an order line's money too.
func (s *Server) adminTaskAboutRoutes() {
	handle(s, operation{ID: "admin-cancel-and-refund-task", Method: http.MethodPost, Path: "/v1/admin/tasks/{id}/cancel-and-refund", Tag: "Admin: tasks", Access: admin,
		Summary:     "Give an order line up and its money back",
		Description: "The task is cancelled and its line refunded with a credit note, at once and whatever the shop's policy for failed lines is. Only for a task that has had no effect: settle one that may have."}, s.adminCancelAndRefund)
}

// adminCancelAndRefund is POST /v1/admin/tasks/{id}/cancel-and-refund.
func (s *Server) adminCancelAndRefund(ctx context.Context, in *cancelRefundInput) (*body[TaskDetail], error) {
	_, err := auditedVoid(ctx, s, change{"task.cancel_and_refund", in.ID, in.Body}, func() error {
		return s.cfg.Services.CancelAndRefund(ctx, service.CancelRefund{TaskID: in.ID, To: billing.BackTo(in.Body.To), Note: in.Body.Note})
	})
	if err != nil {
		return nil, err
	}
	return s.adminGetTask(ctx, &idInput{ID: in.ID})
}

// adminGetTask is GET /v1/admin/tasks/{id}.
func (s *Server) adminGetTask(ctx context.Context, in *idInput) (*body[TaskDetail], error) {
	q := s.cfg.Store.Read()
	t, err := s.cfg.Tasks.Get(ctx, q, in.ID)
	if err != nil {
		return nil, err
	}
	about, delivers, err := s.cfg.Services.AboutTask(ctx, q, t)
	if err != nil {
		return nil, err
	}
	journal, err := s.cfg.Tasks.Journal(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	detail := TaskDetail{TaskAnswer: taskAnswer(t), Message: t.Message, Actions: hints(t, about, delivers), Journal: []AttemptAnswer{}}
	for _, a := range journal {
		detail.Journal = append(detail.Journal, attemptAnswer(a))
	}
	if delivers {
		detail.About = &TaskAbout{
			OrderID: about.OrderID, LineID: about.LineID, InvoiceID: about.InvoiceID, InvoiceState: about.InvoiceState,
			CustomerID: about.CustomerID, Kind: about.Kind, Description: about.Description, Domain: about.Domain, State: about.State,
			Net: about.Net, Cost: about.Cost,
		}
	}
	return &body[TaskDetail]{detail}, nil
}

// hints are the decisions that a task's state allows.
func hints(t task.Task, about service.About, delivers bool) []TaskActionHint {
	all := []TaskActionHint{}
	add := func(action, consequence string, states ...task.State) {
		for _, state := range states {
			if t.State == state {
				all = append(all, TaskActionHint{action, consequence})
			}
		}
	}
	done, failed, cancelled := "It counts as done, with all that follows from that.", "It counts as failed, with all that follows from that.", "It is given up without its effect."
	if delivers {
		done = "The line counts as delivered: the customer has the service and its subscription begins. Give what came of it as the result."
		failed = "The line fails: the customer is told, and gets " + about.Net.String() + " and its VAT back by the shop's policy, with a credit note."
		cancelled = "The line is given up and refunded by the shop's policy, with a credit note."
	}
	if t.Kind == billing.KindRefundOwed {
		add("settle_done", "You have paid it from the shop's bank account: that is booked, and the credit note is closed. To send it again or give credit, refund the credit note.", task.Held)
		return all
	}
	add("retry", "It is done again now, or asked how far it is where the other side has taken it on. Only when nothing came of it before.",
		task.Held, task.ActionRequired, task.Ready, task.Waiting, task.Unknown, task.Settling)
	add("settle_done", done, task.Held, task.ActionRequired, task.Ready, task.Waiting, task.Unknown)
	add("settle_failed", failed, task.Held, task.ActionRequired, task.Ready, task.Waiting, task.Unknown)
	if delivers {
		add("settle_placed", "The other side has it and works on it: it is asked from now on. Give the order's id as the result.", task.Held, task.Unknown)
	}
	add("cancel", cancelled, task.Held, task.ActionRequired, task.Ready)
	if delivers && about.InvoiceState == string(billing.InvoicePaid) && about.State != service.DeliveryDelivered {
		add("cancel_and_refund", "The line is given up, and the customer gets "+about.Net.String()+" and its VAT back at once, to the card or as credit, with a credit note.",
			task.Held, task.ActionRequired, task.Ready)
	}
	return all
}
