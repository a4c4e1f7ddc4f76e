package billing

import (
	"context"
	"database/sql"
	"errors"

	"hostfront/db"
)

// remember keeps the provider's id of the customer, and the method where the customer
// asked for that.
func (b *Billing) remember(ctx context.Context, q *db.Queries, p db.Payment, s told) error {
	if s.ProviderCustomer != "" && !p.Automatic {
		if err := b.putProviderCustomer(ctx, q, p.CustomerID, p.Gateway, s.ProviderCustomer); err != nil {
			return err
		}
	}
	if s.Method == nil || s.Method.Reference == "" || !p.SaveMethod || PaymentState(p.State) == PaymentSucceeded {
		return nil
	}
	_, err := b.keepMethod(ctx, q, keptMethod{
		customerID: p.CustomerID, gateway: p.Gateway, provider: s.ProviderCustomer, method: *s.Method, asked: p.CreatedAt,
	})
	return wrap(err, "keep the method of payment "+p.ID)
}

func (b *Billing) putProviderCustomer(ctx context.Context, q *db.Queries, customerID, gateway, reference string) error {
	err := q.ProviderCustomerPut(ctx, db.ProviderCustomerPutParams{CustomerID: customerID, Gateway: gateway, Reference: reference})
	return wrap(err, "keep the provider's customer of "+customerID)
}

// keptMethod is a method that a customer has saved.
type keptMethod struct {
	customerID, gateway, provider string
	method                        SavedMethod
	// asked is when the customer began to save it.
	asked db.Instant
	// behind puts it behind the methods that are there; else it is the new default.
	behind bool
}

// keepMethod stores a saved method and gives its id. What changes by it follows once: told
// of the same saving again, nothing does, nor does a method come back that the customer has
// removed since.
func (b *Billing) keepMethod(ctx context.Context, q *db.Queries, k keptMethod) (id string, err error) {
	there, err := q.MethodByReference(ctx, db.MethodByReferenceParams{Gateway: k.gateway, Reference: k.method.Reference})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	if err == nil && keptBefore(there, k) {
		return there.ID, nil
	}
	now := db.At(b.clock.Now())
	chosen := now
	if k.behind {
		chosen = 0
	}
	err = q.MethodUpsert(ctx, db.MethodUpsertParams{
		ID: b.store.NewID("pme"), CustomerID: k.customerID, Gateway: k.gateway, Reference: k.method.Reference,
		ProviderCustomer: k.provider, Kind: k.method.Kind, Label: k.method.Label, ExpMonth: int64(k.method.ExpMonth),
		ExpYear: int64(k.method.ExpYear), ExpiresAt: db.At(cardEnds(k.method.ExpYear, k.method.ExpMonth)), ChosenAt: chosen, CreatedAt: now,
	})
	if err != nil {
		return "", err
	}
	m, err := q.MethodByReference(ctx, db.MethodByReferenceParams{Gateway: k.gateway, Reference: k.method.Reference})
	if err != nil {
		return "", err
	}
	return m.ID, b.methodsChanged(ctx, q, k.customerID)
}

// keptBefore is true for a method that this saving has brought already.
func keptBefore(m db.PaymentMethod, k keptMethod) bool {
	if !m.RemovedAt.IsZero() {
		return m.RemovedAt > k.asked
	}
	return m.RefusedAt.IsZero() && m.ChosenAt >= k.asked
}

// methodsChanged is what follows from a new method or another default: charges that are to
// come take it, and what is open is paid.
func (b *Billing) methodsChanged(ctx context.Context, q *db.Queries, customerID string) error {
	if err := b.retarget(ctx, q, customerID); err != nil {
		return err
	}
	if err := b.fitLeads(ctx, q, customerID); err != nil {
		return err
	}
	return b.collectOpen(ctx, q, customerID, anyInvoice)
}
