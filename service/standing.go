package service

import (
	"context"

	"hostfront/billing"
	"hostfront/db"
)

// Standing is how an invoice stands, as far as deliveries and orders hang on it.
type Standing struct {
	// Invoice is the invoice's state.
	Invoice string
	// Processing: a payment is on its way and may still fail.
	Processing bool
	// Short: money has come, and less than is due.
	Short bool
}

// Standing reads how an invoice stands.
func (s *Services) Standing(ctx context.Context, q *db.Queries, invoiceID string) (Standing, error) {
	invoice, err := s.Billing.Invoice(ctx, q, invoiceID)
	if err != nil {
		return Standing{}, err
	}
	st := Standing{Invoice: string(invoice.State)}
	if !invoice.ReopenedAt.IsZero() {
		// A lost dispute took the money after it was paid: what was ordered was delivered.
		st.Invoice = string(billing.InvoicePaid)
	}
	if invoice.State != billing.InvoiceOpen {
		return st, nil
	}
	st.Short = invoice.Paid.IsPositive()
	payments, err := s.Billing.PaymentsOf(ctx, q, invoiceID)
	if err != nil {
		return Standing{}, err
	}
	for _, p := range payments {
		st.Processing = st.Processing || p.State == billing.PaymentProcessing
	}
	return st, nil
}
