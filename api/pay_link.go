package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/money"
)

// LinkBody carries the token of a link in a mail. It stands in no URL of the API.
type LinkBody struct {
	Token string `json:"token" minLength:"1" maxLength:"1000" doc:"From the link in the mail"`
}

// LinkedInvoiceAnswer is what a link shows of its invoice: enough to know what is paid.
type LinkedInvoiceAnswer struct {
	State     string       `json:"state" enum:"draft,open,paid,void,uncollectible"`
	Number    string       `json:"number" doc:"The legal number; empty for a proforma"`
	Lines     []string     `json:"lines" doc:"What it is for"`
	Gross     money.Amount `json:"gross"`
	Paid      money.Amount `json:"paid"`
	DueAt     *time.Time   `json:"due_at,omitempty"`
	ExpiresAt *time.Time   `json:"expires_at" doc:"Until when the link works"`
	Gateways  []string     `json:"gateways" doc:"The ways to pay, in the order to offer them"`
}

// LinkPaymentBody is how somebody with a link wants to pay.
type LinkPaymentBody struct {
	LinkBody
	PaymentBody
}

type linkInput struct {
	Body LinkBody
}

type linkPayInput struct {
	Body LinkPaymentBody
}

// linkRoutes are what can be done with the link in a mail, without signing in.
func (s *Server) linkRoutes() {
	handle(s, operation{ID: "show-payment-link", Method: http.MethodPost, Path: "/v1/payment-links/show", Tag: "Invoices",
		Summary:     "The invoice that the link in a mail pays",
		Description: "Whoever has the link sees this of the invoice and can pay it, and can do nothing else. A changed or old token is link_invalid."}, s.showLink)
	handle(s, operation{ID: "pay-by-link", Method: http.MethodPost, Path: "/v1/payment-links/pay", Tag: "Invoices",
		Summary:     "Begin a payment of the invoice that the link in a mail pays",
		Description: "As pay-invoice, without signing in. Look at the invoice again to see whether it is paid."}, s.payByLink)
}

// showLink is POST /v1/payment-links/show.
func (s *Server) showLink(ctx context.Context, in *linkInput) (*body[LinkedInvoiceAnswer], error) {
	if err := s.may(s.throttles.checkoutAddress, peer(ctx)); err != nil {
		return nil, err
	}
	invoice, until, err := s.cfg.Billing.LinkedInvoice(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	shown := LinkedInvoiceAnswer{
		State: string(invoice.State), Number: invoice.Number, Lines: []string{}, Gross: invoice.Gross, Paid: invoice.Paid,
		DueAt: instant(invoice.DueAt), ExpiresAt: instant(until), Gateways: s.cfg.Billing.Gateways(),
	}
	for _, l := range invoice.Lines {
		shown.Lines = append(shown.Lines, l.Description)
	}
	return &body[LinkedInvoiceAnswer]{shown}, nil
}

// payByLink is POST /v1/payment-links/pay.
func (s *Server) payByLink(ctx context.Context, in *linkPayInput) (*body[PaymentAnswer], error) {
	if err := s.may(s.throttles.checkoutAddress, peer(ctx)); err != nil {
		return nil, err
	}
	invoice, _, err := s.cfg.Billing.LinkedInvoice(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	if err := s.may(s.throttles.checkout, invoice.CustomerID); err != nil {
		return nil, err
	}
	payment, err := s.cfg.Billing.PayByLink(ctx, in.Body.Token, billing.PaymentParams{
		Gateway: in.Body.Gateway, ReturnURL: in.Body.ReturnURL, SaveMethod: in.Body.SaveMethod,
	})
	if err != nil {
		return nil, err
	}
	return &body[PaymentAnswer]{paymentAnswer(payment)}, nil
}
