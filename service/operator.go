package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

// About is the order line that a task delivers, for whoever must decide about it.
type About struct {
	LineID, OrderID, InvoiceID, CustomerID string
	Description, Domain, Kind              string
	// State is the delivery's; InvoiceState is the invoice's.
	State, InvoiceState string
	// Net is what the customer paid for the line, Cost the most that the upstream may
	// charge for it; both without VAT.
	Net, Cost money.Amount
}

// AboutTask tells what a task delivers; false for one that delivers no order line.
func (s *Services) AboutTask(ctx context.Context, q *db.Queries, t task.Task) (About, bool, error) {
	d, err := q.DeliveryByID(ctx, t.Subject)
	if errors.Is(err, sql.ErrNoRows) {
		return About{}, false, nil
	}
	if err != nil {
		return About{}, false, fmt.Errorf("read delivery %s: %w", t.Subject, err)
	}
	standing, err := s.Standing(ctx, q, d.InvoiceID)
	if err != nil {
		return About{}, false, err
	}
	return About{
		LineID: d.ID, OrderID: d.OrderID, InvoiceID: d.InvoiceID, CustomerID: d.CustomerID, Description: d.Description,
		Domain: d.Domain, Kind: d.Kind, State: d.State, InvoiceState: standing.Invoice,
		Net: amountOf(d, d.NetMinor), Cost: amountOf(d, d.CostMinor),
	}, true, nil
}

// CancelRefund is an operator's decision to give an order line up and its money back.
type CancelRefund struct {
	TaskID string
	// To is where the money goes: by the way it came, or to the customer's credit.
	To billing.BackTo
	// Note says why, for the journal.
	Note string
}

// CancelAndRefund ends the task of an order line and gives its money back with a credit
// note, whatever the shop's policy for failed lines is, in one transaction. Fault codes:
// "not_refundable" for a task of no paid order line, "task_state" for one that may have
// had its effect: settle that first.
func (s *Services) CancelAndRefund(ctx context.Context, c CancelRefund) error {
	err := s.Store.Tx(ctx, func(q *db.Queries) error {
		t, err := s.Tasks.Get(ctx, q, c.TaskID)
		if err != nil {
			return err
		}
		about, delivers, err := s.AboutTask(ctx, q, t)
		if err != nil {
			return err
		}
		if !delivers || about.InvoiceState != string(billing.InvoicePaid) || about.State == DeliveryDelivered {
			return fault.New(fault.Conflict, "not_refundable", "This task is not that of a paid order line that is still to be delivered: refund by the invoice.")
		}
		err = s.Billing.RefundLine(ctx, q, billing.RefundLineParams{
			InvoiceID: about.InvoiceID, LineSubject: about.LineID, Reason: CodeCancelled, Policy: billing.RefundAuto, To: c.To,
		})
		if err != nil {
			return err
		}
		return s.Tasks.CancelWithin(ctx, q, c.TaskID, c.Note)
	})
	if err != nil {
		return err
	}
	s.Tasks.Wake()
	return nil
}
