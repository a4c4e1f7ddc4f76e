package billing

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// LeastCharger is a Gateway whose provider charges nothing below an amount.
type LeastCharger interface {
	// LeastCharge is the smallest amount that can be charged in a currency, zero where none is
	// known.
	LeastCharge(c money.Currency) money.Amount
}

// leastOf is the smallest amount that a gateway charges, in minor units of the shop's currency.
func (b *Billing) leastOf(g Gateway) int64 {
	l, ok := g.(LeastCharger)
	if !ok {
		return 0
	}
	return l.LeastCharge(b.currency).Minor
}

// least is what every gateway of the shop charges, in minor units: what is below it is not
// collected by itself, but carried to the customer's next invoice.
func (b *Billing) least() (most int64) {
	for _, g := range b.gateways {
		most = max(most, b.leastOf(g))
	}
	return most
}

// enough refuses a payment of less than its gateway charges, and names the other ways.
func (b *Billing) enough(inv db.Invoice, gateway string) error {
	g, err := b.gateway(gateway)
	due := inv.Gross - inv.Paid
	if err != nil || due >= b.leastOf(g) {
		return err
	}
	others := []string{}
	for _, other := range b.gateways {
		if due >= b.leastOf(other) {
			others = append(others, other.Name())
		}
	}
	least := money.New(b.leastOf(g), b.currency)
	return fault.New(fault.Conflict, "amount_below_minimum",
		"%s is due, and nothing below %s can be charged this way. Pay by another way, or from credit.", money.New(due, b.currency), least).
		With("minimum", least).With("gateways", others)
}

// carrySmall settles an invoice of which less is due than can be charged, by carrying that to the
// customer's next invoice; false for any other. An order is not: nothing of it is delivered before
// it is paid. While money is on its way for it nothing is carried.
func (b *Billing) carrySmall(ctx context.Context, q *db.Queries, inv db.Invoice) (bool, error) {
	due := inv.Gross - inv.Paid
	if inv.State != string(InvoiceOpen) || inv.Document != "invoice" || due <= 0 || due >= b.least() {
		return false, nil
	}
	if inv.Kind == SaleInvoice {
		change, _, err := changeOfInvoice(ctx, q, inv.ID)
		if err != nil || change.ID == "" {
			return false, err
		}
	}
	live, err := q.PaymentLive(ctx, inv.ID)
	if err != nil {
		return false, fmt.Errorf("live payment of %s: %w", inv.ID, err)
	}
	if slices.ContainsFunc(live, func(p db.Payment) bool { return p.State == string(PaymentProcessing) }) {
		return false, nil
	}
	if err := b.makeWay(ctx, q, inv.ID, true); err != nil {
		return false, err
	}
	if err := b.postCarried(ctx, q, inv, "carried", due); err != nil {
		return false, err
	}
	return true, b.settle(ctx, q, inv)
}

// askCarried has an invoice that is to be paid ask for what its customer owes of earlier ones: it
// counts as less than nothing paid, so that so much more is due. It gives the invoice as it is then.
func (b *Billing) askCarried(ctx context.Context, q *db.Queries, inv db.Invoice) (db.Invoice, error) {
	owed, err := q.CarriedOfCustomer(ctx, inv.CustomerID)
	if err != nil || owed <= 0 {
		return inv, wrap(err, "what is carried for "+inv.CustomerID)
	}
	if err := b.postCarried(ctx, q, inv, "carried_asked", -owed); err != nil {
		return inv, err
	}
	return addPaid(ctx, q, inv, -owed)
}

// unask leaves what an invoice asks for beside itself to a later one: it is to be withdrawn, or
// paid from credit, which pays for nothing but the invoice itself.
func (b *Billing) unask(ctx context.Context, q *db.Queries, inv db.Invoice) (db.Invoice, error) {
	carried, err := q.CarriedOfInvoice(ctx, inv.ID)
	if err != nil || carried >= 0 || inv.State != string(InvoiceOpen) {
		return inv, wrap(err, "what invoice "+inv.ID+" carries")
	}
	if err := b.postCarried(ctx, q, inv, "carried", -carried); err != nil {
		return inv, err
	}
	return addPaid(ctx, q, inv, -carried)
}

// postCarried moves what is owed on an invoice to what is carried, or back.
func (b *Billing) postCarried(ctx context.Context, q *db.Queries, inv db.Invoice, kind string, minor int64) error {
	amount := money.New(minor, money.Currency(inv.Currency))
	return b.post(ctx, q, posting{
		kind: kind, subject: b.store.NewID("car"), customerID: inv.CustomerID, invoiceID: inv.ID,
		entries: []entry{{account: Carried, amount: amount}, {account: Receivable, amount: amount.Neg()}},
	})
}

func addPaid(ctx context.Context, q *db.Queries, inv db.Invoice, part int64) (db.Invoice, error) {
	rows, err := q.InvoiceAddPaid(ctx, db.InvoiceAddPaidParams{ID: inv.ID, OldPaid: inv.Paid, NewPaid: inv.Paid + part})
	if err != nil || rows == 0 {
		return inv, fmt.Errorf("count a part of invoice %s: %d rows: %w", inv.ID, rows, err)
	}
	inv.Paid += part
	return inv, nil
}
