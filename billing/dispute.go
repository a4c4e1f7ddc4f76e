package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
)

// toldDispute is what a gateway said about a dispute, in the form that is kept with a task.
type toldDispute struct {
	Reference string       `json:"reference"`
	Payment   string       `json:"payment"`
	State     DisputeState `json:"state"`
	Amount    int64        `json:"amount"`
	Fee       int64        `json:"fee,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	AnswerAt  db.Instant   `json:"answer_at,omitempty"`
}

// fetchDispute reads a dispute; found is false for one that is not this shop's, or of a gateway
// that has none.
func (b *Billing) fetchDispute(ctx context.Context, g Gateway, reference string) (d toldDispute, found bool, err error) {
	fetcher, ok := g.(DisputeFetcher)
	if !ok {
		return d, false, nil
	}
	s, err := fetcher.FetchDispute(ctx, reference)
	if err = later(err); err != nil {
		if fault.OutcomeOf(err).Result == fault.Rejected {
			return d, false, nil
		}
		return d, false, err
	}
	for _, a := range []money.Amount{s.Amount, s.Fee} {
		if !a.IsZero() && a.Currency != b.currency {
			return d, false, fault.Came(fault.Held, "currency_mismatch",
				fmt.Sprintf("The gateway reports %s for %s; the shop's currency is %s.", a, reference, b.currency))
		}
	}
	return toldDispute{
		Reference: s.Reference, Payment: s.PaymentReference, State: s.State, Amount: s.Amount.Minor, Fee: max(s.Fee.Minor, 0),
		Reason: s.Reason, AnswerAt: db.At(s.AnswerBy),
	}, true, nil
}

func (b *Billing) hearDispute(ctx context.Context, g Gateway, reference string, out *heard) error {
	d, found, err := b.fetchDispute(ctx, g, reference)
	if err == nil && found {
		out.Disputes = append(out.Disputes, d)
	}
	return err
}

// applyDispute brings a dispute to what its provider says, in the caller's transaction: a
// compare-and-set, so that a webhook and the reconciliation book it once. A dispute that is first
// heard of when it is over goes through all that it has missed. Won is the end of it; a lost one
// may be won after all, when the bank takes its decision back. What was taken is booked once the
// provider tells how much: until then one that was lost stays open.
func (b *Billing) applyDispute(ctx context.Context, q *db.Queries, gateway string, s toldDispute) error {
	d, err := b.disputeRow(ctx, q, gateway, s)
	if err != nil || d.ID == "" {
		return err
	}
	from, to := DisputeState(d.State), s.State
	switch {
	case from == DisputeLost && to == DisputeWon:
		return b.reverseDispute(ctx, q, d, s)
	case from == DisputeWon || from == DisputeLost:
		return nil
	}
	if d, err = b.learnDispute(ctx, q, d, s); err != nil {
		return err
	}
	if from == DisputeInquiry && to != DisputeInquiry && !(to == DisputeWon && s.Fee == 0) {
		if d, err = b.openDispute(ctx, q, d, s); err != nil {
			return err
		}
	}
	if to == DisputeWon || to == DisputeLost && d.Amount > 0 {
		return b.closeDispute(ctx, q, d, s)
	}
	return nil
}

// disputeRow is the row of a dispute, written as an inquiry where there is none; without an id
// where the payment is not this shop's.
func (b *Billing) disputeRow(ctx context.Context, q *db.Queries, gateway string, s toldDispute) (db.Dispute, error) {
	p, found, err := heardPayment(ctx, q, gateway, told{Reference: s.Payment})
	if err != nil || !found || s.Payment == "" {
		return db.Dispute{}, err
	}
	now := db.At(b.clock.Now())
	_, err = q.DisputeInsert(ctx, db.DisputeInsertParams{
		ID: b.store.NewID("dsp"), Gateway: gateway, ProviderReference: s.Reference, PaymentID: p.ID, InvoiceID: p.InvoiceID,
		CustomerID: p.CustomerID, State: string(DisputeInquiry), Currency: p.Currency, Amount: max(s.Amount, 0), Reason: s.Reason,
		AnswerAt: s.AnswerAt, CheckAt: now.Add(day), OpenedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return db.Dispute{}, fmt.Errorf("store dispute %s: %w", s.Reference, err)
	}
	rows, err := q.DisputeByReference(ctx, db.DisputeByReferenceParams{Gateway: gateway, ProviderReference: s.Reference})
	if err != nil || len(rows) == 0 {
		return db.Dispute{}, fmt.Errorf("read dispute %s: %d rows: %w", s.Reference, len(rows), err)
	}
	return rows[0], nil
}

// openDispute books that the provider has taken what is disputed, and its fee.
func (b *Billing) openDispute(ctx context.Context, q *db.Queries, d db.Dispute, s toldDispute) (db.Dispute, error) {
	move := moveOf(d)
	move.State, move.Fee, move.AnswerAt = string(DisputeOpen), s.Fee, s.AnswerAt
	if err := b.moveDispute(ctx, q, move); err != nil {
		return d, err
	}
	cur := money.Currency(d.Currency)
	all := money.New(d.Amount+s.Fee, cur)
	err := b.post(ctx, q, posting{
		kind: "dispute_opened", subject: d.ID, customerID: d.CustomerID, invoiceID: d.InvoiceID,
		entries: []entry{{account: Disputed(d.Gateway), amount: all}, {account: moneyAt(d.Gateway), amount: all.Neg()}},
	})
	if err != nil {
		return d, err
	}
	if err := b.takeDisputed(ctx, q, d, d.Amount); err != nil {
		return d, err
	}
	if err := b.owedMeanwhile(ctx, q, d); err != nil {
		return d, err
	}
	err = b.events.Raise(ctx, q, event.Alarm{
		Code: "dispute_open", Subject: d.ID,
		Message: fmt.Sprintf("The customer disputes %s (%s). Answer it at the gateway before its date; until it is decided they are not dunned and nothing is charged by itself.",
			disputedText(d), d.Reason),
	})
	if err != nil {
		return d, err
	}
	d.State, d.Fee = move.State, move.Fee
	return d, b.tellDispute(ctx, q, "dispute.opened", d)
}

// disputedText is what a dispute is about, for people.
func disputedText(d db.Dispute) string {
	if d.Amount == 0 {
		return "an amount that the gateway has not told yet"
	}
	return money.New(d.Amount, money.Currency(d.Currency)).String()
}

// disputeData is the data of events about a dispute.
type disputeData struct {
	DisputeID string `json:"dispute_id"`
	InvoiceID string `json:"invoice_id"`
	// Amount is what is disputed, zero until it is known.
	Amount money.Amount `json:"amount"`
}
