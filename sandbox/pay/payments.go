package pay

import (
	"net/http"
	"net/url"

	"hostfront/money"
)

// request is the body of POST /v1/payments.
type request struct {
	PaymentID   string       `json:"payment_id"`
	Amount      money.Amount `json:"amount"`
	Customer    string       `json:"customer"`
	Description string       `json:"description"`
	ReturnURL   string       `json:"return_url"`
	SaveMethod  bool         `json:"save_method"`
	Method      string       `json:"method"`
}

func (q request) check() *failure {
	switch {
	case q.PaymentID == "":
		return refuse("payment_id_missing")
	case !q.Amount.IsPositive():
		return refuse("amount_not_positive")
	case q.Method != "":
		return nil
	}
	u, err := url.Parse(q.ReturnURL)
	if err != nil || q.ReturnURL != "" && u.Scheme != "http" && u.Scheme != "https" {
		return refuse("return_url_invalid")
	}
	return nil
}

// same tells a repeated request from another one under the same key.
func (q request) same(p *Payment) bool {
	return q.Amount == p.Amount && q.Customer == p.Customer && q.Description == p.Description &&
		q.ReturnURL == p.ReturnURL && q.SaveMethod == p.SaveMethod && (q.Method != "") == p.OffSession &&
		(q.Method == "" || q.Method == p.Method)
}

// pay opens a payment or charges a saved method, once for each payment_id.
func (s *Server) pay(q request) (Payment, *failure) {
	if f := q.check(); f != nil {
		return Payment{}, f
	}
	id, err := s.newID("sbx_")
	if err != nil {
		return Payment{}, internal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.payments[s.byShopID[q.PaymentID]]; ok {
		if !q.same(known) {
			return Payment{}, &failure{http.StatusConflict, "idempotency_mismatch"}
		}
		return *known, nil
	}
	p := &Payment{
		ID: id, PaymentID: q.PaymentID, Amount: q.Amount, Customer: q.Customer, Description: q.Description,
		ReturnURL: q.ReturnURL, SaveMethod: q.SaveMethod, Method: q.Method, OffSession: q.Method != "",
		State: Open, CreatedAt: s.now(),
		Fee: money.Zero(q.Amount.Currency), Refunded: money.Zero(q.Amount.Currency),
	}
	if p.OffSession {
		s.charge(p)
	}
	s.payments[p.ID], s.byShopID[p.PaymentID] = p, p.ID
	return *p, s.keep(entry{Payment: p})
}

// charge settles an off-session payment by its method's behaviour. The lock is held.
func (s *Server) charge(p *Payment) {
	behaviour := Removed
	if m, ok := s.methods[p.Method]; ok && m.Customer == p.Customer && !m.Detached {
		behaviour = m.Behaviour
	}
	if behaviour != Succeed {
		p.State, p.Decline = Declined, declines[behaviour]
		return
	}
	p.State, p.Fee = Paid, feeOf(p.Amount)
}

// payment reads one payment.
func (s *Server) payment(id string) (Payment, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payments[id]
	if !ok {
		return Payment{}, missing()
	}
	return *p, nil
}

// find reads the payment with the shop's own id.
func (s *Server) find(shopID string) (Payment, *failure) {
	s.mu.Lock()
	id := s.byShopID[shopID]
	s.mu.Unlock()
	return s.payment(id)
}

// cancel ends a payment that the customer has not decided; a decided one is answered
// as it is.
func (s *Server) cancel(id string) (Payment, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payments[id]
	if !ok {
		return Payment{}, missing()
	}
	if p.State != Open && p.State != Challenged {
		return *p, nil
	}
	p.State = Cancelled
	return *p, s.keep(entry{Payment: p})
}

func (s *Server) now() int64 { return s.options.Clock.Now().UnixMilli() }
