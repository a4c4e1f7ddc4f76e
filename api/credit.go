package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
)

// CreditAnswer is a customer's credit: money for later invoices.
type CreditAnswer struct {
	Balance money.Amount  `json:"balance" doc:"What can be used now"`
	Own     money.Amount  `json:"own" doc:"Of it, what the customer paid: it never runs out"`
	Given   money.Amount  `json:"given" doc:"Of it, what the shop gave: it is never paid out"`
	Grants  []GrantAnswer `json:"grants" doc:"What the shop gave, oldest first"`
}

// GrantAnswer is credit that the shop gave.
type GrantAnswer struct {
	ID        string       `json:"id"`
	Amount    money.Amount `json:"amount"`
	Left      money.Amount `json:"left"`
	Reason    string       `json:"reason"`
	ExpiresAt *time.Time   `json:"expires_at,omitempty" doc:"When what is left runs out"`
	EndedAt   *time.Time   `json:"ended_at,omitempty"`
	CreatedAt time.Time    `json:"created_at"`
}

// CreditEntryAnswer is one movement of credit.
type CreditEntryAnswer struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind" doc:"What happened, as in the ledger"`
	Amount    money.Amount `json:"amount" doc:"Below zero for what was used"`
	InvoiceID string       `json:"invoice_id,omitempty"`
	GrantID   string       `json:"grant_id,omitempty" doc:"The given credit that it is of"`
	BookedAt  time.Time    `json:"booked_at"`
}

// AppliedAnswer is what an invoice took of the customer's credit.
type AppliedAnswer struct {
	Applied money.Amount  `json:"applied" doc:"What the invoice has been paid from credit, in all"`
	Invoice InvoiceAnswer `json:"invoice"`
	Credit  CreditAnswer  `json:"credit"`
}

// TopUpAnswer is credit that is being bought.
type TopUpAnswer struct {
	Invoice InvoiceAnswer           `json:"invoice" doc:"The receipt, numbered once it is paid"`
	Payment Nullable[PaymentAnswer] `json:"payment"`
}

type applyInput struct {
	KeyInput
	ID      string `path:"id" maxLength:"64"`
	RawBody []byte
	Body    ApplyBody
}

// ApplyBody says how much of the credit is used.
type ApplyBody struct {
	Amount *money.Amount `json:"amount,omitempty" doc:"At most this; as much as is due and there is when left out"`
}

type topUpInput struct {
	KeyInput
	RawBody []byte
	Body    struct {
		Amount  money.Amount `json:"amount" doc:"From 1 to 10,000 units of the shop's currency"`
		Payment PaymentBody  `json:"payment"`
	}
}

// creditRoutes are a customer's credit.
func (s *Server) creditRoutes() {
	handle(s, operation{ID: "get-credit", Method: http.MethodGet, Path: "/v1/credit", Tag: "Credit", Access: customer,
		Summary: "The customer's credit"}, s.getCredit)
	handle(s, operation{ID: "list-credit-entries", Method: http.MethodGet, Path: "/v1/credit/entries", Tag: "Credit", Cursor: "led", Access: customer,
		Summary: "What moved the customer's credit, newest first"}, s.listCreditEntries)
	handle(s, operation{ID: "top-up-credit", Method: http.MethodPost, Path: "/v1/credit/top-ups", Tag: "Credit", Access: customer,
		Summary: "Buy credit: a receipt, and its payment", Status: http.StatusCreated,
		Description: "Send an Idempotency-Key: without one, the request sent again begins another purchase."}, s.topUp)
	handle(s, operation{ID: "apply-credit", Method: http.MethodPost, Path: "/v1/invoices/{id}/apply-credit", Tag: "Credit", Access: customer,
		Summary:     "Pay an open invoice, or part of it, from the credit",
		Description: "Send an Idempotency-Key with an amount: without one, the request sent again takes it again."}, s.applyCredit)
}

// getCredit is GET /v1/credit.
func (s *Server) getCredit(ctx context.Context, _ *struct{}) (*body[CreditAnswer], error) {
	return s.creditOf(ctx, customerID(ctx))
}

func (s *Server) creditOf(ctx context.Context, customerID string) (*body[CreditAnswer], error) {
	standing, err := s.cfg.Billing.CreditOf(ctx, s.cfg.Store.Read(), customerID)
	if err != nil {
		return nil, err
	}
	return &body[CreditAnswer]{creditAnswer(standing)}, nil
}

