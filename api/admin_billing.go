package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
)

// AdminInvoiceAnswer is a document as staff sees it.
type AdminInvoiceAnswer struct {
	InvoiceAnswer
	CustomerID string `json:"customer_id"`
	Reason     string `json:"reason,omitempty" doc:"Why a credit note was made"`
}

type invoicesInput struct {
	PageInput
	State string `query:"state" enum:"draft,open,paid,void,uncollectible"`
}

type settleTransferInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Amount     money.Amount `json:"amount" doc:"What arrived"`
		Reference  string       `json:"reference" minLength:"1" maxLength:"140" doc:"The bank's reference: the same transfer is booked once"`
		ReceivedAt *time.Time   `json:"received_at,omitempty" doc:"The day of value; now when left out"`
	}
}

// SuspenseAnswer is money that arrived and fits nothing yet.
type SuspenseAnswer struct {
	ID         string       `json:"id"`
	Gateway    string       `json:"gateway"`
	Reference  string       `json:"reference"`
	Amount     money.Amount `json:"amount"`
	Note       string       `json:"note"`
	Assigned   bool         `json:"assigned"`
	InvoiceID  string       `json:"invoice_id,omitempty"`
	PaymentID  string       `json:"payment_id,omitempty"`
	ReceivedAt time.Time    `json:"received_at"`
}

type suspenseInput struct {
	Body struct {
		Amount     money.Amount `json:"amount"`
		Reference  string       `json:"reference" minLength:"1" maxLength:"140" doc:"The bank's reference"`
		Note       string       `json:"note,omitempty" maxLength:"500"`
		ReceivedAt *time.Time   `json:"received_at,omitempty"`
	}
}

type suspenseCreditInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		CustomerID string `json:"customer_id" maxLength:"64"`
	}
}

type suspenseReturnInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"500" doc:"How it was sent back"`
	}
}

type assignInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		InvoiceID string `json:"invoice_id" maxLength:"64"`
	}
}

// LedgerAnswer is where all money stands.
type LedgerAnswer struct {
	Balance  money.Amount    `json:"balance" doc:"The sum of all entries; anything but zero is a fault"`
	Accounts []BalanceAnswer `json:"accounts"`
}

// BalanceAnswer is an account of the ledger in a period. Debits are positive.
type BalanceAnswer struct {
	Account billing.Account `json:"account"`
	Opening money.Amount    `json:"opening" doc:"What stood on it before the period"`
	Debit   money.Amount    `json:"debit"`
	Credit  money.Amount    `json:"credit" doc:"Below zero"`
	Balance money.Amount    `json:"balance" doc:"What stands on it at the end of the period"`
}

// PeriodInput limits the ledger to a period.
type PeriodInput struct {
	From  time.Time `query:"from" doc:"From this instant on; the first entry when left out"`
	Until time.Time `query:"until" doc:"Until before this instant; now when left out"`
}

type entriesInput struct {
	PageInput
	PeriodInput
}

// LedgerEntryAnswer is one entry of the ledger.
type LedgerEntryAnswer struct {
	ID         string          `json:"id"`
	Kind       string          `json:"kind" doc:"What happened"`
	Subject    string          `json:"subject" doc:"The id of what it happened to"`
	Account    billing.Account `json:"account"`
	Amount     money.Amount    `json:"amount"`
	CustomerID string          `json:"customer_id,omitempty"`
	InvoiceID  string          `json:"invoice_id,omitempty"`
	BookedAt   time.Time       `json:"booked_at"`
}

// adminBillingRoutes are documents, refunds, transfers, suspense and the ledger.
func (s *Server) adminBillingRoutes() {
	handle(s, operation{ID: "admin-list-invoices", Method: http.MethodGet, Path: "/v1/admin/invoices", Tag: "Admin: billing", Cursor: "inv,crn", Access: admin,
		Summary: "All invoices and credit notes, newest first"}, s.adminListInvoices)
	handle(s, operation{ID: "admin-get-invoice", Method: http.MethodGet, Path: "/v1/admin/invoices/{id}", Tag: "Admin: billing", Access: admin,
		Summary: "An invoice with its lines"}, s.adminGetInvoice)
	handle(s, operation{ID: "admin-list-payments", Method: http.MethodGet, Path: "/v1/admin/invoices/{id}/payments", Tag: "Admin: billing", Access: admin,
		Summary: "The attempts to pay an invoice, oldest first"}, s.adminListPayments)
	handle(s, operation{ID: "admin-refund-invoice", Method: http.MethodPost, Path: "/v1/admin/invoices/{id}/refund", Tag: "Admin: billing", Access: admin,
		Summary: "Give money back: a credit note, and a refund to where it came from or to the customer's credit", Status: http.StatusCreated,
		Description: "Send an Idempotency-Key: without one, the request sent again gives back what is left once more."}, s.adminRefund)
	handle(s, operation{ID: "admin-settle-payment", Method: http.MethodPost, Path: "/v1/admin/payments/{id}/settle", Tag: "Admin: billing", Access: admin,
		Summary: "Book a bank transfer that arrived for a payment"}, s.adminSettlePayment)
	handle(s, operation{ID: "admin-list-suspense", Method: http.MethodGet, Path: "/v1/admin/suspense", Tag: "Admin: billing", Cursor: "sus", Access: admin,
		Summary: "Money that arrived and fits nothing"}, s.adminListSuspense)
	handle(s, operation{ID: "admin-record-suspense", Method: http.MethodPost, Path: "/v1/admin/suspense", Tag: "Admin: billing", Access: admin,
		Summary: "Record a transfer that fits nothing", Status: http.StatusNoContent}, s.adminRecordSuspense)
	handle(s, operation{ID: "admin-assign-suspense", Method: http.MethodPost, Path: "/v1/admin/suspense/{id}/assign", Tag: "Admin: billing", Access: admin,
		Summary: "Give money in suspense to an invoice", Status: http.StatusNoContent}, s.adminAssignSuspense)
	handle(s, operation{ID: "admin-credit-suspense", Method: http.MethodPost, Path: "/v1/admin/suspense/{id}/credit", Tag: "Admin: billing", Access: admin,
		Summary: "Turn money in suspense into a customer's credit: a receipt"}, s.adminCreditSuspense)
	handle(s, operation{ID: "admin-return-suspense", Method: http.MethodPost, Path: "/v1/admin/suspense/{id}/return", Tag: "Admin: billing", Access: admin,
		Summary: "Book that money in suspense was sent back, at the bank or the gateway", Status: http.StatusNoContent}, s.adminReturnSuspense)
	handle(s, operation{ID: "admin-get-ledger", Method: http.MethodGet, Path: "/v1/admin/ledger", Tag: "Admin: billing", Access: admin,
		Summary: "The trial balance, of a period"}, s.adminLedger)
	handle(s, operation{ID: "admin-list-ledger-entries", Method: http.MethodGet, Path: "/v1/admin/ledger/entries", Tag: "Admin: billing", Cursor: "led", Access: admin,
		Summary: "The journal of all entries, of a period"}, s.adminLedgerEntries)
	s.ledgerCSVRoutes()
	s.adminDisputeRoutes()
	s.adminPayoutRoutes()
}

// adminListInvoices is GET /v1/admin/invoices.
func (s *Server) adminListInvoices(ctx context.Context, in *invoicesInput) (*pageOutput[AdminInvoiceAnswer], error) {
	invoices, err := s.cfg.Billing.AllInvoices(ctx, billing.InvoiceState(in.State), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(invoices, in.Limit, func(i billing.Invoice) string { return i.ID })
	return pageOf(invoices, next, adminInvoiceAnswer), nil
}

// adminGetInvoice is GET /v1/admin/invoices/{id}.
func (s *Server) adminGetInvoice(ctx context.Context, in *idInput) (*body[AdminInvoiceAnswer], error) {
	invoice, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[AdminInvoiceAnswer]{adminInvoiceAnswer(invoice)}, nil
}

// adminListPayments is GET /v1/admin/invoices/{id}/payments.
func (s *Server) adminListPayments(ctx context.Context, in *idInput) (*pageOutput[PaymentAnswer], error) {
	if _, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), in.ID); err != nil {
		return nil, err
	}
	payments, err := s.cfg.Billing.PaymentsOf(ctx, s.cfg.Store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	return pageOf(payments, "", paymentAnswer), nil
}

// adminSettlePayment is POST /v1/admin/payments/{id}/settle.
func (s *Server) adminSettlePayment(ctx context.Context, in *settleTransferInput) (*body[PaymentAnswer], error) {
	return audited(ctx, s, change{"payment.settle", in.ID, in.Body}, func() (*body[PaymentAnswer], error) {
		payment, err := s.cfg.Billing.SettleTransfer(ctx, billing.TransferParams{
			PaymentID: in.ID, Amount: in.Body.Amount, Reference: in.Body.Reference, ReceivedAt: orNow(s, in.Body.ReceivedAt),
		})
		if err != nil {
			return nil, err
		}
		return &body[PaymentAnswer]{paymentAnswer(payment)}, nil
	})
}

// adminListSuspense is GET /v1/admin/suspense.
func (s *Server) adminListSuspense(ctx context.Context, in *PageInput) (*pageOutput[SuspenseAnswer], error) {
	items, err := s.cfg.Billing.SuspenseItems(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(items, in.Limit, func(i billing.SuspenseItem) string { return i.ID })
	return pageOf(items, next, func(i billing.SuspenseItem) SuspenseAnswer { return SuspenseAnswer(i) }), nil
}

// adminRecordSuspense is POST /v1/admin/suspense.
func (s *Server) adminRecordSuspense(ctx context.Context, in *suspenseInput) (*struct{}, error) {
	return auditedVoid(ctx, s, change{"suspense.record", in.Body.Reference, in.Body}, func() error {
		return s.cfg.Billing.RecordSuspense(ctx, billing.SuspenseParams{
			Gateway: "transfer", Reference: in.Body.Reference, Amount: in.Body.Amount, Note: in.Body.Note,
			ReceivedAt: orNow(s, in.Body.ReceivedAt),
		})
	})
}

// adminAssignSuspense is POST /v1/admin/suspense/{id}/assign.
func (s *Server) adminAssignSuspense(ctx context.Context, in *assignInput) (*struct{}, error) {
	return auditedVoid(ctx, s, change{"suspense.assign", in.ID, in.Body}, func() error {
		return s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
			return s.cfg.Billing.AssignSuspense(ctx, q, in.ID, in.Body.InvoiceID)
		})
	})
}

// adminCreditSuspense is POST /v1/admin/suspense/{id}/credit.
func (s *Server) adminCreditSuspense(ctx context.Context, in *suspenseCreditInput) (*body[AdminInvoiceAnswer], error) {
	return audited(ctx, s, change{"suspense.credit", in.ID, in.Body}, func() (*body[AdminInvoiceAnswer], error) {
		var receipt billing.Invoice
		err := s.cfg.Store.Tx(ctx, func(q *db.Queries) (err error) {
			receipt, err = s.cfg.Billing.CreditSuspense(ctx, q, in.ID, in.Body.CustomerID)
			return err
		})
		if err != nil {
			return nil, err
		}
		return &body[AdminInvoiceAnswer]{adminInvoiceAnswer(receipt)}, nil
	})
}

// adminReturnSuspense is POST /v1/admin/suspense/{id}/return.
func (s *Server) adminReturnSuspense(ctx context.Context, in *suspenseReturnInput) (*struct{}, error) {
	return auditedVoid(ctx, s, change{"suspense.return", in.ID, in.Body}, func() error {
		return s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
			return s.cfg.Billing.ReturnSuspense(ctx, q, in.ID, in.Body.Note)
		})
	})
}

// adminLedger is GET /v1/admin/ledger.
func (s *Server) adminLedger(ctx context.Context, in *PeriodInput) (*body[LedgerAnswer], error) {
	balance, err := s.cfg.Billing.LedgerBalance(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := s.cfg.Billing.TrialOf(ctx, billing.Span(*in))
	if err != nil {
		return nil, err
	}
	balances := make([]BalanceAnswer, 0, len(accounts))
	for _, b := range accounts {
		balances = append(balances, BalanceAnswer(b))
	}
	return &body[LedgerAnswer]{LedgerAnswer{Balance: money.New(balance, s.cfg.Billing.Currency()), Accounts: balances}}, nil
}

// adminLedgerEntries is GET /v1/admin/ledger/entries.
func (s *Server) adminLedgerEntries(ctx context.Context, in *entriesInput) (*pageOutput[LedgerEntryAnswer], error) {
	entries, err := s.cfg.Billing.Journal(ctx, billing.Span(in.PeriodInput), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(entries, in.Limit, func(e billing.Entry) string { return e.ID })
	return pageOf(entries, next, func(e billing.Entry) LedgerEntryAnswer { return LedgerEntryAnswer(e) }), nil
}

func adminInvoiceAnswer(i billing.Invoice) AdminInvoiceAnswer {
	return AdminInvoiceAnswer{InvoiceAnswer: invoiceAnswer(i), CustomerID: i.CustomerID, Reason: i.Reason}
}

func orNow(s *Server, t *time.Time) time.Time {
	if t == nil {
		return s.cfg.Clock.Now()
	}
	return t.UTC()
}
