package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

// webhookPayload names a row of the inbox.
type webhookPayload struct {
	WebhookID string `json:"webhook_id"`
}

// heard is what reading the objects of a webhook again gave.
type heard struct {
	Gateway  string        `json:"gateway"`
	Payments []told        `json:"payments"`
	Refunds  []toldRefund  `json:"refunds"`
	Setups   []toldSetup   `json:"setups,omitempty"`
	Disputes []toldDispute `json:"disputes,omitempty"`
	// Payouts are references: each is read by a task of its own.
	Payouts []string `json:"payouts,omitempty"`
}

// nothing is true when the gateway knew nothing of what the event named.
func (h heard) nothing() bool {
	return len(h.Payments)+len(h.Refunds)+len(h.Setups)+len(h.Disputes)+len(h.Payouts) == 0
}

func (b *Billing) doWebhook(ctx context.Context, t task.Task) (task.Progress, error) {
	pay, err := readPayload[webhookPayload](t)
	if err != nil {
		return task.Progress{}, err
	}
	row, err := b.store.Read().WebhookByID(ctx, pay.WebhookID)
	if err != nil {
		return task.Progress{}, fmt.Errorf("read webhook %s: %w", pay.WebhookID, err)
	}
	g, err := b.gateway(row.Gateway)
	if err != nil {
		return task.Progress{}, gone(row.Gateway)
	}
	var payments, refunds, setups, disputes []string
	out := heard{Gateway: row.Gateway}
	err = errors.Join(json.Unmarshal([]byte(row.Payments), &payments), json.Unmarshal([]byte(row.Refunds), &refunds), json.Unmarshal([]byte(row.Setups), &setups),
		json.Unmarshal([]byte(row.Disputes), &disputes), json.Unmarshal([]byte(row.Payouts), &out.Payouts))
	if err != nil {
		return task.Progress{}, fmt.Errorf("objects of webhook %s: %w", row.ID, err)
	}
	for _, ref := range payments {
		if err := b.hear(ctx, g, ref, &out); err != nil {
			return task.Progress{}, err
		}
	}
	for _, ref := range refunds {
		if err := hearRefund(ctx, g, ref, &out); err != nil {
			return task.Progress{}, err
		}
	}
	for _, ref := range disputes {
		if err := b.hearDispute(ctx, g, ref, &out); err != nil {
			return task.Progress{}, err
		}
	}
	for _, ref := range setups {
		if err := b.hearSetup(ctx, g, ref, &out); err != nil {
			return task.Progress{}, err
		}
	}
	return task.Progress{Result: out}, nil
}

// hearSetup reads one setup again.
func (b *Billing) hearSetup(ctx context.Context, g Gateway, reference string, out *heard) error {
	k, ok := g.(MethodKeeper)
	if !ok {
		return nil
	}
	s, err := k.FetchSetup(ctx, reference)
	if err = later(err); err != nil {
		if fault.OutcomeOf(err).Result == fault.Rejected {
			return nil
		}
		return err
	}
	kept, err := b.toldSetupOf(s)
	if err != nil {
		return err
	}
	out.Setups = append(out.Setups, kept)
	return nil
}

// hear reads one payment again. An object that the provider does not know (another
// shop's, deleted) is nothing to us.
func (b *Billing) hear(ctx context.Context, g Gateway, reference string, out *heard) error {
	s, err := g.Fetch(ctx, reference)
	if err = later(err); err != nil {
		if fault.OutcomeOf(err).Result == fault.Rejected {
			return nil
		}
		return err
	}
	kept, err := b.toldOf(s)
	if err != nil {
		return err
	}
	out.Payments = append(out.Payments, kept)
	return nil
}

// applyAll brings the books to what was heard, in the caller's transaction.
func (b *Billing) applyAll(ctx context.Context, q *db.Queries, out heard) error {
	for _, s := range out.Payments {
		if err := b.applyHeard(ctx, q, out.Gateway, s); err != nil {
			return err
		}
	}
	for _, d := range out.Disputes {
		if err := b.applyDispute(ctx, q, out.Gateway, d); err != nil {
			return err
		}
	}
	for _, r := range out.Refunds {
		if err := b.applyHeardRefund(ctx, q, out.Gateway, r); err != nil {
			return err
		}
	}
	for _, s := range out.Setups {
		if err := b.applyHeardSetup(ctx, q, out.Gateway, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *Billing) doneWebhook(ctx context.Context, q *db.Queries, t task.Task) error {
	out := readResult[heard](t)
	if err := b.applyAll(ctx, q, out); err != nil {
		return err
	}
	for _, reference := range out.Payouts {
		if err := b.addPayout(ctx, q, out.Gateway, reference); err != nil {
			return err
		}
	}
	if out.nothing() {
		_, err := q.WebhookIgnored(ctx, db.WebhookIgnoredParams{WebhookID: t.Subject, Ignored: "The gateway knows nothing of what it names: it is another shop's, or deleted."})
		if err != nil {
			return fmt.Errorf("ignore webhook %s: %w", t.Subject, err)
		}
	}
	return q.WebhookProcessed(ctx, db.WebhookProcessedParams{ID: t.Subject, ProcessedAt: db.At(b.clock.Now())})
}

// applyHeard finds the payment that a status is of: by the id that the provider keeps
// with it, since a webhook may come before the answer that told its reference, else by
// the reference.
func (b *Billing) applyHeard(ctx context.Context, q *db.Queries, gateway string, s told) error {
	p, found, err := heardPayment(ctx, q, gateway, s)
	if err != nil {
		return err
	}
	if found {
		return b.apply(ctx, q, p, s)
	}
	if s.State != PaymentSucceeded || s.Received == 0 || s.PaymentID == "" {
		return nil // not this shop's, or no money
	}
	return b.suspend(ctx, q, SuspenseParams{
		Gateway: gateway, Reference: s.Reference, Amount: money.New(s.Received, money.Currency(s.Currency)),
		Note: "Payment " + s.PaymentID + " is not known here.",
	})
}

func heardPayment(ctx context.Context, q *db.Queries, gateway string, s told) (db.Payment, bool, error) {
	if s.PaymentID != "" {
		p, err := q.PaymentByID(ctx, s.PaymentID)
		if err == nil && p.Gateway == gateway {
			return p, true, nil
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return db.Payment{}, false, fmt.Errorf("payment %s: %w", s.PaymentID, err)
		}
	}
	p, err := q.PaymentByReference(ctx, db.PaymentByReferenceParams{Gateway: gateway, Reference: s.Reference})
	if errors.Is(err, sql.ErrNoRows) {
		return db.Payment{}, false, nil
	}
	if err != nil {
		return db.Payment{}, false, fmt.Errorf("payment with reference %s: %w", s.Reference, err)
	}
	return p, true, nil
}
