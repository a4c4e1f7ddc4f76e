package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/money"
)

// DisputeAnswer is a payment that a customer has disputed at their bank.
type DisputeAnswer struct {
	ID         string       `json:"id"`
	Gateway    string       `json:"gateway"`
	Reference  string       `json:"reference" doc:"The provider's id of the dispute"`
	State      string       `json:"state" enum:"inquiry,open,won,lost"`
	Amount     money.Amount `json:"amount" doc:"What is disputed; 0.00 until the provider has told it"`
	Fee        money.Amount `json:"fee" doc:"What the provider keeps for it"`
	Reason     string       `json:"reason" doc:"The provider's code"`
	Outcome    string       `json:"outcome,omitempty" enum:"reopen,credit_note" doc:"What the shop does with the paid invoice of a lost one, also where it was won after all; an open one is owed either way"`
	CustomerID string       `json:"customer_id"`
	InvoiceID  string       `json:"invoice_id"`
	PaymentID  string       `json:"payment_id"`
	AnswerBy   *time.Time   `json:"answer_by,omitempty" doc:"Until when evidence is taken at the provider"`
	OpenedAt   time.Time    `json:"opened_at"`
	ClosedAt   *time.Time   `json:"closed_at,omitempty"`
}

type disputesInput struct {
	PageInput
	State string `query:"state" enum:"inquiry,open,won,lost"`
}

func (s *Server) adminDisputeRoutes() {
	handle(s, operation{ID: "admin-list-disputes", Method: http.MethodGet, Path: "/v1/admin/disputes", Tag: "Admin: billing", Cursor: "dsp", Access: admin,
		Summary: "Payments that customers have disputed at their bank, newest first"}, s.adminListDisputes)
}

// adminListDisputes is GET /v1/admin/disputes.
func (s *Server) adminListDisputes(ctx context.Context, in *disputesInput) (*pageOutput[DisputeAnswer], error) {
	disputes, err := s.cfg.Billing.Disputes(ctx, billing.DisputeState(in.State), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(disputes, in.Limit, func(d billing.Dispute) string { return d.ID })
	return pageOf(disputes, next, disputeAnswer), nil
}

func disputeAnswer(d billing.Dispute) DisputeAnswer {
	return DisputeAnswer{
		ID: d.ID, Gateway: d.Gateway, Reference: d.Reference, State: string(d.State), Amount: d.Amount, Fee: d.Fee, Reason: d.Reason,
		Outcome: d.Outcome, CustomerID: d.CustomerID, InvoiceID: d.InvoiceID, PaymentID: d.PaymentID, AnswerBy: instant(d.AnswerBy),
		OpenedAt: d.OpenedAt, ClosedAt: instant(d.ClosedAt),
	}
}
