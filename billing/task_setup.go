package billing

import (
	"context"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/task"
)

// setupPayload names the setup that a task is about, methodPayload the method.
type (
	setupPayload struct {
		SetupID string `json:"setup_id"`
	}
	methodPayload struct {
		MethodID string `json:"method_id"`
	}
)

func taskSetup(ctx context.Context, q *db.Queries, t task.Task) (db.MethodSetup, error) {
	pay, err := readPayload[setupPayload](t)
	if err != nil {
		return db.MethodSetup{}, err
	}
	return setupRow(ctx, q, pay.SetupID)
}

// checkSetup leaves a setup alone that has come to its end.
func (b *Billing) checkSetup(ctx context.Context, q *db.Queries, t task.Task) error {
	row, err := taskSetup(ctx, q, t)
	if err == nil && PaymentState(row.State).isFinal() {
		return task.ErrNotNeeded
	}
	return err
}

// keeper is the gateway of a method or setup.
func (b *Billing) keeper(name string) (MethodKeeper, error) {
	g, err := b.gateway(name)
	if err != nil {
		return nil, gone(name)
	}
	k, ok := g.(MethodKeeper)
	if !ok {
		return nil, gone(name)
	}
	return k, nil
}

func (b *Billing) doSetup(ctx context.Context, t task.Task) (task.Progress, error) {
	q := b.store.Read()
	row, err := taskSetup(ctx, q, t)
	if err != nil {
		return task.Progress{}, err
	}
	k, err := b.keeper(row.Gateway)
	if err != nil {
		return task.Progress{}, err
	}
	customer, err := b.accounts.Customer(ctx, q, row.CustomerID)
	if err != nil {
		return task.Progress{}, err
	}
	provider, err := providerCustomer(ctx, q, row.CustomerID, row.Gateway)
	if err != nil {
		return task.Progress{}, err
	}
	s, err := k.Setup(ctx, SetupRequest{
		ID: row.ID, CustomerID: row.CustomerID, Email: customer.Email, Name: customer.Name(), ReturnURL: row.ReturnUrl,
		ProviderCustomer: provider, CreatedAt: row.CreatedAt.Time(),
	})
	return b.setupProgress(s, err)
}

func (b *Billing) setupProgress(s SetupStatus, err error) (task.Progress, error) {
	if err != nil {
		return task.Progress{}, err
	}
	kept, err := b.toldSetupOf(s)
	return task.Progress{Result: kept}, err
}

// doneSetup applies the answer. A webhook may have been faster: then the setup is further
// on, and the answer must not take it back.
func (b *Billing) doneSetup(ctx context.Context, q *db.Queries, t task.Task) error {
	row, err := taskSetup(ctx, q, t)
	if err != nil {
		return err
	}
	s := readResult[toldSetup](t)
	if !s.State.known() {
		return nil // settled by hand: the reconciliation asks how it stands
	}
	if row.State == string(PaymentProcessing) && !s.State.isFinal() {
		s.State = PaymentProcessing
	}
	return b.applySetup(ctx, q, row, s)
}

// failedSetup ends a setup that the gateway refused outright.
func (b *Billing) failedSetup(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	row, err := taskSetup(ctx, q, t)
	if err != nil {
		return err
	}
	return b.applySetup(ctx, q, row, toldSetup{State: PaymentFailed, Decline: Decline{Class: DeclineTransport, Code: cause.Code}})
}

// doCancelSetup ends a setup that the customer did not complete in time.
func (b *Billing) doCancelSetup(ctx context.Context, t task.Task) (task.Progress, error) {
	row, err := taskSetup(ctx, b.store.Read(), t)
	if err != nil {
		return task.Progress{}, err
	}
	k, err := b.keeper(row.Gateway)
	if err != nil {
		return task.Progress{}, err
	}
	if row.ProviderReference == "" {
		return task.Progress{Result: toldSetup{State: PaymentCancelled}}, nil
	}
	s, err := k.CancelSetup(ctx, row.ProviderReference)
	return b.setupProgress(s, later(err))
}

// checkDetach leaves a method alone that was saved again meanwhile.
func (b *Billing) checkDetach(ctx context.Context, q *db.Queries, t task.Task) error {
	m, err := taskMethod(ctx, q, t)
	if err == nil && (m.RemovedAt.IsZero() || !m.DetachedAt.IsZero()) {
		return task.ErrNotNeeded
	}
	return err
}

func taskMethod(ctx context.Context, q *db.Queries, t task.Task) (db.PaymentMethod, error) {
	pay, err := readPayload[methodPayload](t)
	if err != nil {
		return db.PaymentMethod{}, err
	}
	m, err := q.MethodByID(ctx, pay.MethodID)
	if err != nil {
		return m, fmt.Errorf("method %s: %w", pay.MethodID, err)
	}
	return m, nil
}

func (b *Billing) doDetach(ctx context.Context, t task.Task) (task.Progress, error) {
	m, err := taskMethod(ctx, b.store.Read(), t)
	if err != nil {
		return task.Progress{}, err
	}
	k, err := b.keeper(m.Gateway)
	if err != nil {
		return task.Progress{}, err
	}
	return task.Progress{}, later(k.Detach(ctx, Mandate{Reference: m.Reference, ProviderCustomer: m.ProviderCustomer, Kind: m.Kind}))
}

func (b *Billing) doneDetach(ctx context.Context, q *db.Queries, t task.Task) error {
	m, err := taskMethod(ctx, q, t)
	if err != nil {
		return err
	}
	return errors.Join(
		wrap(q.MethodDetached(ctx, db.MethodDetachedParams{ID: m.ID, DetachedAt: db.At(b.clock.Now())}), "detach method "+m.ID),
		b.events.Clear(ctx, q, "method_not_detached", m.ID))
}

// failedDetach tells an operator of a method that the customer removed and the provider
// still has.
func (b *Billing) failedDetach(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	return b.events.Raise(ctx, q, event.Alarm{
		Code: "method_not_detached", Subject: t.Subject, Message: "The gateway refused to forget a method that the customer removed: " + cause.Code,
	})
}
