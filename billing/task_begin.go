package billing

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

// checkBegin cancels the beginning of a payment that is over already, or whose
// invoice is not open any more.
func (b *Billing) checkBegin(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := taskPayment(ctx, q, t)
	if err != nil {
		return err
	}
	inv, err := invoiceRow(ctx, q, p.InvoiceID)
	if err != nil {
		return err
	}
	if inv.State != string(InvoiceOpen) && p.State == string(PaymentPending) && t.Attempts <= 1 {
		if _, err := b.move(ctx, q, p, told{State: PaymentCancelled}); err != nil {
			return err
		}
		return task.ErrNotNeeded
	}
	if PaymentState(p.State).isFinal() {
		return task.ErrNotNeeded
	}
	return nil
}

// taskPayment is the payment that a task is about.
func taskPayment(ctx context.Context, q *db.Queries, t task.Task) (db.Payment, error) {
	pay, err := readPayload[paymentPayload](t)
	if err != nil {
		return db.Payment{}, err
	}
	return paymentRow(ctx, q, pay.PaymentID)
}

func (b *Billing) doBegin(ctx context.Context, t task.Task) (task.Progress, error) {
	p, err := taskPayment(ctx, b.store.Read(), t)
	if err != nil {
		return task.Progress{}, err
	}
	g, err := b.gateway(p.Gateway)
	if err != nil {
		return task.Progress{}, gone(p.Gateway)
	}
	c, err := b.charge(ctx, p)
	if err != nil {
		return task.Progress{}, err
	}
	return b.once(ctx, g, t, func() (Status, error) { return g.Begin(ctx, c) })
}

// gone is the outcome for what a gateway that is not configured any more should do:
// nothing has happened, and a person must see to it.
func gone(gateway string) error {
	return fault.Came(fault.Held, "gateway_gone", "The gateway "+gateway+" is not configured.")
}

// once makes a call that moves money, and before it is repeated looks the payment up:
// the provider's promise about a repeated key has an end. The look is only a help; a
// payment that is not found is asked for again under the same key.
func (b *Billing) once(ctx context.Context, g Gateway, t task.Task, call func() (Status, error)) (task.Progress, error) {
	finder, ok := g.(Finder)
	if ok && t.Attempts > 1 {
		found, yes, err := finder.Find(ctx, t.Subject)
		if err != nil {
			return task.Progress{}, later(err)
		}
		if yes && !(t.Kind == KindBegin && found.State == PaymentRequiresAction && found.Next == nil) {
			return b.progress(t, found)
		}
	}
	s, err := call()
	if err != nil {
		return task.Progress{}, err
	}
	return b.progress(t, s)
}

// progress keeps what a gateway said, and notes the harmless part in the journal.
func (b *Billing) progress(t task.Task, s Status) (task.Progress, error) {
	kept, err := b.toldOf(s)
	if err != nil {
		return task.Progress{}, err
	}
	return task.Progress{Result: kept}, nil
}

// charge is what the gateway is asked for.
func (b *Billing) charge(ctx context.Context, p db.Payment) (Charge, error) {
	q := b.store.Read()
	customer, err := b.accounts.Customer(ctx, q, p.CustomerID)
	if err != nil {
		return Charge{}, err
	}
	provider := ""
	if !p.Automatic { // a saved method knows its own
		if provider, err = providerCustomer(ctx, q, p.CustomerID, p.Gateway); err != nil {
			return Charge{}, err
		}
	}
	return Charge{
		ID: p.ID, InvoiceID: p.InvoiceID, CustomerID: p.CustomerID, Email: customer.Email, Name: customer.Name(),
		Amount: money.New(p.Amount, money.Currency(p.Currency)), Description: b.seller.Name + " " + p.Code,
		Reference: p.Code, ReturnURL: p.ReturnUrl, SaveMethod: p.SaveMethod, ProviderCustomer: provider,
		CreatedAt: p.CreatedAt.Time(),
	}, nil
}

func providerCustomer(ctx context.Context, q *db.Queries, customerID, gateway string) (string, error) {
	refs, err := q.ProviderCustomers(ctx, db.ProviderCustomersParams{CustomerID: customerID, Gateway: gateway})
	if err != nil {
		return "", fmt.Errorf("provider's customer of %s: %w", customerID, err)
	}
	if len(refs) == 0 {
		return "", nil
	}
	return refs[0], nil
}

// doneBegin applies the answer. A webhook may have been faster: then the payment is
// further on, and the answer must not take it back.
func (b *Billing) doneBegin(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := taskPayment(ctx, q, t)
	if err != nil {
		return err
	}
	s := readResult[told](t)
	if !s.State.known() {
		return nil
	}
	if p.State != string(PaymentPending) && !s.State.isFinal() && !PaymentState(p.State).isFinal() {
		s.State = PaymentState(p.State)
	}
	return b.apply(ctx, q, p, s)
}

// donePayment applies the answer of a charge or a cancellation.
func (b *Billing) donePayment(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := taskPayment(ctx, q, t)
	if err != nil {
		return err
	}
	s := readResult[told](t)
	if !s.State.known() {
		return nil // settled by hand: the reconciliation asks how it stands
	}
	return b.apply(ctx, q, p, s)
}

// failedPayment ends a payment that the gateway refused outright: the call, not the method.
func (b *Billing) failedPayment(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	p, err := taskPayment(ctx, q, t)
	if err != nil {
		return err
	}
	return b.apply(ctx, q, p, told{
		State: PaymentFailed, Decline: Decline{Class: DeclineTransport, Code: cause.Code},
	})
}
