package billing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// previewTime is how long a preview of a change can be taken up.
const previewTime = 10 * time.Minute

// ChangeWhen is when a change of product or cycle takes effect.
type ChangeWhen string

// A change takes effect at once, or with the next period.
const (
	ChangeNow         ChangeWhen = "now"
	ChangeAtPeriodEnd ChangeWhen = "period_end"
)

// ChangeTarget is what a subscription is changed to, at what price.
type ChangeTarget struct {
	ProductID   string `json:"product_id"`
	Description string `json:"description"`
	// Cycle is as ParseCycle reads it.
	Cycle string `json:"cycle"`
	// Net is the price of a period without VAT, Cost what the upstream charges for it, Least
	// the net below which it is sold at a loss.
	Net   money.Amount `json:"net"`
	Cost  money.Amount `json:"cost"`
	Least money.Amount `json:"least"`
}

// ChangeParams is a change of product or cycle that is asked for.
type ChangeParams struct {
	SubscriptionID string
	To             ChangeTarget
	When           ChangeWhen
	// AsOf is the instant of a preview that is taken up; zero is now.
	AsOf time.Time
	// Token is that preview's: where what would be issued is something else by now, the
	// change is refused. Empty takes whatever it comes to.
	Token string
	// TaskKind changes the product upstream, with TaskPayload (a JSON object) to which
	// change_id is added; empty where only the cycle of billing changes.
	TaskKind    string
	TaskPayload any
}

// Draft is a document as it is, or will be, issued: all but its ids, number and date.
type Draft struct {
	CreditNote      bool         `json:"credit_note"`
	Lines           []DraftLine  `json:"lines"`
	Net             money.Amount `json:"net"`
	VAT             money.Amount `json:"vat"`
	Gross           money.Amount `json:"gross"`
	Reason          string       `json:"reason,omitempty"`
	VATRate         string       `json:"vat_rate"`
	VATNote         string       `json:"vat_note,omitempty"`
	CorrectsInvoice string       `json:"corrects_invoice_id,omitempty"`
}

// DraftLine is a line of a draft.
type DraftLine struct {
	Description string       `json:"description"`
	Net         money.Amount `json:"net"`
	VAT         money.Amount `json:"vat"`
	// PeriodStart and PeriodEnd are nil for what has no period.
	PeriodStart *time.Time `json:"period_start,omitempty"`
	PeriodEnd   *time.Time `json:"period_end,omitempty"`
}

// draftOf is a document that was drawn, as a client sees it.
func draftOf(doc document) Draft {
	h, cur := doc.head, money.Currency(doc.head.Currency)
	d := Draft{
		CreditNote: h.Document == "credit_note", Net: money.New(h.Net, cur), VAT: money.New(h.Vat, cur), Gross: money.New(h.Gross, cur),
		Reason: h.Reason, VATRate: h.VatRate, VATNote: h.VatNote, CorrectsInvoice: h.CorrectsID,
	}
	for _, l := range doc.lines {
		d.Lines = append(d.Lines, DraftLine{
			Description: l.Description, Net: money.New(l.Net, cur), VAT: money.New(l.Vat, cur),
			PeriodStart: instantOrNil(l.StartAt.Time()), PeriodEnd: instantOrNil(l.EndAt.Time()),
		})
	}
	return d
}

func instantOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// DraftOf is an issued document as its preview showed it.
func DraftOf(i Invoice) Draft {
	d := Draft{
		CreditNote: i.CreditNote, Net: i.Net, VAT: i.VAT, Gross: i.Gross, Reason: i.Reason,
		VATRate: i.Treatment.Rate.String(), VATNote: i.Treatment.Note, CorrectsInvoice: i.CorrectsID,
	}
	for _, l := range i.Lines {
		d.Lines = append(d.Lines, DraftLine{
			Description: l.Description, Net: l.Net, VAT: l.VAT, PeriodStart: instantOrNil(l.PeriodStart), PeriodEnd: instantOrNil(l.PeriodEnd),
		})
	}
	return d
}

// plan is all that a change does. It is kept with the change, until that is paid for.
type plan struct {
	From      ChangeTarget    `json:"from"`
	To        ChangeTarget    `json:"to"`
	At        db.Instant      `json:"at"`
	Scheduled bool            `json:"scheduled"`
	Pieces    []piece         `json:"pieces,omitempty"`
	Task      string          `json:"task,omitempty"`
	Payload   json.RawMessage `json:"payload,omitempty"`
	// FromAnchor and FromPhases are what a scheduled change may have to be taken back to.
	FromAnchor db.Instant `json:"from_anchor,omitempty"`
	FromPhases string     `json:"from_phases,omitempty"`
	newCycle   Cycle
	oldCycle   Cycle
	sameCycle  bool
	difference int64 // what it comes to, net
}

