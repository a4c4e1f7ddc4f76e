package order

import (
	"context"
	"errors"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/service"
)

// CancelReport is what became of a cancelled order.
type CancelReport struct {
	// Voided: it was not paid, and its invoice is or will be void.
	Voided bool `json:"voided"`
	// Withdrawn are the lines whose money goes back; Left are those that were delivered
	// or may have been bought.
	Withdrawn []string   `json:"withdrawn"`
	Left      []LeftLine `json:"left"`
}

// LeftLine is a line that a cancellation leaves as it is, and why.
type LeftLine struct {
	LineID string `json:"line_id"`
	// Reason is delivered, failed (its money went back before), or under_way: it may have
	// been bought.
	Reason string `json:"reason"`
}

// Cancel ends an order at the shop's wish: an unpaid one lapses, of a paid one the
// lines that nothing was bought for are refunded. Fault payment_processing while money
// is on its way.
func (o *Orders) Cancel(ctx context.Context, id string) (CancelReport, error) {
	before, err := o.ByID(ctx, id)
	if err != nil {
		return CancelReport{}, err
	}
	var report CancelReport
	err = o.Store.Tx(ctx, func(q *db.Queries) error {
		report = CancelReport{Withdrawn: []string{}, Left: []LeftLine{}}
		return o.cancel(ctx, q, before, &report)
	})
	return report, err
}

func (o *Orders) cancel(ctx context.Context, q *db.Queries, order Order, report *CancelReport) error {
	standing, err := o.Services.Standing(ctx, q, order.InvoiceID)
	if err != nil {
		return err
	}
	switch billing.InvoiceState(standing.Invoice) {
	case billing.InvoicePaid:
		return o.withdraw(ctx, q, order, report)
	case billing.InvoiceOpen:
		report.Voided = true
		return o.Billing.Void(ctx, q, order.InvoiceID)
	}
	return fault.New(fault.Conflict, "order_ended", "The order is cancelled already.")
}

// withdraw gives up hosting before names: a line that waits for another is not asked
// to find itself a new name first.
func (o *Orders) withdraw(ctx context.Context, q *db.Queries, order Order, report *CancelReport) error {
	for i := len(order.Lines) - 1; i >= 0; i-- {
		id := order.Lines[i].ID
		ok, err := o.Services.Withdraw(ctx, q, id, service.CodeCancelled)
		if err != nil {
			return errors.Join(errors.New("withdraw line "+id), err)
		}
		if ok {
			report.Withdrawn = append(report.Withdrawn, id)
		} else {
			report.Left = append(report.Left, LeftLine{id, leftBecause(order.Lines[i].State)})
		}
	}
	return nil
}

// leftBecause says in which way a line cannot be given up any more.
func leftBecause(state State) string {
	switch state {
	case Completed:
		return "delivered"
	case Failed:
		return "failed"
	}
	return "under_way"
}
