package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
)

// A direct debit takes days to tell whether the money came. So that it is there when a card's
// would be, such a method is charged days before a card is, and its invoice is made as much
// earlier.

// chargeTime is when the first charge of a period that starts at an instant is made.
func (b *Billing) chargeTime(ctx context.Context, q *db.Queries, sub db.Subscription, start db.Instant, m db.PaymentMethod) (time.Time, error) {
	timing, err := b.timing(ctx, q, sub)
	if err != nil {
		return time.Time{}, err
	}
	if at := start.Time().Add(-timing.Charge - day*time.Duration(b.policies.Early[m.Kind])); at.After(b.clock.Now()) {
		return at, nil
	}
	return b.clock.Now(), nil
}

// firstCharge is when a renewal invoice that is written is charged first.
func (b *Billing) firstCharge(ctx context.Context, q *db.Queries, inv db.Invoice, sub db.Subscription, m db.PaymentMethod) (time.Time, error) {
	lines, err := q.InvoiceLines(ctx, inv.ID)
	if err != nil {
		return time.Time{}, fmt.Errorf("lines of invoice %s: %w", inv.ID, err)
	}
	for _, l := range lines {
		if l.SubscriptionID == sub.ID && !l.StartAt.IsZero() {
			return b.chargeTime(ctx, q, sub, l.StartAt, m)
		}
	}
	return b.clock.Now(), nil
}

// fitLeads bills a customer's subscriptions as early as the methods that they are charged to
// now ask for.
func (b *Billing) fitLeads(ctx context.Context, q *db.Queries, customerID string) error {
	for after := ""; ; {
		page, err := q.SubscriptionsByCustomer(ctx, db.SubscriptionsByCustomerParams{CustomerID: customerID, After: after, Page: 100})
		if err != nil {
			return fmt.Errorf("subscriptions of %s: %w", customerID, err)
		}
		for _, sub := range page {
			after = sub.ID
			if sub.State == string(SubscriptionCancelled) {
				continue
			}
			if err := b.fitLead(ctx, q, sub.ID); err != nil {
				return err
			}
		}
		if len(page) < 100 {
			return nil
		}
	}
}

// fitLead moves when one subscription is billed by what its method's time has changed.
func (b *Billing) fitLead(ctx context.Context, q *db.Queries, subscriptionID string) error {
	sub, err := subscriptionRow(ctx, q, subscriptionID)
	if err != nil {
		return err
	}
	m, _, err := b.methodFor(ctx, q, sub)
	if err != nil {
		return err
	}
	days, is := int64(b.policies.Early[m.Kind]), int64(0)
	rows, err := q.EarlySubscriptions(ctx, sub.ID)
	if err != nil {
		return fmt.Errorf("lead of %s: %w", sub.ID, err)
	}
	if len(rows) > 0 {
		is = rows[0]
	}
	if is == days {
		return nil
	}
	err = q.EarlySubscriptionPut(ctx, db.EarlySubscriptionPutParams{SubscriptionID: sub.ID, Days: days})
	if err != nil {
		return fmt.Errorf("lead of %s: %w", sub.ID, err)
	}
	return b.moveLead(ctx, q, sub, days-is)
}

func (b *Billing) moveLead(ctx context.Context, q *db.Queries, sub db.Subscription, earlier int64) error {
	next := sub.NextInvoiceAt
	if !next.IsZero() {
		next = next.Add(-day * time.Duration(earlier))
	}
	n, err := q.SubscriptionLead(ctx, db.SubscriptionLeadParams{
		ID: sub.ID, Revision: sub.Revision, LeadDays: max(0, sub.LeadDays+earlier), NextInvoiceAt: next, UpdatedAt: db.At(b.clock.Now()),
	})
	if err != nil || n == 0 {
		return fmt.Errorf("lead of %s: %d rows: %w", sub.ID, n, err)
	}
	return nil
}

// debitData is the data of debit.announced.
type debitData struct {
	InvoiceID string       `json:"invoice_id"`
	PaymentID string       `json:"payment_id"`
	MethodID  string       `json:"method_id"`
	Amount    money.Amount `json:"amount"`
	DebitAt   time.Time    `json:"debit_at"`
}

// announceDebit tells a customer of a direct debit before it is made, as the rules of SEPA
// ask for.
func (b *Billing) announceDebit(ctx context.Context, q *db.Queries, p db.Payment, m db.PaymentMethod, at time.Time) error {
	return b.events.Emit(ctx, q, event.Params{
		Kind: "debit.announced", Subject: p.ID, CustomerID: p.CustomerID, Data: debitData{
			InvoiceID: p.InvoiceID, PaymentID: p.ID, MethodID: m.ID, Amount: money.New(p.Amount, money.Currency(p.Currency)), DebitAt: at,
		},
	})
}
