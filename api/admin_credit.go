package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
)

type giveInput struct {
	KeyInput
	ID      string `path:"id" maxLength:"64" doc:"The customer"`
	RawBody []byte
	Body    struct {
		Amount    money.Amount `json:"amount" doc:"More than nothing, at most 10,000 units of the shop's currency"`
		Reason    string       `json:"reason" minLength:"1" maxLength:"500" doc:"Told to the customer"`
		ExpiresAt *time.Time   `json:"expires_at,omitempty" doc:"When what is left runs out; never when left out"`
	}
}

type payOutInput struct {
	KeyInput
	ID      string `path:"id" maxLength:"64" doc:"The customer"`
	RawBody []byte
	Body    struct {
		Amount *money.Amount `json:"amount,omitempty" doc:"A part; all that the customer paid for when left out"`
		Reason string        `json:"reason" minLength:"1" maxLength:"500" doc:"Stands on the receipt"`
	}
}

type customerPageInput struct {
	PageInput
	ID string `path:"id" maxLength:"64" doc:"The customer"`
}

// adminCreditRoutes are customers' credit, as staff sees and gives it.
func (s *Server) adminCreditRoutes() {
	handle(s, operation{ID: "admin-get-credit", Method: http.MethodGet, Path: "/v1/admin/customers/{id}/credit", Tag: "Admin: credit", Access: admin,
		Summary: "A customer's credit"}, s.adminGetCredit)
	handle(s, operation{ID: "admin-list-credit-entries", Method: http.MethodGet, Path: "/v1/admin/customers/{id}/credit/entries", Tag: "Admin: credit", Cursor: "led", Access: admin,
		Summary: "What moved a customer's credit, newest first"}, s.adminListCreditEntries)
	handle(s, operation{ID: "admin-give-credit", Method: http.MethodPost, Path: "/v1/admin/customers/{id}/credit", Tag: "Admin: credit", Access: admin,
		Summary: "Give credit: it costs goodwill, and is never paid out", Status: http.StatusCreated,
		Description: "Send an Idempotency-Key: without one, the request sent again gives it again."}, s.adminGiveCredit)
	handle(s, operation{ID: "admin-end-credit", Method: http.MethodPost, Path: "/v1/admin/credit/{id}/expire", Tag: "Admin: credit", Access: admin,
		Summary: "Let given credit run out now"}, s.adminEndCredit)
	handle(s, operation{ID: "admin-refund-credit", Method: http.MethodPost, Path: "/v1/admin/customers/{id}/credit/refund", Tag: "Admin: credit", Access: admin,
		Summary: "Send credit that the customer paid for back the way it came", Status: http.StatusCreated,
		Description: "Send an Idempotency-Key: without one, the request sent again sends it again."}, s.adminRefundCredit)
	handle(s, operation{ID: "admin-apply-credit", Method: http.MethodPost, Path: "/v1/admin/invoices/{id}/apply-credit", Tag: "Admin: credit", Access: admin,
		Summary:     "Pay a customer's open invoice, or part of it, from their credit",
		Description: "Send an Idempotency-Key with an amount: without one, the request sent again takes it again."}, s.adminApplyCredit)
}

// adminGetCredit is GET /v1/admin/customers/{id}/credit.
func (s *Server) adminGetCredit(ctx context.Context, in *idInput) (*body[CreditAnswer], error) {
	if _, err := s.cfg.Accounts.Customer(ctx, s.cfg.Store.Read(), in.ID); err != nil {
		return nil, err
	}
	return s.creditOf(ctx, in.ID)
}

// adminListCreditEntries is GET /v1/admin/customers/{id}/credit/entries.
func (s *Server) adminListCreditEntries(ctx context.Context, in *customerPageInput) (*pageOutput[CreditEntryAnswer], error) {
	if _, err := s.cfg.Accounts.Customer(ctx, s.cfg.Store.Read(), in.ID); err != nil {
		return nil, err
	}
	return s.creditEntries(ctx, in.ID, in.PageInput)
}

// adminGiveCredit is POST /v1/admin/customers/{id}/credit.
func (s *Server) adminGiveCredit(ctx context.Context, in *giveInput) (*replayable[GrantAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/admin/customers/"+in.ID+"/credit", in.RawBody)
	p := billing.GrantParams{CustomerID: in.ID, Amount: in.Body.Amount, Reason: in.Body.Reason}
	if in.Body.ExpiresAt != nil {
		p.ExpiresAt = *in.Body.ExpiresAt
	}
	id, replayed, err := s.auditedOnce(ctx, key, change{"credit.give", in.ID, in.Body}, func(q *db.Queries) (string, error) {
		given, err := s.cfg.Billing.GiveCredit(ctx, q, p)
		return given.ID, err
	})
	if err != nil {
		return nil, err
	}
	given, err := s.cfg.Billing.Grant(ctx, s.cfg.Store.Read(), id)
	return answered(grantAnswer(given), replayed), err
}

// adminEndCredit is POST /v1/admin/credit/{id}/expire.
func (s *Server) adminEndCredit(ctx context.Context, in *idInput) (*body[GrantAnswer], error) {
	return audited(ctx, s, change{"credit.expire", in.ID, nil}, func() (*body[GrantAnswer], error) {
		var ended billing.Grant
		err := s.cfg.Store.Tx(ctx, func(q *db.Queries) (err error) {
			ended, err = s.cfg.Billing.EndCredit(ctx, q, in.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		return &body[GrantAnswer]{grantAnswer(ended)}, nil
	})
}

// adminRefundCredit is POST /v1/admin/customers/{id}/credit/refund.
func (s *Server) adminRefundCredit(ctx context.Context, in *payOutInput) (*replayable[AdminInvoiceAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/admin/customers/"+in.ID+"/credit/refund", in.RawBody)
	amount, err := partOf(in.Body.Amount)
	if err != nil {
		return nil, err
	}
	p := billing.PayOutParams{CustomerID: in.ID, Amount: amount, Reason: in.Body.Reason}
	id, replayed, err := s.auditedOnce(ctx, key, change{"credit.refund", in.ID, in.Body}, func(q *db.Queries) (string, error) {
		receipt, err := s.cfg.Billing.PayOutCredit(ctx, q, p)
		return receipt.ID, err
	})
	if err != nil {
		return nil, err
	}
	receipt, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), id)
	return answered(adminInvoiceAnswer(receipt), replayed), err
}

// adminApplyCredit is POST /v1/admin/invoices/{id}/apply-credit.
func (s *Server) adminApplyCredit(ctx context.Context, in *applyInput) (*replayable[AppliedAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/admin/invoices/"+in.ID+"/apply-credit", in.RawBody)
	upTo, err := partOf(in.Body.Amount)
	if err != nil {
		return nil, err
	}
	_, replayed, err := s.auditedOnce(ctx, key, change{"credit.apply", in.ID, in.Body}, func(q *db.Queries) (string, error) {
		invoice, err := s.cfg.Billing.Invoice(ctx, q, in.ID)
		if err != nil {
			return "", err
		}
		_, err = s.cfg.Billing.ApplyCredit(ctx, q, invoice.CustomerID, in.ID, upTo)
		return in.ID, err
	})
	if err != nil {
		return nil, err
	}
	answer, err := s.applied(ctx, in.ID)
	return answered(answer, replayed), err
}
