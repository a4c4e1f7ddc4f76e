package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
)

// PayoutAnswer is what a gateway paid out to the shop's bank.
type PayoutAnswer struct {
	ID        string       `json:"id"`
	Gateway   string       `json:"gateway"`
	Reference string       `json:"reference" doc:"The provider's id of the payout"`
	State     string       `json:"state" enum:"pending,in_transit,paid,failed,cancelled"`
	Automatic bool         `json:"automatic" doc:"The provider made it by itself, and tells what it is made of"`
	Booked    bool         `json:"booked" doc:"It is in the ledger: one in another currency than the shop's is not"`
	Amount    money.Amount `json:"amount" doc:"What goes to the bank; below zero, what is taken from it"`
	Fee       money.Amount `json:"fee" doc:"What the provider keeps for paying out"`
	Off       money.Amount `json:"off" doc:"What its lines do not explain, once they are read"`
	Code      string       `json:"code,omitempty" doc:"The provider's word for why it failed"`
	MadeAt    time.Time    `json:"made_at"`
	ArrivesAt *time.Time   `json:"arrives_at,omitempty"`
	LinesAt   *time.Time   `json:"lines_at,omitempty" doc:"When all its lines were read; left out before"`
}

// PayoutLineAnswer is a movement that a payout is made of.
type PayoutLineAnswer struct {
	ID          string       `json:"id"`
	Reference   string       `json:"reference" doc:"The provider's id of the movement"`
	Kind        string       `json:"kind" enum:"charge,refund,refund_failure,dispute,dispute_reversal,fee,payout_failure,other" doc:"A charge below zero takes back one that failed after it had moved the balance"`
	State       string       `json:"state" enum:"new,matched,unmatched,differs,foreign,settled"`
	Detail      string       `json:"detail,omitempty" doc:"What does not agree"`
	Description string       `json:"description,omitempty" doc:"The provider's"`
	Source      string       `json:"source,omitempty" doc:"The provider's id of what it is of"`
	Gross       money.Amount `json:"gross"`
	Fee         money.Amount `json:"fee"`
	Net         money.Amount `json:"net"`
	PaymentID   string       `json:"payment_id,omitempty" doc:"The payment behind it"`
	Subject     string       `json:"subject,omitempty" doc:"What it is of: a payment, refund, dispute, suspense item or payout"`
	Open        money.Amount `json:"open" doc:"What stands of it on the account of unmatched money, unless it is settled"`
	Account     string       `json:"account,omitempty" doc:"Where staff settled it to"`
	Note        string       `json:"note,omitempty"`
	MovedAt     time.Time    `json:"moved_at"`
}

type payoutsInput struct {
	PageInput
	State   string `query:"state" enum:"pending,in_transit,paid,failed,cancelled"`
	Gateway string `query:"gateway" maxLength:"64"`
}

type payoutLinesInput struct {
	PageInput
	ID string `path:"id" maxLength:"64" doc:"The payout"`
}

type settleLineInput struct {
	ID   string `path:"id" maxLength:"64" doc:"The line"`
	Body struct {
		Account string `json:"account" enum:"fees,bank,bad_debt" doc:"Where the money belongs: the gateway's fees, the shop's bank account, or lost"`
		Note    string `json:"note" minLength:"1" maxLength:"500" doc:"Why"`
	}
}

func (s *Server) adminPayoutRoutes() {
	handle(s, operation{ID: "admin-list-payouts", Method: http.MethodGet, Path: "/v1/admin/payouts", Tag: "Admin: billing", Cursor: "pot", Access: admin,
		Summary: "What gateways paid out to the bank, newest first"}, s.adminListPayouts)
	handle(s, operation{ID: "admin-get-payout", Method: http.MethodGet, Path: "/v1/admin/payouts/{id}", Tag: "Admin: billing", Access: admin,
		Summary: "One payout"}, s.adminGetPayout)
	handle(s, operation{ID: "admin-list-payout-lines", Method: http.MethodGet, Path: "/v1/admin/payouts/{id}/lines", Tag: "Admin: billing", Cursor: "pol", Access: admin,
		Summary: "What a payout is made of, and what of the shop's each line is"}, s.adminListPayoutLines)
	handle(s, operation{ID: "admin-settle-payout-line", Method: http.MethodPost, Path: "/v1/admin/payout-lines/{id}/settle", Tag: "Admin: billing", Access: admin,
		Summary: "Book a movement that fits nothing of the shop's to the account it belongs to"}, s.adminSettlePayoutLine)
}

// adminListPayouts is GET /v1/admin/payouts.
func (s *Server) adminListPayouts(ctx context.Context, in *payoutsInput) (*pageOutput[PayoutAnswer], error) {
	payouts, err := s.cfg.Billing.Payouts(ctx, billing.PayoutFilter{
		Gateway: in.Gateway, State: billing.PayoutState(in.State), Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return pageOf(payouts, nextOf(payouts, in.Limit, func(p billing.Payout) string { return p.ID }), payoutAnswer), nil
}

// adminGetPayout is GET /v1/admin/payouts/{id}.
func (s *Server) adminGetPayout(ctx context.Context, in *idInput) (*body[PayoutAnswer], error) {
	p, err := s.cfg.Billing.Payout(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[PayoutAnswer]{payoutAnswer(p)}, nil
}

// adminListPayoutLines is GET /v1/admin/payouts/{id}/lines.
func (s *Server) adminListPayoutLines(ctx context.Context, in *payoutLinesInput) (*pageOutput[PayoutLineAnswer], error) {
	if _, err := s.cfg.Billing.Payout(ctx, in.ID); err != nil {
		return nil, err
	}
	lines, err := s.cfg.Billing.PayoutLines(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(lines, nextOf(lines, in.Limit, func(l billing.PayoutLine) string { return l.ID }), payoutLineAnswer), nil
}

// adminSettlePayoutLine is POST /v1/admin/payout-lines/{id}/settle.
func (s *Server) adminSettlePayoutLine(ctx context.Context, in *settleLineInput) (*body[PayoutLineAnswer], error) {
	return audited(ctx, s, change{"payout_line.settle", in.ID, in.Body}, func() (*body[PayoutLineAnswer], error) {
		var line billing.PayoutLine
		err := s.cfg.Store.Tx(ctx, func(q *db.Queries) (err error) {
			line, err = s.cfg.Billing.SettlePayoutLine(ctx, q, billing.SettleLineParams{ID: in.ID, Account: in.Body.Account, Note: in.Body.Note})
			return err
		})
		if err != nil {
			return nil, err
		}
		return &body[PayoutLineAnswer]{payoutLineAnswer(line)}, nil
	})
}

func payoutAnswer(p billing.Payout) PayoutAnswer {
	return PayoutAnswer{
		ID: p.ID, Gateway: p.Gateway, Reference: p.Reference, State: string(p.State), Automatic: p.Automatic, Booked: p.Booked,
		Amount: p.Amount, Fee: p.Fee, Off: p.Off, Code: p.Code, MadeAt: p.MadeAt, ArrivesAt: instant(p.ArrivesAt), LinesAt: instant(p.LinesAt),
	}
}

func payoutLineAnswer(l billing.PayoutLine) PayoutLineAnswer {
	return PayoutLineAnswer{
		ID: l.ID, Reference: l.Reference, Kind: string(l.Kind), State: string(l.State), Detail: l.Detail, Description: l.Description,
		Source: l.Source, Gross: l.Gross, Fee: l.Fee, Net: l.Net, PaymentID: l.PaymentID, Subject: l.Subject, Open: l.Open,
		Account: string(l.Account), Note: l.Note, MovedAt: l.MovedAt,
	}
}
