package billing

import (
	"context"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// Method is a saved way to pay, kept by a provider.
type Method struct {
	ID, CustomerID, Gateway string
	// Kind is "card" or "sepa_debit"; Label is fit for the customer: "Visa •••• 4242".
	Kind, Label string
	// ExpMonth and ExpYear are zero for what does not expire.
	ExpMonth, ExpYear int
	// Default is the one that renewals are charged to, unless a subscription has its own.
	Default bool
	// Expired says that its last month is over, Refused that its bank refused it for good:
	// such a one is charged last, or not at all.
	Expired, Refused bool
	CreatedAt        time.Time
}

// Methods lists a customer's saved methods, the default first: the one that was saved or
// chosen last.
func (b *Billing) Methods(ctx context.Context, q *db.Queries, customerID string) ([]Method, error) {
	rows, err := q.MethodsByCustomer(ctx, customerID)
	if err != nil {
		return nil, fmt.Errorf("methods of %s: %w", customerID, err)
	}
	out := make([]Method, 0, len(rows))
	for i, r := range rows {
		m := b.methodOf(r)
		m.Default = i == 0
		out = append(out, m)
	}
	return out, nil
}

func (b *Billing) methodOf(r db.PaymentMethod) Method {
	return Method{
		ID: r.ID, CustomerID: r.CustomerID, Gateway: r.Gateway, Kind: r.Kind, Label: r.Label,
		ExpMonth: int(r.ExpMonth), ExpYear: int(r.ExpYear), Expired: b.expired(r), Refused: !r.RefusedAt.IsZero(),
		CreatedAt: r.CreatedAt.Time(),
	}
}

func (b *Billing) expired(m db.PaymentMethod) bool {
	return !m.ExpiresAt.IsZero() && m.ExpiresAt <= db.At(b.clock.Now())
}

// cardEnds is the first instant at which a card is no longer valid: its month is its last.
func cardEnds(year, month int) time.Time {
	if year == 0 || month == 0 {
		return time.Time{}
	}
	return time.Date(year, time.Month(month)+1, 1, 0, 0, 0, 0, time.UTC)
}

// ChooseMethod makes a saved method the default, the one that renewals are charged to, and
// has it pay what is open. Its transaction is its own.
func (b *Billing) ChooseMethod(ctx context.Context, customerID, methodID string) error {
	return b.store.Tx(ctx, func(q *db.Queries) error {
		err := oneMethod(methodID)(q.MethodChoose(ctx, db.MethodChooseParams{
			ID: methodID, CustomerID: customerID, ChosenAt: db.At(b.clock.Now()),
		}))
		if err != nil {
			return err
		}
		return b.methodsChanged(ctx, q, customerID)
	})
}

// RemoveMethod forgets a saved method: it is charged no more, and the provider is told to
// forget it as well. Its transaction is its own.
func (b *Billing) RemoveMethod(ctx context.Context, customerID, methodID string) error {
	return b.store.Tx(ctx, func(q *db.Queries) error {
		now := db.At(b.clock.Now())
		err := oneMethod(methodID)(q.MethodRemove(ctx, db.MethodRemoveParams{ID: methodID, CustomerID: customerID, RemovedAt: now}))
		if err != nil {
			return err
		}
		if err := b.addDetach(ctx, q, methodID, now); err != nil {
			return err
		}
		if err := b.retarget(ctx, q, customerID); err != nil {
			return err
		}
		return b.fitLeads(ctx, q, customerID)
	})
}

// addDetach adds the task that has the provider forget a method: one for each removal,
// since a method may be saved again and removed again.
func (b *Billing) addDetach(ctx context.Context, q *db.Queries, methodID string, at db.Instant) error {
	m, err := q.MethodByID(ctx, methodID)
	if err != nil {
		return fmt.Errorf("method %s: %w", methodID, err)
	}
	if b.canKeep(m.Gateway) != nil {
		return nil // its gateway keeps nothing that could be forgotten
	}
	_, err = b.tasks.Add(ctx, q, task.Params{
		Kind: KindDetach, Queue: b.queueOf(m.Gateway), Subject: methodID, Payload: methodPayload{methodID},
		DedupeKey: fmt.Sprintf("detach:%s:%d", methodID, at),
	})
	return err
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