// planChange works out what a change does to a subscription as it stands. It writes nothing.
func (b *Billing) planChange(ctx context.Context, q *db.Queries, sub db.Subscription, p ChangeParams) (plan, error) {
	asOf, err := b.asOf(p.AsOf)
	if err != nil {
		return plan{}, err
	}
	cycle, err := ParseCycle(p.To.Cycle)
	if err != nil {
		return plan{}, fault.InvalidField("cycle", "unknown_cycle", "This is not sold for that cycle.").Because(err)
	}
	c := plan{
		From: targetOf(sub), To: p.To, At: asOf, Task: p.TaskKind, newCycle: cycle, sameCycle: cycle == cycleOf(sub),
		Scheduled: p.When == ChangeAtPeriodEnd,
	}
	if p.TaskPayload != nil {
		if c.Payload, err = json.Marshal(p.TaskPayload); err != nil {
			return plan{}, fmt.Errorf("payload of the change of %s: %w", sub.ID, err)
		}
	}
	if c.To.ProductID == c.From.ProductID && c.sameCycle {
		return plan{}, fault.New(fault.Conflict, "nothing_changes", "This is what the subscription is already.")
	}
	if c.Scheduled {
		c.At, c.FromAnchor, c.FromPhases = sub.CurrentEndAt, sub.AnchorAt, sub.Phases
		return c, nil
	}
	if err := b.prorate(ctx, q, sub, &c); err != nil {
		return plan{}, err
	}
	if c.difference < 0 && !p.AsOf.IsZero() {
		// A preview can be taken up until it lapses: what goes back is counted from then, so
		// that nobody uses the dearer product meanwhile for nothing.
		c.At = min(asOf+db.Instant(previewTime/time.Millisecond), lastPaid(sub))
		err = b.prorate(ctx, q, sub, &c)
	}
	return c, err
}

// asOf is the instant that a change is computed for: now, or that of a preview.
func (b *Billing) asOf(at time.Time) (db.Instant, error) {
	now := b.clock.Now()
	if at.IsZero() {
		return db.At(now), nil
	}
	if at.After(now) || !now.Before(at.Add(previewTime)) {
		return 0, fault.New(fault.Conflict, "preview_expired", "The preview has lapsed. Ask for a new one.")
	}
	return db.At(at), nil
}

// targetOf is what a subscription is now.
func targetOf(sub db.Subscription) ChangeTarget {
	cur := money.Currency(sub.Currency)
	return ChangeTarget{
		ProductID: sub.ProductID, Description: sub.Description, Cycle: cycleOf(sub).String(), Net: money.New(sub.Net, cur),
		Cost: money.New(sub.Cost, cur), Least: money.New(sub.Least, cur),
	}
}

// lastPaid is the last instant that a piece of paid time begins before.
func lastPaid(sub db.Subscription) db.Instant { return sub.CurrentEndAt - 1 }

// prorate cuts what is paid for at the instant of the change and prices the pieces anew, by
// the millisecond: to the cent, the credit down and the charge up.
func (b *Billing) prorate(ctx context.Context, q *db.Queries, sub db.Subscription, c *plan) (err error) {
	if c.Pieces, err = piecesAfter(ctx, q, sub, c.At); err != nil {
		return err
	}
	if len(c.Pieces) == 0 {
		return fault.New(fault.Conflict, "past_due", "The present period is not paid for. Pay it first.")
	}
	c.difference = 0
	left := map[string]int64{}
	for i := range c.Pieces {
		s := &c.Pieces[i]
		if err := b.lessRefunds(ctx, q, sub, s, left); err != nil {
			return err
		}
		if c.sameCycle {
			cycle, anchor := cycleOf(sub), sub.AnchorAt.Time()
			k := cycle.Around(anchor, s.Start.Time(), sub.NextNumber)
			s.Charge = shareUp(c.To.Net.Minor, s.End-s.Start, db.At(cycle.Start(anchor, k+1))-db.At(cycle.Start(anchor, k)))
		}
		c.difference += s.Charge - s.Unused
	}
	if !c.sameCycle {
		c.difference += c.To.Net.Minor
	}
	return nil
}

// lessRefunds keeps what was given back of a period from being credited again. left is what can
// still be taken of each line, by its id, beside the pieces before this one.
func (b *Billing) lessRefunds(ctx context.Context, q *db.Queries, sub db.Subscription, s *piece, left map[string]int64) error {
	lines, err := creditable(ctx, q, sub, *s)
	if err != nil {
		return err
	}
	s.Lines = takeFrom(lines, s.Unused, left)
	unused := s.Unused
	s.Unused = 0
	for _, l := range s.Lines {
		s.Unused += l.Net
	}
	s.Used += unused - s.Unused
	return nil
}

// errChangeGone is a fault in this package: a change that a subscription names must be there.
var errChangeGone = errors.New("the change of the subscription cannot be read")

func changeRow(ctx context.Context, q *db.Queries, id string) (db.SubscriptionChange, plan, error) {
	row, err := q.ChangeByID(ctx, id)
	if err != nil {
		return row, plan{}, fmt.Errorf("change %s: %w", id, errors.Join(errChangeGone, err))
	}
	return planOf(row)
}

func planOf(row db.SubscriptionChange) (db.SubscriptionChange, plan, error) {
	var c plan
	if err := json.Unmarshal([]byte(row.Plan), &c); err != nil {
		return row, c, fmt.Errorf("plan of change %s: %w", row.ID, err)
	}
	var err error
	if c.newCycle, err = ParseCycle(c.To.Cycle); err != nil {
		return row, c, fmt.Errorf("plan of change %s: %w", row.ID, err)
	}
	if c.oldCycle, err = ParseCycle(c.From.Cycle); err != nil {
		return row, c, fmt.Errorf("plan of change %s: %w", row.ID, err)
	}
	c.sameCycle = c.newCycle == c.oldCycle
	return row, c, nil
}
