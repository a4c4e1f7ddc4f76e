package pay

import (
	"net/http"

	"hostfront/money"
)

// refundRequest is the body of POST /v1/refunds.
type refundRequest struct {
	RefundID string       `json:"refund_id"`
	Payment  string       `json:"payment"`
	Amount   money.Amount `json:"amount"`
	Reason   string       `json:"reason"`
}

// refund sends money back, once for each refund_id and never more than was paid.
func (s *Server) refund(q refundRequest) (Refund, *failure) {
	if q.RefundID == "" || !q.Amount.IsPositive() {
		return Refund{}, refuse("refund_invalid")
	}
	id, err := s.newID("sbr_")
	if err != nil {
		return Refund{}, internal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.refunds[s.byRefund[q.RefundID]]; ok {
		if known.Payment != q.Payment || known.Amount != q.Amount {
			return Refund{}, &failure{http.StatusConflict, "idempotency_mismatch"}
		}
		return *known, nil
	}
	p, ok := s.payments[q.Payment]
	switch {
	case !ok:
		return Refund{}, missing()
	case p.State != Paid:
		return Refund{}, refuse("payment_not_paid")
	case q.Amount.Currency != p.Amount.Currency:
		return Refund{}, refuse("currency_mismatch")
	case p.Refunded.Add(q.Amount).Cmp(p.Amount) > 0:
		return Refund{}, refuse("refund_exceeds_payment")
	}
	p.Refunded = p.Refunded.Add(q.Amount)
	made := &Refund{
		ID: id, RefundID: q.RefundID, Payment: p.ID, Amount: q.Amount, Reason: q.Reason,
		State: "succeeded", CreatedAt: s.now(),
	}
	s.refunds[made.ID], s.byRefund[made.RefundID] = made, made.ID
	return *made, s.keep(entry{Payment: p}, entry{Refund: made})
}

func (s *Server) refundByID(id string) (Refund, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.refunds[id]
	if !ok {
		return Refund{}, missing()
	}
	return *r, nil
}
