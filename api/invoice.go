package api

import (
	"context"
	"net/http"

	"hostfront/billing"
)

// invoiceRoutes are a customer's documents and payments.
func (s *Server) invoiceRoutes() {
	handle(s, operation{ID: "list-invoices", Method: http.MethodGet, Path: "/v1/invoices", Tag: "Invoices", Cursor: "inv,crn", Access: customer,
		Summary: "The customer's invoices and credit notes, newest first"}, s.listInvoices)
	handle(s, operation{ID: "get-invoice", Method: http.MethodGet, Path: "/v1/invoices/{id}", Tag: "Invoices", Access: customer,
		Summary: "An invoice with its lines"}, s.getInvoice)
	handlePDF(s, operation{ID: "get-invoice-pdf", Method: http.MethodGet, Path: "/v1/invoices/{id}/pdf", Tag: "Invoices", Access: customer,
		Summary: "An invoice as a PDF; a proforma until it has its legal number"}, s.getInvoicePDF)
	handle(s, operation{ID: "pay-invoice", Method: http.MethodPost, Path: "/v1/invoices/{id}/pay", Tag: "Invoices", Access: customer,
		Summary:     "Begin a payment of an open invoice",
		Description: "While a payment of the invoice is under way, the same call answers with that payment instead of making a second one."}, s.payInvoice)
	handle(s, operation{ID: "get-payment", Method: http.MethodGet, Path: "/v1/payments/{id}", Tag: "Invoices", Access: customer,
		Summary: "A payment, and what the customer must do next"}, s.getPayment)
	handle(s, operation{ID: "list-gateways", Method: http.MethodGet, Path: "/v1/payment-gateways", Tag: "Invoices",
		Summary: "The ways to pay, in the order to offer them"}, s.listGateways)
}

// listInvoices is GET /v1/invoices.
func (s *Server) listInvoices(ctx context.Context, in *PageInput) (*pageOutput[InvoiceAnswer], error) {
	invoices, err := s.cfg.Billing.Invoices(ctx, customerID(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(invoices, in.Limit, func(i billing.Invoice) string { return i.ID })
	return pageOf(invoices, next, invoiceAnswer), nil
}

// getInvoice is GET /v1/invoices/{id}.
func (s *Server) getInvoice(ctx context.Context, in *idInput) (*body[InvoiceAnswer], error) {
	invoice, err := s.ownInvoice(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[InvoiceAnswer]{invoiceAnswer(invoice)}, nil
}

// getInvoicePDF is GET /v1/invoices/{id}/pdf.
func (s *Server) getInvoicePDF(ctx context.Context, in *idInput) ([]byte, error) {
	if _, err := s.ownInvoice(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.cfg.Billing.InvoicePDF(ctx, in.ID)
}

// ownInvoice is an invoice of the caller; somebody else's is not there.
func (s *Server) ownInvoice(ctx context.Context, id string) (billing.Invoice, error) {
	invoice, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), id)
	if err == nil && invoice.CustomerID != customerID(ctx) {
		err = missing("invoice", id)
	}
	return invoice, err
}

// PaymentBody is how a customer wants to pay.
type PaymentBody struct {
	Gateway    string `json:"gateway" maxLength:"50" doc:"A name of GET /v1/payment-gateways"`
	ReturnURL  string `json:"return_url,omitempty" format:"uri" pattern:"^https?://" maxLength:"2000" doc:"Where a redirect brings the customer back"`
	SaveMethod bool   `json:"save_method,omitempty" doc:"Keep the method for renewals"`
}

type payInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body PaymentBody
}

// payInvoice is POST /v1/invoices/{id}/pay.
func (s *Server) payInvoice(ctx context.Context, in *payInput) (*body[PaymentAnswer], error) {
	limits, err := s.checkOut(ctx)
	if err != nil {
		return nil, err
	}
	payment, err := s.cfg.Billing.Pay(ctx, customerID(ctx), in.ID, billing.PaymentParams{
		InvoiceID: in.ID, Gateway: in.Body.Gateway, ReturnURL: in.Body.ReturnURL, SaveMethod: in.Body.SaveMethod, Admit: limits.admit,
	})
	limits.end(err, false)
	if err != nil {
		return nil, err
	}
	return &body[PaymentAnswer]{paymentAnswer(payment)}, nil
}

// getPayment is GET /v1/payments/{id}.
func (s *Server) getPayment(ctx context.Context, in *idInput) (*body[PaymentAnswer], error) {
	payment, err := s.cfg.Billing.Payment(ctx, in.ID)
	if err == nil && payment.CustomerID != customerID(ctx) {
		err = missing("payment", in.ID)
	}
	if err != nil {
		return nil, err
	}
	return &body[PaymentAnswer]{paymentAnswer(payment)}, nil
}

// listGateways is GET /v1/payment-gateways.
func (s *Server) listGateways(context.Context, *struct{}) (*pageOutput[GatewayAnswer], error) {
	return pageOf(s.cfg.Billing.Gateways(), "", func(name string) GatewayAnswer {
		return GatewayAnswer{Name: name, SavesMethods: s.cfg.Billing.SavesMethods(name)}
	}), nil
}
