package billing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/tally"
)

// Skip is something a run could not do, and why. It never stops the run.
type Skip struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// maxSkips bounds what a report lists; the count goes on.
const maxSkips = 100

// ReconcileReport is what a run of Reconcile did.
type ReconcileReport struct {
	// Asked counts payments and refunds that their gateway was asked about, Moved the
	// payments that were found elsewhere than they stood.
	Asked   int    `json:"asked"`
	Moved   int    `json:"moved"`
	Skipped int    `json:"skipped"`
	Skips   []Skip `json:"skips,omitempty"`
}

func (r *ReconcileReport) skip(id string, err error) {
	r.Skipped++
	if len(r.Skips) < maxSkips {
		r.Skips = append(r.Skips, Skip{ID: id, Reason: err.Error()})
	}
}

// Reconcile asks the gateways about every payment and refund that is still open and
// due to be asked about, so that a lost webhook costs minutes. It reads from the
// gateways directly and applies each answer in a transaction of its own.
func (b *Billing) Reconcile(ctx context.Context) (ReconcileReport, error) {
	var report ReconcileReport
	if err := b.askAbout(ctx, &report, b.doubtfulPayments()); err != nil {
		return report, err
	}
	err := errors.Join(b.askAbout(ctx, &report, b.doubtfulRefunds()), b.askAbout(ctx, &report, b.doubtfulDisputes()))
	if err != nil {
		return report, err
	}
	return report, b.askAbout(ctx, &report, b.doubtfulSetups())
}

// inDoubt are things whose gateway is asked how they stand.
type inDoubt struct {
	what string
	// page are the ids that are due to be asked about, behind one of them.
	page func(ctx context.Context, now db.Instant, after string) ([]string, error)
	// ask brings one to what its gateway says; moved tells whether that was news.
	ask func(ctx context.Context, id string, now time.Time) (moved bool, err error)
}

// doubtPage is how many of them are read at once.
const doubtPage = 100

// askAbout asks about all of them; one that cannot be asked about keeps no other waiting.
func (b *Billing) askAbout(ctx context.Context, report *ReconcileReport, d inDoubt) error {
	now := b.clock.Now()
	for after := ""; ; {
		ids, err := d.page(ctx, db.At(now), after)
		if err != nil {
			return fmt.Errorf("%s to check: %w", d.what, err)
		}
		for _, id := range ids {
			moved := false
			err := tally.One(func() (err error) {
				moved, err = d.ask(ctx, id, now)
				return err
			})
			report.Asked++
			if err != nil {
				report.skip(id, err)
			}
			if moved {
				report.Moved++
			}
			after = id
		}
		if len(ids) < doubtPage || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (b *Billing) doubtfulPayments() inDoubt {
	return inDoubt{"payments", func(ctx context.Context, now db.Instant, after string) ([]string, error) {
		return b.store.Read().PaymentsToCheck(ctx, db.PaymentsToCheckParams{NowAt: now, After: after, Page: doubtPage})
	}, b.reconcilePayment}
}

func (b *Billing) reconcilePayment(ctx context.Context, id string, now time.Time) (moved bool, err error) {
	p, err := paymentRow(ctx, b.store.Read(), id)
	if err != nil {
		return false, err
	}
	s, found, err := b.ask(ctx, p)
	if err != nil || !found {
		later := db.PaymentCheckLaterParams{ID: id, CheckAt: db.At(now.Add(checkAfter(now.Sub(p.CreatedAt.Time()))))}
		putOff := b.store.Tx(ctx, func(q *db.Queries) error { return q.PaymentCheckLater(ctx, later) })
		if err == nil {
			err = putOff
		}
		return false, err
	}
	kept, err := b.toldOf(s)
	if err != nil {
		return false, err
	}
	err = b.store.Tx(ctx, func(q *db.Queries) error {
		row, err := paymentRow(ctx, q, id)
		if err != nil {
			return err
		}
		moved = row.State != string(kept.State)
		if err := b.apply(ctx, q, row, kept); err != nil {
			return err
		}
		return b.leaveBehind(ctx, q, row, kept)
	})
	return moved && err == nil, err
}

// leaveBehind cancels a payment of a renewal that its customer began and left, so that what
// they owe is charged or asked for again. A sale that is left lapses as a whole.
func (b *Billing) leaveBehind(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if p.Automatic || s.State != PaymentRequiresAction && s.State != PaymentPending {
		return nil
	}
	if b.clock.Now().Sub(p.CreatedAt.Time()) < b.policies.lapse(p.Gateway) {
		return nil
	}
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil || inv.Kind == SaleInvoice || inv.State != string(InvoiceOpen) {
		return err
	}
	_, err = b.addCancel(ctx, q, p)
	return err
}

// ask reads a payment from its gateway: by its reference, or by the shop's id where the
// answer that told the reference was lost.
func (b *Billing) ask(ctx context.Context, p db.Payment) (Status, bool, error) {
	g, err := b.gateway(p.Gateway)
	if err != nil {
		return Status{}, false, gone(p.Gateway)
	}
	if p.ProviderReference != "" {
		s, err := g.Fetch(ctx, p.ProviderReference)
		return s, err == nil, err
	}
	if finder, ok := g.(Finder); ok {
		return finder.Find(ctx, p.ID)
	}
	return Status{}, false, nil
}
