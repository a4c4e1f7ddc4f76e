package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/account"
	"hostfront/db"
	"hostfront/dunning"
	"hostfront/money"
	"hostfront/service"
)

// DunningStepBody is a rung of a ladder.
type DunningStepBody struct {
	Name   string         `json:"name" maxLength:"40" doc:"Stable: a step that was taken is known by it"`
	Action dunning.Action `json:"action" enum:"remind,late_fee,suspend,final_notice,terminate,lapse"`
	After  int            `json:"after_days" doc:"Days after the due date; below zero is before it, for reminders of a name"`
	Notice int            `json:"notice_days" minimum:"0" doc:"Days that must have passed since the step before it"`
}

// DunningPolicyBody is what becomes of renewals that are not paid.
type DunningPolicyBody struct {
	Hosting           []DunningStepBody `json:"hosting" maxItems:"20"`
	Domain            []DunningStepBody `json:"domain" maxItems:"20" doc:"A name is never suspended or deleted: it lapses"`
	LateFee           money.Amount      `json:"late_fee" doc:"What a late_fee step charges, outside VAT; 0.00 while no ladder has one"`
	AfterTermination  string            `json:"after_termination" enum:"write_off,keep" doc:"What becomes of the open invoice of what was ended: a bad debt, or kept open with its legal number"`
	WrittenOff        string            `json:"written_off" enum:"terminate,suspend,keep" doc:"What becomes of the hosting of a customer who is written off"`
	NotifyCountryTLDs bool              `json:"notify_country_tlds" doc:"Send the expiry notices that ICANN asks for generic names for country-code names too"`
	LapseGrace        int               `json:"lapse_grace_days" minimum:"6" maximum:"366" doc:"For how many days after its expiry a name that was not renewed is kept here"`
}

// DunningCaseAnswer is how far an invoice has come on its ladder.
type DunningCaseAnswer struct {
	InvoiceID      string             `json:"invoice_id"`
	InvoiceState   string             `json:"invoice_state" enum:"draft,open,paid,void,uncollectible"`
	CustomerID     string             `json:"customer_id"`
	SubscriptionID string             `json:"subscription_id,omitempty"`
	ServiceID      string             `json:"service_id,omitempty"`
	Due            money.Amount       `json:"due" doc:"What is still to be paid"`
	DueAt          *time.Time         `json:"due_at"`
	OverdueSince   *time.Time         `json:"overdue_since,omitempty"`
	Taken          []StepTakenAnswer  `json:"taken" doc:"The steps that were taken, oldest first: each once"`
	Next           *DunningStepAnswer `json:"next,omitempty"`
	Frozen         string             `json:"frozen,omitempty" enum:"payment_processing,dispute_open,no_invoicing,no_suspension,not_overdue,suspension_not_done" doc:"Why the next step would not be taken now"`
}

// StepTakenAnswer is a step that was taken.
type StepTakenAnswer struct {
	Step   string         `json:"step"`
	Action dunning.Action `json:"action"`
	Passed bool           `json:"passed,omitempty" doc:"It was due and had no reason any more"`
	Former bool           `json:"former,omitempty" doc:"For a debt that was paid, before a lost dispute opened the invoice again"`
	At     time.Time      `json:"at"`
}

// DunningStepAnswer is the step that comes next.
type DunningStepAnswer struct {
	Step   string         `json:"step"`
	Action dunning.Action `json:"action"`
	At     time.Time      `json:"at"`
}

// DomainNoticeAnswer is the proof that a registrant was told of an expiry.
type DomainNoticeAnswer struct {
	ID         string     `json:"id"`
	ServiceID  string     `json:"service_id"`
	CustomerID string     `json:"customer_id"`
	Name       string     `json:"name"`
	Kind       string     `json:"kind" enum:"month,week,expired" doc:"About a month before, about a week before, within five days after"`
	ExpiresAt  time.Time  `json:"expires_at" doc:"The expiry that it told"`
	Address    string     `json:"address" doc:"Where it was to go: the registrant's address"`
	QueuedAt   time.Time  `json:"queued_at"`
	MailID     string     `json:"mail_id"`
	MailState  string     `json:"mail_state" enum:"queued,sent,dropped,failed"`
	Recipient  string     `json:"recipient,omitempty" doc:"Where it went, once it is sent"`
	MessageID  string     `json:"message_id,omitempty"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
}

type policyInput struct{ Body DunningPolicyBody }

type noticesInput struct {
	PageInput
	Name string `query:"name" maxLength:"253" doc:"Only of this name"`
}

type writeOffInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"500" doc:"Why, for the audit log"`
	}
}

