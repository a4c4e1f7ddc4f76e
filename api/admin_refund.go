package api

import (
	"context"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
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
}

// adminRefund is POST /v1/admin/invoices/{id}/refund.
func (s *Server) adminRefund(ctx context.Context, in *refundInput) (*replayable[AdminInvoiceAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/admin/invoices/"+in.ID+"/refund", in.RawBody)
	if key.Key != "" {
		noteID, found, err := order.Claimed(ctx, s.cfg.Store.Read(), key)
		if err != nil {
			return nil, err
		}
		if found {
			note, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), noteID)
			return answered(adminInvoiceAnswer(note), true), err
		}
	}
	if a := in.Body.Amount; a != nil && !a.IsPositive() {
		return nil, fault.InvalidField("amount", "not_acceptable", "The amount must be more than nothing; leave it out for all that is left.")
	}
	return audited(ctx, s, change{"invoice.refund", in.ID, in.Body}, func() (*replayable[AdminInvoiceAnswer], error) {
		note, replayed, err := s.refundOnce(ctx, key, refundOf(in))
		if err != nil {
			return nil, err
		}
		return answered(adminInvoiceAnswer(note), replayed), nil
	})
}

func refundOf(in *refundInput) billing.RefundParams {
	p := billing.RefundParams{InvoiceID: in.ID, LineID: in.Body.LineID, Reason: in.Body.Reason}
	if in.Body.Amount != nil {
		p.Amount = *in.Body.Amount
	}
	return p
}

// refundOnce refunds and ties the credit note to its key in one transaction; a key
// that was taken meanwhile gives that one's note.
func (s *Server) refundOnce(ctx context.Context, key order.Idempotency, p billing.RefundParams) (note billing.Invoice, replayed bool, err error) {
	err = s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
		replayed = false
		if key.Key != "" {
			noteID, found, err := order.Claimed(ctx, q, key)
			if err != nil {
				return err
			}
			if found {
				replayed = true
				note, err = s.cfg.Billing.Invoice(ctx, q, noteID)
				return err
			}
		}
		var err error
		if note, err = s.cfg.Billing.Refund(ctx, q, p); err != nil || key.Key == "" {
			return err
		}
		_, err = order.Claim(ctx, q, key, note.ID, s.cfg.Clock.Now())
		return err
	})
	return note, replayed, err
}