// listCreditEntries is GET /v1/credit/entries.
func (s *Server) listCreditEntries(ctx context.Context, in *PageInput) (*pageOutput[CreditEntryAnswer], error) {
	return s.creditEntries(ctx, customerID(ctx), *in)
}

func (s *Server) creditEntries(ctx context.Context, customerID string, in PageInput) (*pageOutput[CreditEntryAnswer], error) {
	entries, err := s.cfg.Billing.CreditEntries(ctx, customerID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(entries, in.Limit, func(e billing.CreditEntry) string { return e.ID })
	return pageOf(entries, next, func(e billing.CreditEntry) CreditEntryAnswer { return CreditEntryAnswer(e) }), nil
}

// topUp is POST /v1/credit/top-ups.
func (s *Server) topUp(ctx context.Context, in *topUpInput) (*replayable[TopUpAnswer], error) {
	if err := s.mayCheckOut(ctx); err != nil {
		return nil, err
	}
	who := customerID(ctx)
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/credit/top-ups", in.RawBody)
	id, replayed, err := s.once(ctx, key, func(q *db.Queries) (string, error) {
		if err := s.cfg.Billing.Offers(in.Body.Payment.Gateway); err != nil {
			return "", err
		}
		made, err := s.cfg.Billing.TopUp(ctx, q, billing.TopUpParams{CustomerID: who, Amount: in.Body.Amount})
		return made.ID, err
	})
	if err != nil {
		return nil, err
	}
	invoice, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	answer := TopUpAnswer{Invoice: invoiceAnswer(invoice)}
	if invoice.State == billing.InvoiceOpen {
		payment, err := s.cfg.Billing.Pay(ctx, who, id, billing.PaymentParams{
			Gateway: in.Body.Payment.Gateway, ReturnURL: in.Body.Payment.ReturnURL, SaveMethod: in.Body.Payment.SaveMethod,
		})
		if err != nil {
			return nil, err
		}
		shown := paymentAnswer(payment)
		answer.Payment = nullable(&shown)
	}
	return answered(answer, replayed), nil
}

// applyCredit is POST /v1/invoices/{id}/apply-credit.
func (s *Server) applyCredit(ctx context.Context, in *applyInput) (*replayable[AppliedAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/invoices/"+in.ID+"/apply-credit", in.RawBody)
	upTo, err := partOf(in.Body.Amount)
	if err != nil {
		return nil, err
	}
	_, replayed, err := s.once(ctx, key, func(q *db.Queries) (string, error) {
		_, err := s.cfg.Billing.ApplyCredit(ctx, q, customerID(ctx), in.ID, upTo)
		return in.ID, err
	})
	if err != nil {
		return nil, err
	}
	answer, err := s.applied(ctx, in.ID)
	return answered(answer, replayed), err
}

// applied is how an invoice and its customer's credit stand.
func (s *Server) applied(ctx context.Context, invoiceID string) (AppliedAnswer, error) {
	q := s.cfg.Store.Read()
	invoice, err := s.cfg.Billing.Invoice(ctx, q, invoiceID)
	if err != nil {
		return AppliedAnswer{}, err
	}
	standing, err := s.cfg.Billing.CreditOf(ctx, q, invoice.CustomerID)
	if err != nil {
		return AppliedAnswer{}, err
	}
	used, err := s.cfg.Billing.CreditUsed(ctx, q, invoiceID)
	return AppliedAnswer{Applied: used, Invoice: invoiceAnswer(invoice), Credit: creditAnswer(standing)}, err
}

func creditAnswer(c billing.CreditStanding) CreditAnswer {
	answer := CreditAnswer{Balance: c.Balance, Own: c.Own, Given: c.Given, Grants: []GrantAnswer{}}
	for _, g := range c.Grants {
		answer.Grants = append(answer.Grants, grantAnswer(g))
	}
	return answer
}

func grantAnswer(g billing.Grant) GrantAnswer {
	return GrantAnswer{
		ID: g.ID, Amount: g.Amount, Left: g.Left, Reason: g.Reason, ExpiresAt: instant(g.ExpiresAt), EndedAt: instant(g.EndedAt),
		CreatedAt: g.CreatedAt,
	}
}