// adminDunningRoutes are what becomes of what is not paid.
func (s *Server) adminDunningRoutes() {
	const tag = "Admin: dunning"
	handle(s, operation{ID: "admin-get-dunning-policy", Method: http.MethodGet, Path: "/v1/admin/dunning/policy", Tag: tag, Access: admin,
		Summary: "The ladders of what is not paid, as data"}, s.adminGetDunningPolicy)
	handle(s, operation{ID: "admin-set-dunning-policy", Method: http.MethodPut, Path: "/v1/admin/dunning/policy", Tag: tag, Access: admin,
		Summary: "Replace the ladders: from the next run on, for every invoice"}, s.adminSetDunningPolicy)
	handle(s, operation{ID: "admin-list-dunning", Method: http.MethodGet, Path: "/v1/admin/dunning", Tag: tag, Cursor: "inv", Access: admin,
		Summary: "The overdue renewals, each with the steps taken and the next one"}, s.adminListDunning)
	handle(s, operation{ID: "admin-get-dunning", Method: http.MethodGet, Path: "/v1/admin/invoices/{id}/dunning", Tag: tag, Access: admin,
		Summary: "How far an invoice has come on its ladder"}, s.adminGetDunning)
	handle(s, operation{ID: "admin-write-off-invoice", Method: http.MethodPost, Path: "/v1/admin/invoices/{id}/write-off", Tag: tag, Access: admin,
		Summary: "Give an open invoice up: a bad debt, or void where nothing was supplied"}, s.adminWriteOff)
	handle(s, operation{ID: "admin-list-domain-notices", Method: http.MethodGet, Path: "/v1/admin/domain-notices", Tag: tag, Cursor: "ntc", Access: admin,
		Summary: "The notices of expiry to registrants, newest first: to whom, when, under which Message-ID"}, s.adminListNotices)
}

// adminGetDunningPolicy is GET /v1/admin/dunning/policy.
func (s *Server) adminGetDunningPolicy(ctx context.Context, _ *struct{}) (*body[DunningPolicyBody], error) {
	p, err := s.cfg.Dunning.Policy(ctx, s.cfg.Store.Read())
	if err != nil {
		return nil, err
	}
	return &body[DunningPolicyBody]{policyBody(p)}, nil
}

// adminSetDunningPolicy is PUT /v1/admin/dunning/policy.
func (s *Server) adminSetDunningPolicy(ctx context.Context, in *policyInput) (*body[DunningPolicyBody], error) {
	err := s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
		before, err := s.cfg.Dunning.SetPolicy(ctx, q, policyOf(in.Body))
		if err != nil {
			return err
		}
		return s.cfg.Accounts.Audit(ctx, q, account.AuditEntry{
			AdminID: callerOf(ctx).Admin.ID, Action: "dunning.policy", Subject: "dunning", Address: peer(ctx),
			Before: policyBody(before), After: in.Body,
		})
	})
	if err != nil {
		return nil, err
	}
	return s.adminGetDunningPolicy(ctx, nil)
}

// adminListDunning is GET /v1/admin/dunning.
func (s *Server) adminListDunning(ctx context.Context, in *PageInput) (*pageOutput[DunningCaseAnswer], error) {
	cases, err := s.cfg.Dunning.Cases(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(cases, nextOf(cases, in.Limit, func(c dunning.Case) string { return c.InvoiceID }), caseAnswer), nil
}

// adminGetDunning is GET /v1/admin/invoices/{id}/dunning.
func (s *Server) adminGetDunning(ctx context.Context, in *idInput) (*body[DunningCaseAnswer], error) {
	c, err := s.cfg.Dunning.Case(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[DunningCaseAnswer]{caseAnswer(c)}, nil
}

// adminWriteOff is POST /v1/admin/invoices/{id}/write-off.
func (s *Server) adminWriteOff(ctx context.Context, in *writeOffInput) (*body[AdminInvoiceAnswer], error) {
	return audited(ctx, s, change{"invoice.write_off", in.ID, in.Body}, func() (*body[AdminInvoiceAnswer], error) {
		err := s.cfg.Store.Tx(ctx, func(q *db.Queries) error { return s.cfg.Dunning.WriteOffInvoice(ctx, q, in.ID) })
		if err != nil {
			return nil, err
		}
		return s.adminGetInvoice(ctx, &idInput{ID: in.ID})
	})
}

// adminListNotices is GET /v1/admin/domain-notices.
func (s *Server) adminListNotices(ctx context.Context, in *noticesInput) (*pageOutput[DomainNoticeAnswer], error) {
	notices, err := s.cfg.Services.NoticesSent(ctx, in.Name, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(notices, nextOf(notices, in.Limit, func(n service.Notice) string { return n.ID }), noticeAnswer), nil
}
