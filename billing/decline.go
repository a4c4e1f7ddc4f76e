package billing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
)

// errNotByItself says that an invoice is not to be charged by itself.
var errNotByItself = errors.New("the invoice is not charged by itself")

// failedData is the data of payment.failed: what the customer is told, and what follows.
type failedData struct {
	InvoiceID string       `json:"invoice_id"`
	PaymentID string       `json:"payment_id"`
	Class     DeclineClass `json:"class"`
	Code      string       `json:"code"`
	// Automatic says that a saved method was charged, Method which.
	Automatic bool   `json:"automatic"`
	Method    string `json:"method,omitempty"`
	// RetryAt is when it is charged again by itself, absent when it is not.
	RetryAt *time.Time `json:"retry_at,omitempty"`
}

// followUp is what follows the end of a payment that brought nothing: a charge that was
// declined is tried again as its class says; where the customer stood in the place of a
// charge and did not pay, the charges go on.
func (b *Billing) followUp(ctx context.Context, q *db.Queries, p db.Payment, s told) (failedData, error) {
	data := failedData{InvoiceID: p.InvoiceID, PaymentID: p.ID, Class: s.Decline.Class, Code: s.Decline.Code, Automatic: p.Automatic}
	if err := b.tellOperator(ctx, q, p, s); err != nil {
		return data, err
	}
	var at time.Time
	var err error
	switch {
	case !p.Automatic:
		at, err = b.resumeCharges(ctx, q, p, s)
	case s.State == PaymentFailed:
		if data.Method, err = b.labelOf(ctx, q, p); err == nil {
			at, err = b.chargeAgain(ctx, q, p, s.Decline)
		}
	}
	if err == nil && !at.IsZero() {
		data.RetryAt = &at
	}
	return data, err
}

// tellOperator rings for what only a person can mend: a provider that would not do it for a
// reason that is not the method's, and a code that nobody has sorted.
func (b *Billing) tellOperator(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if s.Decline.Class == DeclineTransport {
		return b.events.Raise(ctx, q, event.Alarm{
			Code: "payment_refused", Subject: p.Gateway,
			Message: fmt.Sprintf("The gateway refused payment %s for a reason that is not the customer's: %s.", p.ID, s.Decline.Code),
		})
	}
	if !s.Decline.Unlisted {
		return nil
	}
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "decline_unlisted", Subject: p.Gateway + ":" + s.Decline.Code,
		Message: fmt.Sprintf("Payment %s was declined with a code that is not known here; it is treated as %s.", p.ID, s.Decline.Class),
	})
}

func (b *Billing) labelOf(ctx context.Context, q *db.Queries, p db.Payment) (string, error) {
	m, err := q.MethodByID(ctx, p.MethodID)
	return m.Label, wrap(err, "method "+p.MethodID)
}

// chargeAgain schedules the next charge after a decline and says when it is; zero for not
// by itself. A method that was refused for good is charged no more, for this invoice or any
// other: the next in the customer's order takes its place at once.
func (b *Billing) chargeAgain(ctx context.Context, q *db.Queries, p db.Payment, d Decline) (time.Time, error) {
	now := b.clock.Now()
	at, attempt, more := now, p.Attempt, true
	if d.Class == DeclineHard {
		err := q.MethodRefuse(ctx, db.MethodRefuseParams{ID: p.MethodID, RefusedAt: db.At(now), RefusedCode: d.Code})
		if err != nil {
			return time.Time{}, fmt.Errorf("refuse method %s: %w", p.MethodID, err)
		}
	} else {
		at, more = b.policies.Retry.next(now, d.Class, p.Attempt)
		attempt++
	}
	if !more {
		return time.Time{}, nil
	}
	return b.chargeLater(ctx, q, p.InvoiceID, chargeAt{at: at, attempt: attempt})
}

// chargeLater schedules a charge of what is due on an invoice to the method whose turn it
// is, and says when; zero when it is not to be charged by itself, or to nothing.
func (b *Billing) chargeLater(ctx context.Context, q *db.Queries, invoiceID string, at chargeAt) (time.Time, error) {
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err != nil {
		return time.Time{}, err
	}
	m, err := b.chargeable(ctx, q, inv)
	if errors.Is(err, errNotByItself) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return at.at, b.scheduleCharge(ctx, q, inv, m, at)
}

// chargeable is the method that an open invoice is charged to by itself, again and again;
// errNotByItself when it is not: it is a sale, or chargeableNow says so.
func (b *Billing) chargeable(ctx context.Context, q *db.Queries, inv db.Invoice) (db.PaymentMethod, error) {
	if inv.Kind == SaleInvoice {
		return db.PaymentMethod{}, errNotByItself
	}
	return b.chargeableNow(ctx, q, inv)
}

// chargeableNow is the method that an open invoice is charged to; errNotByItself where staff
// exempted the customer, a domain's deadline has passed, or there is no method. Whether the
// customer disputes a payment is asked when the charge is begun.
func (b *Billing) chargeableNow(ctx context.Context, q *db.Queries, inv db.Invoice) (db.PaymentMethod, error) {
	none := db.PaymentMethod{}
	if inv.State != string(InvoiceOpen) || inv.Document != "invoice" || inv.Paid >= inv.Gross {
		return none, errNotByItself
	}
	customer, err := b.accounts.Customer(ctx, q, inv.CustomerID)
	if err != nil {
		return none, err
	}
	if customer.Flags.NoAutomaticPayment {
		return none, errNotByItself
	}
	sub, err := invoiceSubscription(ctx, q, inv)
	if err != nil {
		return none, err
	}
	if sub.Kind == string(DomainSubscription) && !inv.OverdueAt.IsZero() {
		return none, errNotByItself
	}
	m, ok, err := b.methodFor(ctx, q, sub)
	if err == nil && !ok {
		err = errNotByItself
	}
	return m, err
}
