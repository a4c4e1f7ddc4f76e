package billing

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

// owedPayload is a question to the operator: a credit note whose refund did not go through.
type owedPayload struct {
	CreditNoteID string `json:"credit_note_id"`
	CustomerID   string `json:"customer_id"`
	// Amount is what is owed and not on its way, Code why the last refund failed.
	Amount money.Amount `json:"amount"`
	Code   string       `json:"code"`
}

// refundData is the data of refund.sent. ByHand: from the shop's bank account.
type refundData struct {
	InvoiceID string `json:"invoice_id"`
	ByHand    bool   `json:"by_hand,omitempty"`
}

// refundOwed is the kind of that question: held from the start, it calls nobody. Settled as done
// it books that the operator has paid what is owed from the shop's bank account. It cannot be
// put away while something is owed.
func (b *Billing) refundOwed() task.Kind {
	return task.Kind{
		Name: KindRefundOwed, Queue: Queue, Idempotent: true, Do: stillOwed, Done: b.paidByHand, Cancelled: b.mustNotOwe,
		Failed: func(ctx context.Context, q *db.Queries, t task.Task, _ *fault.Outcome) error {
			return b.mustNotOwe(ctx, q, t)
		},
	}
}

func owedSubject(noteID string) string { return "refund.owed:" + noteID }

// stillOwed is a retry: nothing can be called, so that the question is put again.
func stillOwed(_ context.Context, t task.Task) (task.Progress, error) {
	p, err := readPayload[owedPayload](t)
	if err != nil {
		return task.Progress{}, err
	}
	return task.Progress{}, owedCause(p.Amount)
}

func owedCause(amount money.Amount) *fault.Outcome {
	return fault.Came(fault.Held, "refund_failed", fmt.Sprintf(
		"%s of the credit note did not reach the customer. Refund the credit note again, by the way the money came or to the customer's credit (to: credit); or pay it from the shop's bank account and settle this as done, which books that.", amount))
}

// askOwed puts the question about a credit note, or brings the one that is open up to date.
func (b *Billing) askOwed(ctx context.Context, q *db.Queries, noteID, code string) error {
	owed, err := b.failedOn(ctx, q, noteID)
	if err != nil || len(owed) == 0 {
		return err
	}
	cur := money.Currency(owed[0].Currency)
	p := owedPayload{CreditNoteID: noteID, CustomerID: owed[0].CustomerID, Amount: money.Zero(cur), Code: code}
	for _, r := range owed {
		p.Amount = p.Amount.Add(money.New(r.Amount, cur))
	}
	last, there, err := b.tasks.LastOf(ctx, q, owedSubject(noteID))
	switch {
	case err != nil:
		return err
	case there && last.State == task.Held:
		return b.tasks.Restate(ctx, q, last.ID, p, owedCause(p.Amount))
	}
	_, err = b.tasks.Add(ctx, q, task.Params{
		Kind: KindRefundOwed, Subject: owedSubject(noteID), Payload: p, DedupeKey: fmt.Sprintf("%s:%d", owedSubject(noteID), last.Seq+1),
		Hold: owedCause(p.Amount),
	})
	return err
}

// owedAnswered ends the question about a credit note of which nothing is owed any more but what
// is on its way, with its alarms; of one that still is, it says how much.
func (b *Billing) owedAnswered(ctx context.Context, q *db.Queries, noteID string) error {
	last, there, err := b.tasks.LastOf(ctx, q, owedSubject(noteID))
	if err != nil || !there {
		return err
	}
	owed, err := b.failedOn(ctx, q, noteID)
	if err != nil {
		return err
	}
	if len(owed) > 0 {
		return b.askOwed(ctx, q, noteID, owed[0].Code)
	}
	if !last.State.Finished() {
		if _, err := b.tasks.Withdraw(ctx, q, last.ID, "nothing of the credit note is owed any more"); err != nil {
			return err
		}
	}
	refunds, err := q.RefundsByCreditNote(ctx, noteID)
	if err != nil {
		return fmt.Errorf("refunds of %s: %w", noteID, err)
	}
	for _, r := range refunds {
		if err := b.events.Clear(ctx, q, "refund_failed", r.ID); err != nil {
			return err
		}
	}
	return nil
}

// failedOn are the refunds of a credit note that did not go through, the newest of each payment
// before all, with what of them is still owed: not on its way, nor sent anew since, and not what
// waits for a dispute.
func (b *Billing) failedOn(ctx context.Context, q *db.Queries, noteID string) ([]db.Refund, error) {
	left, err := b.owedNow(ctx, q, noteID)
	if err != nil || left <= 0 {
		return nil, err
	}
	refunds, err := q.RefundsByCreditNote(ctx, noteID)
	if err != nil {
		return nil, fmt.Errorf("refunds of %s: %w", noteID, err)
	}
	open, err := notSentAnew(ctx, q, refunds)
	if err != nil {
		return nil, err
	}
	var failed []db.Refund
	for _, r := range slices.Backward(refunds) {
		if r.Amount = min(open[r.PaymentID], left); r.State != string(refundFailed) || r.Amount <= 0 {
			continue
		}
		left -= r.Amount
		delete(open, r.PaymentID)
		failed = append(failed, r)
	}
	return failed, nil
}

// owedNow is what a credit note owes that is not on its way and waits for no dispute.
func (b *Billing) owedNow(ctx context.Context, q *db.Queries, noteID string) (int64, error) {
	left, err := b.owedOn(ctx, q, noteID)
	if err != nil || left <= 0 {
		return 0, err
	}
	note, err := invoiceRow(ctx, q, noteID)
	if err != nil {
		return 0, err
	}
	waits, err := b.waitsForDispute(ctx, q, note, left)
	return left - waits, err
}

// notSentAnew is what refunds, oldest first, have left of each payment that failed and was not sent
// again later, in minor units. What the bank sent back is no failure: it is the customer's credit.
func notSentAnew(ctx context.Context, q *db.Queries, refunds []db.Refund) (map[string]int64, error) {
	open := map[string]int64{}
	for _, r := range refunds {
		open[r.PaymentID] -= min(open[r.PaymentID], r.Amount)
		if r.State != string(refundFailed) {
			continue
		}
		returned, err := q.LedgerPosting(ctx, db.LedgerPostingParams{Kind: "refund_returned", Subject: r.ID})
		if err != nil {
			return nil, fmt.Errorf("whether refund %s came back: %w", r.ID, err)
		}
		if len(returned) == 0 {
			open[r.PaymentID] += r.Amount
		}
	}
	return open, nil
}

// owedMeanwhile brings the questions about what the credit notes of a disputed invoice owe up to
// date: what the dispute has taken waits for it, and is nobody's to send.
func (b *Billing) owedMeanwhile(ctx context.Context, q *db.Queries, d db.Dispute) error {
	invoices, err := family(ctx, q, d.InvoiceID)
	if err != nil {
		return err
	}
	return b.eachOwed(ctx, q, invoices, func(note db.Invoice, _ int64) error { return b.owedAnswered(ctx, q, note.ID) })
}
