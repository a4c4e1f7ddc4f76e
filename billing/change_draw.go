package billing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// ChangePreview is what a change would come to: exactly what Change then issues.
type ChangePreview struct {
	From, To ChangeTarget
	When     ChangeWhen
	// AsOf and Token are handed to Change, to have just this; until ExpiresAt.
	AsOf, ExpiresAt time.Time
	Token           string
	// EffectiveAt is the instant that credit and charge are counted from.
	EffectiveAt time.Time
	// Documents are what is issued now: the invoice that must be paid, or the credit notes
	// whose money becomes the customer's credit. Empty for a change at the period's end.
	Documents []Draft
	// Pay is what the customer pays, Credit what they are given; one of them is nothing.
	Pay, Credit money.Amount
}

// drawn is a change with the documents it issues.
type drawn struct {
	plan plan
	// invoice is there where the change comes to nothing or more, notes where to less.
	invoice *document
	notes   []taking
	reason  string
	drafts  []Draft
}

// drawChange draws what a change issues. Preview and change both come this way.
func (b *Billing) drawChange(ctx context.Context, q *db.Queries, sub db.Subscription, p ChangeParams) (drawn, error) {
	c, err := b.planChange(ctx, q, sub, p)
	if err != nil {
		return drawn{}, err
	}
	d := drawn{plan: c}
	switch {
	case c.Scheduled:
		return d, nil
	case c.difference >= 0:
		customer, err := b.accounts.Customer(ctx, q, sub.CustomerID)
		if err != nil {
			return drawn{}, err
		}
		if customer.Flags.NoInvoicing {
			return drawn{}, fault.New(fault.Conflict, "no_invoicing", "You are not invoiced here: ask us to make this change.")
		}
		doc, err := b.draw(c.invoice(sub), customer)
		if err != nil {
			return drawn{}, fmt.Errorf("draw the change of %s: %w", sub.ID, err)
		}
		if err := capVAT(ctx, q, &doc); err != nil {
			return drawn{}, err
		}
		d.invoice, d.drafts = &doc, []Draft{draftOf(doc)}
		return d, nil
	}
	return b.drawNotes(ctx, q, sub, d)
}

// invoice is the one of a change: for each paid piece what goes back and what it costs now.
func (c plan) invoice(sub db.Subscription) InvoiceParams {
	cur := money.Currency(sub.Currency)
	p := InvoiceParams{CustomerID: sub.CustomerID, Subject: sub.ID, Kind: SaleInvoice}
	line := func(what string, net int64, from, to db.Instant, corrects string) {
		p.Lines = append(p.Lines, LineParams{
			Description: what, Subject: sub.ID, SubscriptionID: sub.ID, Net: money.New(net, cur), Cost: money.Zero(cur),
			PeriodStart: from.Time(), PeriodEnd: to.Time(), Corrects: corrects,
		})
	}
	for _, s := range c.Pieces {
		for _, l := range s.given() {
			line("Unused rest: "+c.From.Description, -l.Net, s.Start, s.End, l.LineID)
		}
		if c.sameCycle {
			line(c.To.Description, s.Charge, s.Start, s.End, "")
		}
	}
	if !c.sameCycle {
		line(c.To.Description, c.To.Net.Minor, c.At, db.At(c.newCycle.Start(c.At.Time(), 1)), "")
	}
	return p
}

// capVAT lets no more VAT go back of an older line than is left of what was charged on it: it may
// have been taxed in another way, or refunded in parts to the cent.
func capVAT(ctx context.Context, q *db.Queries, doc *document) error {
	left := map[string]int64{}
	for i := range doc.lines {
		l := &doc.lines[i]
		if l.CorrectsLineID == "" {
			continue
		}
		if _, seen := left[l.CorrectsLineID]; !seen {
			older, err := q.InvoiceLineByID(ctx, l.CorrectsLineID)
			if err != nil {
				return fmt.Errorf("line %s that a change gives back: %w", l.CorrectsLineID, err)
			}
			left[older.ID] = rest(older).vat
		}
		over := max(-l.Vat-left[l.CorrectsLineID], 0)
		l.Vat += over
		doc.head.Vat, doc.head.Gross = doc.head.Vat+over, doc.head.Gross+over
		left[l.CorrectsLineID] += l.Vat
	}
	return nil
}

func (b *Billing) drawNotes(ctx context.Context, q *db.Queries, sub db.Subscription, d drawn) (drawn, error) {
	var err error
	if d.notes, err = b.take(ctx, q, sub, d.plan.Pieces, -d.plan.difference); err != nil {
		return drawn{}, err
	}
	cur := money.Currency(sub.Currency)
	unused, charge := int64(0), int64(0)
	for _, s := range d.plan.Pieces {
		unused, charge = unused+s.Unused, charge+s.Charge
	}
	if !d.plan.sameCycle {
		charge = d.plan.To.Net.Minor
	}
	d.reason = fmt.Sprintf("Changed from %s to %s: the unused rest of %s, less %s for what takes its place (without VAT).",
		d.plan.From.Description, d.plan.To.Description, money.New(unused, cur), money.New(charge, cur))
	for _, n := range d.notes {
		d.drafts = append(d.drafts, draftOf(b.drawNote(n.invoice, n.parts, d.reason)))
	}
	return d, nil
}

// token is what a preview is known by again: a hash of all that it shows.
func (d drawn) token(p ChangeParams) (string, error) {
	text, err := json.Marshal(struct {
		To        ChangeTarget
		When      ChangeWhen
		At        db.Instant
		Documents []Draft
	}{p.To, p.When, d.plan.At, d.drafts})
	if err != nil {
		return "", fmt.Errorf("token of a change: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

// PreviewChange shows what a change would come to. Nothing is written.
func (b *Billing) PreviewChange(ctx context.Context, q *db.Queries, p ChangeParams) (ChangePreview, error) {
	sub, err := b.changeable(ctx, q, p.SubscriptionID)
	if err != nil {
		return ChangePreview{}, err
	}
	if sub, err = b.asPaid(ctx, q, sub); err != nil {
		return ChangePreview{}, err
	}
	if p.AsOf.IsZero() {
		p.AsOf = b.clock.Now()
	}
	d, err := b.drawChange(ctx, q, sub, p)
	if err != nil {
		return ChangePreview{}, err
	}
	return d.preview(p)
}

func (d drawn) preview(p ChangeParams) (ChangePreview, error) {
	token, err := d.token(p)
	if err != nil {
		return ChangePreview{}, err
	}
	v := ChangePreview{
		From: d.plan.From, To: d.plan.To, When: p.When, AsOf: p.AsOf, ExpiresAt: p.AsOf.Add(previewTime), Token: token,
		EffectiveAt: d.plan.At.Time(), Documents: d.drafts, Pay: money.Zero(p.To.Net.Currency), Credit: money.Zero(p.To.Net.Currency),
	}
	for _, doc := range d.drafts {
		if doc.CreditNote {
			v.Credit = v.Credit.Sub(doc.Gross)
		} else {
			v.Pay = v.Pay.Add(doc.Gross)
		}
	}
	return v, nil
}
