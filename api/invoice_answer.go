package api

import (
	"time"

	"hostfront/billing"
	"hostfront/money"
)

// InvoiceAnswer is an invoice or a credit note (with negative amounts).
type InvoiceAnswer struct {
	ID         string              `json:"id"`
	Kind       string              `json:"kind" enum:"sale,renewal,correction"`
	State      string              `json:"state" enum:"draft,open,paid,void,uncollectible"`
	Number     string              `json:"number" doc:"The legal number; empty for a proforma"`
	Subject    string              `json:"subject" doc:"The order or the subscription it is for, or the customer whose credit it is about"`
	ForCredit  bool                `json:"for_credit" doc:"True for the receipt of credit that was bought or paid back: no VAT is due on it"`
	CorrectsID string              `json:"corrects_id,omitempty" doc:"The invoice that a credit note corrects"`
	Net        money.Amount        `json:"net"`
	VAT        money.Amount        `json:"vat"`
	Gross      money.Amount        `json:"gross"`
	Paid       money.Amount        `json:"paid" doc:"What counts as paid of gross; due is gross less paid"`
	Carried    *money.Amount       `json:"carried,omitempty" doc:"Too little to be charged: the next invoice asks for it. Below zero: what this one asks for of earlier invoices, so that more is due than gross. With one document, not in lists"`
	Note       string              `json:"note,omitempty" doc:"What the law wants said, such as a reverse charge"`
	IssuedAt   *time.Time          `json:"issued_at,omitempty"`
	DueAt      *time.Time          `json:"due_at,omitempty"`
	PaidAt     *time.Time          `json:"paid_at,omitempty"`
	Lines      []InvoiceLineAnswer `json:"lines,omitempty" doc:"With one document, not in lists"`
}

// InvoiceLineAnswer is a line of a document.
type InvoiceLineAnswer struct {
	ID          string       `json:"id"`
	Description string       `json:"description"`
	Net         money.Amount `json:"net"`
	VATRate     string       `json:"vat_rate" doc:"Percent" example:"21"`
	VAT         money.Amount `json:"vat"`
	Gross       money.Amount `json:"gross"`
	PeriodStart *time.Time   `json:"period_start,omitempty"`
	PeriodEnd   *time.Time   `json:"period_end,omitempty"`
}

// PaymentAnswer is one attempt to pay.
type PaymentAnswer struct {
	ID         string                       `json:"id"`
	InvoiceID  string                       `json:"invoice_id"`
	Gateway    string                       `json:"gateway"`
	State      string                       `json:"state" enum:"pending,requires_action,processing,succeeded,failed,cancelled"`
	Amount     money.Amount                 `json:"amount"`
	Received   money.Amount                 `json:"received"`
	NextAction Nullable[billing.NextAction] `json:"next_action" doc:"What the customer must do; null when nothing"`
	Declined   string                       `json:"declined,omitempty" enum:"soft,hard,authentication,transport" doc:"Why it failed: try again later, use another method, confirm it, or not the customer's fault"`
	CreatedAt  time.Time                    `json:"created_at"`
}

// GatewayAnswer is a way to pay.
type GatewayAnswer struct {
	Name         string `json:"name"`
	SavesMethods bool   `json:"saves_methods" doc:"POST /v1/payment-methods takes it"`
}

func invoiceAnswer(i billing.Invoice) InvoiceAnswer {
	answer := InvoiceAnswer{
		ID: i.ID, Kind: i.Kind, State: string(i.State), Number: i.Number, Subject: i.Subject, CorrectsID: i.CorrectsID, ForCredit: i.ForCredit,
		Net: i.Net, VAT: i.VAT, Gross: i.Gross, Paid: i.Paid, Note: i.Treatment.Note,
		IssuedAt: instant(i.IssuedAt), DueAt: instant(i.DueAt), PaidAt: instant(i.PaidAt),
	}
	if !i.Carried.IsZero() {
		answer.Carried = &i.Carried
	}
	for _, l := range i.Lines {
		answer.Lines = append(answer.Lines, InvoiceLineAnswer{
			ID: l.ID, Description: l.Description, Net: l.Net, VATRate: l.VATRate.String(), VAT: l.VAT, Gross: l.Gross(),
			PeriodStart: instant(l.PeriodStart), PeriodEnd: instant(l.PeriodEnd),
		})
	}
	return answer
}

func paymentAnswer(p billing.Payment) PaymentAnswer {
	return PaymentAnswer{
		ID: p.ID, InvoiceID: p.InvoiceID, Gateway: p.Gateway, State: string(p.State), Amount: p.Amount, Received: p.Received,
		NextAction: nullable(p.NextAction), Declined: string(p.Decline.Class), CreatedAt: p.CreatedAt,
	}
}

// instant is a time as JSON has it: null for never.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
