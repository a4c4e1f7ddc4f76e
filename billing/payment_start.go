package billing

import (
	"context"
	"fmt"
	"io"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// PaymentParams is a payment to be begun while the customer is there.
type PaymentParams struct {
	InvoiceID string
	// Gateway is a name of Gateways.
	Gateway string
	// ReturnURL is where a redirect brings the customer back.
	ReturnURL string
	// SaveMethod keeps the method for renewals.
	SaveMethod bool
	// Admit, when there, is asked by Pay before it makes room for a new payment, perhaps more
	// than once: its error refuses the payment. One that is under way is given without.
	Admit func() error
}

// admitted asks Admit, where there is one.
func (p PaymentParams) admitted() error {
	if p.Admit == nil {
		return nil
	}
	return p.Admit()
}

// StartPayment writes a payment of what is due and its task payment.begin, in the
// caller's transaction. The caller commits, runs the task (tasks.Run) and reads the
// payment, which then says what the customer must do. Fault codes: "invoice_paid",
// "invoice_void", "payment_in_progress" when the invoice has a live payment,
// "unknown_gateway", "amount_below_minimum".
func (b *Billing) StartPayment(ctx context.Context, q *db.Queries, p PaymentParams) (Payment, string, error) {
	if _, err := b.gateway(p.Gateway); err != nil {
		return Payment{}, "", err
	}
	inv, err := payable(ctx, q, p.InvoiceID)
	if err != nil {
		return Payment{}, "", err
	}
	if err := b.enough(inv, p.Gateway); err != nil {
		return Payment{}, "", err
	}
	row, err := b.insertPayment(ctx, q, inv, db.PaymentInsertParams{
		Gateway: p.Gateway, SaveMethod: p.SaveMethod, ReturnUrl: p.ReturnURL,
		CheckAt: db.At(b.clock.Now().Add(checkAfter(0))),
	})
	if err != nil {
		return Payment{}, "", err
	}
	if inv.Kind == SaleInvoice {
		until := b.clock.Now().Add(b.policies.lapse(p.Gateway))
		if err := q.InvoiceExtend(ctx, db.InvoiceExtendParams{ID: inv.ID, ExpiresAt: db.At(until)}); err != nil {
			return Payment{}, "", fmt.Errorf("extend invoice %s: %w", inv.ID, err)
		}
	}
	taskID, err := b.tasks.Add(ctx, q, task.Params{
		Kind: KindBegin, Queue: b.queueOf(p.Gateway), Subject: row.ID, Payload: paymentPayload{row.ID}, DedupeKey: "begin:" + row.ID,
	})
	return paymentOf(row), taskID, err
}

// payable reads an invoice that can be paid.
func payable(ctx context.Context, q *db.Queries, invoiceID string) (db.Invoice, error) {
	inv, err := invoiceRow(ctx, q, invoiceID)
	if err == nil {
		err = canBePaid(inv)
	}
	return inv, err
}

func canBePaid(inv db.Invoice) error {
	if inv.State != string(InvoiceOpen) || inv.Document != "invoice" || inv.Paid >= inv.Gross {
		return errInvoiceState(inv)
	}
	return nil
}

// insertPayment writes a live payment of what is due on an invoice. The partial
// unique index lets one through; the others get "payment_in_progress".
func (b *Billing) insertPayment(ctx context.Context, q *db.Queries, inv db.Invoice, p db.PaymentInsertParams) (db.Payment, error) {
	now := db.At(b.clock.Now())
	p.ID, p.InvoiceID, p.CustomerID, p.Currency = b.store.NewID("pay"), inv.ID, inv.CustomerID, inv.Currency
	p.Amount, p.State, p.CreatedAt, p.UpdatedAt = inv.Gross-inv.Paid, string(PaymentPending), now, now
	for range 3 {
		var err error
		if p.Code, err = b.code(); err != nil {
			return db.Payment{}, err
		}
		rows, err := q.PaymentInsert(ctx, p)
		if err != nil {
			return db.Payment{}, fmt.Errorf("store payment of invoice %s: %w", inv.ID, err)
		}
		if rows == 1 {
			return startedPayment(p), nil
		}
		live, err := q.PaymentLive(ctx, inv.ID)
		if err != nil {
			return db.Payment{}, fmt.Errorf("live payment of %s: %w", inv.ID, err)
		}
		if len(live) > 0 {
			return db.Payment{}, errInProgress()
		}
		// Nothing is live, so the code was taken: draw another.
	}
	return db.Payment{}, fmt.Errorf("payment of invoice %s: no free code", inv.ID)
}

func errInProgress() error {
	return fault.New(fault.Conflict, "payment_in_progress", "A payment of this invoice is under way.").After(10 * time.Second)
}

func startedPayment(p db.PaymentInsertParams) db.Payment {
	return db.Payment{
		ID: p.ID, InvoiceID: p.InvoiceID, CustomerID: p.CustomerID, Gateway: p.Gateway, State: p.State,
		Automatic: p.Automatic, SaveMethod: p.SaveMethod, MethodID: p.MethodID, Currency: p.Currency, Amount: p.Amount,
		Attempt: p.Attempt, Code: p.Code, ReturnUrl: p.ReturnUrl, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

// codeLetters leaves out what is misread on paper or on the phone (0/O, 1/I/L).
const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ?"

// code is what a customer quotes: "HF" and eight letters of 31.
func (b *Billing) code() (string, error) {
	out := []byte("HF")
	raw := make([]byte, 1)
	for len(out) < 10 {
		if _, err := io.ReadFull(b.entropy, raw); err != nil {
			return "", fmt.Errorf("draw a payment code: %w", err)
		}
		if c := codeLetters[raw[0]%32]; c != '?' {
			out = append(out, c)
		}
	}
	return string(out), nil
}
