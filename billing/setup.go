package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// setupLife is how long a customer has to complete the saving of a method.
const setupLife = day

// Setup is the saving of a method without a payment.
type Setup struct {
	ID, CustomerID, Gateway string
	State                   PaymentState
	// NextAction is what the customer must do; nil when nothing.
	NextAction *NextAction
	// MethodID is the method that it left, empty until it succeeded.
	MethodID  string
	Decline   Decline
	CreatedAt time.Time
}

// SetupParams is a method to be saved while the customer is there.
type SetupParams struct {
	CustomerID string
	// Gateway is a name of Gateways; it must be a MethodKeeper.
	Gateway string
	// ReturnURL is where a redirect brings the customer back.
	ReturnURL string
	// MakeDefault has renewals charged to it from then on.
	MakeDefault bool
}

// StartSetup writes the saving of a method and its task in the caller's transaction. The
// caller commits, runs the task (RunSetup) and reads what the customer must do. Fault
// codes: "unknown_gateway", "cannot_save_methods".
func (b *Billing) StartSetup(ctx context.Context, q *db.Queries, p SetupParams) (id string, err error) {
	if err := b.canKeep(p.Gateway); err != nil {
		return "", err
	}
	id = b.store.NewID("pms")
	now := b.clock.Now()
	err = q.SetupInsert(ctx, db.SetupInsertParams{
		ID: id, CustomerID: p.CustomerID, Gateway: p.Gateway, MakeDefault: p.MakeDefault, ReturnUrl: p.ReturnURL,
		CheckAt: db.At(now.Add(checkAfter(0))), CreatedAt: db.At(now), UpdatedAt: db.At(now),
	})
	if err != nil {
		return "", fmt.Errorf("store setup of %s: %w", p.CustomerID, err)
	}
	_, err = b.tasks.Add(ctx, q, task.Params{
		Kind: KindSetup, Queue: b.queueOf(p.Gateway), Subject: id, Payload: setupPayload{id}, DedupeKey: "setup:" + id,
	})
	return id, err
}

// RunSetup runs the gateway's call of a setup that was started and gives the setup: past
// ctx's deadline it comes back pending, without a next action.
func (b *Billing) RunSetup(ctx context.Context, id string) (Setup, error) {
	tasks, err := b.tasks.BySubject(ctx, nil, id)
	if err != nil {
		return Setup{}, err
	}
	for _, t := range tasks {
		if t.Kind != KindSetup || t.State.Finished() {
			continue
		}
		if _, err := b.tasks.Run(ctx, t.ID); err != nil {
			return Setup{}, fmt.Errorf("set up method %s: %w", id, err)
		}
	}
	return b.Setup(context.WithoutCancel(ctx), id)
}

// Setup reads the saving of a method, with what the customer must do next.
func (b *Billing) Setup(ctx context.Context, id string) (Setup, error) {
	row, err := setupRow(ctx, b.store.Read(), id)
	if err != nil {
		return Setup{}, err
	}
	next, err := b.openNext(row.NextAction)
	if err != nil {
		return Setup{}, fmt.Errorf("next action of setup %s: %w", id, err)
	}
	return Setup{
		ID: row.ID, CustomerID: row.CustomerID, Gateway: row.Gateway, State: PaymentState(row.State), NextAction: next,
		MethodID: row.MethodID, Decline: Decline{Class: DeclineClass(row.DeclineClass), Code: row.DeclineCode},
		CreatedAt: row.CreatedAt.Time(),
	}, nil
}

func setupRow(ctx context.Context, q *db.Queries, id string) (db.MethodSetup, error) {
	row, err := q.SetupByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return db.MethodSetup{}, fault.Missing("payment method setup", id)
	}
	if err != nil {
		return db.MethodSetup{}, fmt.Errorf("read setup %s: %w", id, err)
	}
	return row, nil
}

// SavesMethods says whether a method can be saved at a gateway without a payment.
func (b *Billing) SavesMethods(gateway string) bool { return b.canKeep(gateway) == nil }

// canKeep refuses a gateway that saves no methods without a payment.
func (b *Billing) canKeep(gateway string) error {
	g, err := b.gateway(gateway)
	if err != nil {
		return err
	}
	if _, ok := g.(MethodKeeper); !ok {
		return fault.InvalidField("gateway", "cannot_save_methods", "No method can be saved with %q.", gateway)
	}
	return nil
}
