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

// StandingOf is the standing of an invoice, but for the payments that are on their way: paid
// is what has come of its amount, in minor units, reopened that a lost dispute took the money
// after it was paid, when what was ordered had been delivered.
func StandingOf(state billing.InvoiceState, paid int64, reopened bool) Standing {
	if reopened {
		return Standing{Invoice: string(billing.InvoicePaid), Short: state == billing.InvoiceOpen && paid > 0}
	}
	return Standing{Invoice: string(state), Short: state == billing.InvoiceOpen && paid > 0}
}

// Standing reads how an invoice stands.
func (s *Services) Standing(ctx context.Context, q *db.Queries, invoiceID string) (Standing, error) {
	invoice, err := s.Billing.Invoice(ctx, q, invoiceID)
	if err != nil {
		return Standing{}, err
	}
	st := StandingOf(invoice.State, invoice.Paid.Minor, !invoice.ReopenedAt.IsZero())
	if invoice.State != billing.InvoiceOpen {
		return st, nil
	}
	payments, err := s.Billing.PaymentsOf(ctx, q, invoiceID)
	if err != nil {
		return Standing{}, err
	}
	for _, p := range payments {
		st.Processing = st.Processing || p.State == billing.PaymentProcessing
	}
	return st, nil
}
