package dunning

import (
	"context"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
	"hostfront/service"
)

// Config is what Dunning is made of; all of it must be given.
type Config struct {
	Store    *db.Store
	Clock    clock.Clock
	Events   *event.Log
	Accounts *account.Accounts
	Billing  *billing.Billing
	Services *service.Services
	// Currency is the shop's.
	Currency money.Currency
}

// Dunning sees to what is not paid. Safe for concurrent use.
type Dunning struct{ Config }

// New is the dunning of a shop.
func New(c Config) *Dunning { return &Dunning{Config: c} }

// Why an invoice is left alone for now.
const (
	FrozenProcessing  = "payment_processing"  // a payment is on its way
	FrozenDispute     = "dispute_open"        // the customer disputes a payment
	FrozenInvoicing   = "no_invoicing"        // staff exempted the customer from bills
	FrozenSuspension  = "no_suspension"       // staff exempted the customer from this step
	FrozenNotOverdue  = "not_overdue"         // its due date has not passed, or a first charge is to come
	FrozenUnsuspended = "suspension_not_done" // hosting is to be ended that still runs
)

// invoiceCase is an invoice with all that decides on its next step.
type invoiceCase struct {
	db.DunningCaseRow
	// steps are those taken for the present debt, taken all: an invoice that was opened again is
	// another debt, whose ladder begins anew.
	steps, taken []db.DunningStep
	// paying is true while a payment is on its way, disputed while the customer disputes one.
	paying, disputed bool
	// policy is the shop's, ladder the part of it that this invoice is on.
	policy Policy
	ladder []Step
}

func (c invoiceCase) domain() bool { return c.SubscriptionKind == string(billing.DomainSubscription) }

// read gathers a case; false when the invoice is none: it is not open, or is for no
// subscription.
func (d *Dunning) read(ctx context.Context, q *db.Queries, policy Policy, invoiceID string) (invoiceCase, bool, error) {
	rows, err := q.DunningCase(ctx, invoiceID)
	if err != nil || len(rows) == 0 {
		return invoiceCase{}, false, err
	}
	c := invoiceCase{DunningCaseRow: rows[0], policy: policy}
	c.ladder = policy.ladder(c.domain())
	if c.State != string(billing.InvoiceOpen) || c.Kind != billing.RenewalInvoice || c.WrittenOff || c.SubscriptionID == "" {
		return c, false, nil
	}
	steps, err := q.DunningSteps(ctx, invoiceID)
	c.climbed(steps)
	return c, true, err
}

// climbed takes in the steps that were taken for the invoice.
func (c *invoiceCase) climbed(steps []db.DunningStep) {
	c.taken = steps
	for _, s := range steps {
		if s.OwedAt == c.ReopenedAt {
			c.steps = append(c.steps, s)
		}
	}
}

// learn adds what may freeze a case.
func (d *Dunning) learn(ctx context.Context, q *db.Queries, c *invoiceCase) error {
	live, err := d.Billing.PaymentsOf(ctx, q, c.ID)
	if err != nil {
		return err
	}
	for _, p := range live {
		// Before the due date a charge that is to come is waited for.
		if p.State == billing.PaymentProcessing || (c.OverdueAt.IsZero() && p.Automatic && p.State == billing.PaymentPending) {
			c.paying = true
		}
	}
	disputes, err := q.DisputeOpenOfCustomer(ctx, c.CustomerID)
	c.disputed = len(disputes) > 0
	return err
}

// frozen says why a step is not taken now, empty when nothing stands in the way.
func (c invoiceCase) frozen(s Step) string {
	switch {
	case c.NoInvoicing:
		return FrozenInvoicing
	case c.NoSuspension && (s.Action == Suspend || s.Action == FinalNotice || s.Action == Terminate || s.Action == Lapse):
		return FrozenSuspension
	case c.OverdueAt.IsZero() && s.After >= 0:
		return FrozenNotOverdue
	case c.paying:
		return FrozenProcessing
	case c.disputed:
		return FrozenDispute
	case s.Action == Terminate && c.SubscriptionState != string(billing.SubscriptionCancelled) && c.ServiceState == service.StateActive:
		return FrozenUnsuspended // its suspension waits for a person: what still runs is not ended
	}
	return ""
}
