package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/event"
)

// toldSetup is what a gateway said about a setup, in the form that is kept with a task.
type toldSetup struct {
	Reference        string       `json:"reference,omitempty"`
	SetupID          string       `json:"setup_id,omitempty"`
	State            PaymentState `json:"state"`
	Next             string       `json:"next,omitempty"`
	Method           *SavedMethod `json:"method,omitempty"`
	ProviderCustomer string       `json:"provider_customer,omitempty"`
	Decline          Decline      `json:"decline"`
}

func (b *Billing) toldSetupOf(s SetupStatus) (toldSetup, error) {
	if !s.State.known() {
		return toldSetup{}, errUnknownState(string(s.State), s.Reference)
	}
	next, err := b.sealNext(s.Next)
	if err != nil {
		return toldSetup{}, fmt.Errorf("seal the next action of %s: %w", s.Reference, err)
	}
	return toldSetup{
		Reference: s.Reference, SetupID: s.SetupID, State: s.State, Next: next, Method: s.Method,
		ProviderCustomer: s.ProviderCustomer, Decline: s.Decline,
	}, nil
}

// applySetup brings a setup to what its gateway said, in the caller's transaction: the one
// way in for answers, webhooks, reconciliation and cancellations. However many of them tell
// of the same success, the method is saved once. One that succeeded after it was given up
// here is saved after all: the customer did it.
func (b *Billing) applySetup(ctx context.Context, q *db.Queries, row db.MethodSetup, s toldSetup) error {
	if s.ProviderCustomer != "" {
		if err := b.putProviderCustomer(ctx, q, row.CustomerID, row.Gateway, s.ProviderCustomer); err != nil {
			return err
		}
	}
	state := PaymentState(row.State)
	if state == PaymentSucceeded || state.isFinal() && s.State != PaymentSucceeded {
		return nil
	}
	methodID := ""
	if s.State == PaymentSucceeded {
		if s.Method == nil || s.Method.Reference == "" {
			return b.events.Raise(ctx, q, event.Alarm{
				Code: "setup_without_method", Subject: row.ID,
				Message: "The gateway calls the saving of a method succeeded and names none.",
			})
		}
		var err error
		methodID, err = b.keepMethod(ctx, q, keptMethod{
			customerID: row.CustomerID, gateway: row.Gateway, provider: s.ProviderCustomer, method: *s.Method,
			asked: row.CreatedAt, behind: !row.MakeDefault,
		})
		if err != nil {
			return fmt.Errorf("keep the method of setup %s: %w", row.ID, err)
		}
	}
	return b.moveSetup(ctx, q, row, s, methodID)
}

func (b *Billing) moveSetup(ctx context.Context, q *db.Queries, row db.MethodSetup, s toldSetup, methodID string) error {
	now := b.clock.Now()
	move := db.SetupApplyParams{
		ID: row.ID, OldState: row.State, State: string(s.State), ProviderReference: row.ProviderReference, NextAction: s.Next,
		MethodID: methodID, DeclineClass: string(s.Decline.Class), DeclineCode: s.Decline.Code, UpdatedAt: db.At(now),
	}
	if s.Reference != "" {
		move.ProviderReference = s.Reference
	}
	if s.State.isFinal() {
		move.NextAction, move.SettledAt = "", db.At(now)
	} else {
		move.CheckAt = db.At(now.Add(checkAfter(now.Sub(row.CreatedAt.Time()))))
		if move.NextAction == "" {
			move.NextAction = row.NextAction
		}
	}
	if _, err := q.SetupApply(ctx, move); err != nil {
		return fmt.Errorf("move setup %s to %s: %w", row.ID, s.State, err)
	}
	return nil
}

// applyHeardSetup finds the setup that a status is of: by the id that the provider keeps
// with it, since a webhook may come before the answer that told its reference, else by the
// reference. One that is not this shop's is nothing to us.
func (b *Billing) applyHeardSetup(ctx context.Context, q *db.Queries, gateway string, s toldSetup) error {
	row, err := q.SetupByID(ctx, s.SetupID)
	if errors.Is(err, sql.ErrNoRows) {
		row, err = q.SetupByReference(ctx, db.SetupByReferenceParams{Gateway: gateway, Reference: s.Reference})
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("setup %s: %w", s.Reference, err)
	}
	if row.Gateway != gateway {
		return nil
	}
	return b.applySetup(ctx, q, row, s)
}
