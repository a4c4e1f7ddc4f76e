package api

import (
	"context"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
)

type refundInput struct {
	KeyInput
	ID      string `path:"id" maxLength:"64"`
	RawBody []byte
	Body    RefundBody
}

// RefundBody is what staff gives back.
type RefundBody struct {
	LineID string        `json:"line_id,omitempty" maxLength:"64" doc:"Only this line; the whole invoice when left out"`
	Amount *money.Amount `json:"amount,omitempty" doc:"A part, VAT included; all that is left when left out"`
	Reason string        `json:"reason" minLength:"1" maxLength:"500" doc:"Stands on the credit note"`
	To     string        `json:"to,omitempty" enum:"method,credit" doc:"Back the way it came (the default), or to the customer's credit"`
}

// adminRefund is POST /v1/admin/invoices/{id}/refund.
func (s *Server) adminRefund(ctx context.Context, in *refundInput) (*replayable[AdminInvoiceAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/admin/invoices/"+in.ID+"/refund", in.RawBody)
	amount, err := partOf(in.Body.Amount)
	if err != nil {
		return nil, err
	}
	id, replayed, err := s.auditedOnce(ctx, key, change{"invoice.refund", in.ID, in.Body}, func(q *db.Queries) (string, error) {
		note, err := s.cfg.Billing.Refund(ctx, q, billing.RefundParams{
			InvoiceID: in.ID, LineID: in.Body.LineID, Amount: amount, Reason: in.Body.Reason, To: billing.BackTo(in.Body.To),
		})
		return note.ID, err
	})
	if err != nil {
		return nil, err
	}
	note, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), id)
	return answered(adminInvoiceAnswer(note), replayed), err
}
