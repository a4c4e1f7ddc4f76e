package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// Method is a saved way to pay, kept by a provider.
type Method struct {
	ID, CustomerID, Gateway string
	// Kind is "card" or "sepa_debit"; Label is fit for the customer: "Visa •••• 4242".
	Kind, Label string
	// ExpMonth and ExpYear are zero for what does not expire.
	ExpMonth, ExpYear int
	CreatedAt         time.Time
}

// Methods lists a customer's saved methods. The first is the one that renewals are
// charged to: the one that was saved or chosen last.
func (b *Billing) Methods(ctx context.Context, q *db.Queries, customerID string) ([]Method, error) {
	rows, err := q.MethodsByCustomer(ctx, customerID)
	if err != nil {
		return nil, fmt.Errorf("methods of %s: %w", customerID, err)
	}
	out := make([]Method, 0, len(rows))
	for _, r := range rows {
		out = append(out, Method{
			ID: r.ID, CustomerID: r.CustomerID, Gateway: r.Gateway, Kind: r.Kind, Label: r.Label,
			ExpMonth: int(r.ExpMonth), ExpYear: int(r.ExpYear), CreatedAt: r.CreatedAt.Time(),
		})
	}
	return out, nil
}

// ChooseMethod makes a saved method the one that renewals are charged to. Its
// transaction is its own.
func (b *Billing) ChooseMethod(ctx context.Context, customerID, methodID string) error {
	return b.store.Tx(ctx, func(q *db.Queries) error {
		err := oneMethod(methodID)(q.MethodChoose(ctx, db.MethodChooseParams{
			ID: methodID, CustomerID: customerID, ChosenAt: db.At(b.clock.Now()),
		}))
		if err != nil {
			return err
		}
		return b.retarget(ctx, q, customerID)
	})
}

// RemoveMethod forgets a saved method: it is charged no more. Its transaction is its
// own.
func (b *Billing) RemoveMethod(ctx context.Context, customerID, methodID string) error {
	return b.store.Tx(ctx, func(q *db.Queries) error {
		err := oneMethod(methodID)(q.MethodRemove(ctx, db.MethodRemoveParams{
			ID: methodID, CustomerID: customerID, RemovedAt: db.At(b.clock.Now()),
		}))
		if err != nil {
			return err
		}
		return b.retarget(ctx, q, customerID)
	})
}

func oneMethod(id string) func(rows int64, err error) error {
	return func(rows int64, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("method %s: %w", id, err)
		case rows == 0:
			return fault.Missing("payment method", id)
		}
		return nil
	}
}

// remember keeps the provider's id of the customer, and the method where the customer
// asked for that.
func (b *Billing) remember(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if s.ProviderCustomer != "" && !p.Automatic {
		err := q.ProviderCustomerPut(ctx, db.ProviderCustomerPutParams{
			CustomerID: p.CustomerID, Gateway: p.Gateway, Reference: s.ProviderCustomer,
		})
		if err != nil {
			return fmt.Errorf("keep the provider's customer of %s: %w", p.CustomerID, err)
		}
	}
	if s.Method == nil || s.Method.Reference == "" || !p.SaveMethod || PaymentState(p.State) == PaymentSucceeded {
		return nil
	}
	now := db.At(b.clock.Now())
	err := q.MethodUpsert(ctx, db.MethodUpsertParams{
		ID: b.store.NewID("pme"), CustomerID: p.CustomerID, Gateway: p.Gateway, Reference: s.Method.Reference,
		ProviderCustomer: s.ProviderCustomer, Kind: s.Method.Kind, Label: s.Method.Label,
		ExpMonth: int64(s.Method.ExpMonth), ExpYear: int64(s.Method.ExpYear), ChosenAt: now, CreatedAt: now,
	})
	if err != nil {
		return fmt.Errorf("keep the method of payment %s: %w", p.ID, err)
	}
	return b.retarget(ctx, q, p.CustomerID)
}

// methodFor is the method that a subscription's renewal is charged to: its own where
// it has one that is still there, else the customer's first at a gateway that can charge.
func (b *Billing) methodFor(ctx context.Context, q *db.Queries, sub db.Subscription) (db.PaymentMethod, bool, error) {
	if sub.MethodID != "" {
		m, err := q.MethodByID(ctx, sub.MethodID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return db.PaymentMethod{}, false, fmt.Errorf("method %s: %w", sub.MethodID, err)
		}
		if err == nil && m.RemovedAt.IsZero() && b.canCharge(m.Gateway) {
			return m, true, nil
		}
	}
	rows, err := q.MethodsByCustomer(ctx, sub.CustomerID)
	if err != nil {
		return db.PaymentMethod{}, false, fmt.Errorf("methods of %s: %w", sub.CustomerID, err)
	}
	for _, m := range rows {
		if b.canCharge(m.Gateway) {
			return m, true, nil
		}
	}
	return db.PaymentMethod{}, false, nil
}

// canCharge is true for a gateway that charges while the customer is away.
func (b *Billing) canCharge(gateway string) bool {
	g, err := b.gateway(gateway)
	if err != nil {
		return false
	}
	_, ok := g.(MandateCharger)
	return ok
}
