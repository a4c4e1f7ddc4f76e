package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
)

// Hold is what a registry or registrar has put on a name, so that it does not work
// although it is paid for.
type Hold struct {
	// Code is verification (the registrant's data are to be confirmed), registrar or
	// registry.
	Code string
	// Since is when it was first seen.
	Since time.Time
}

// SeenHold is what the upstream said of a customer's name; an empty Code is no hold.
type SeenHold struct{ ServiceID, Code, Status string }

// SetHold keeps the hold that was seen on a name, in the caller's transaction, and
// tells the customer, once a hold, when it begins and when it is over. It tells whether
// anything has changed.
func (s *Services) SetHold(ctx context.Context, q *db.Queries, seen SeenHold) (bool, error) {
	svc, err := q.ServiceByID(ctx, seen.ServiceID)
	if err != nil {
		return false, fmt.Errorf("read service %s: %w", seen.ServiceID, err)
	}
	open, err := q.DomainHoldOpen(ctx, svc.ID)
	there := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("read the hold of service %s: %w", svc.ID, err)
	}
	if open.Hold == seen.Code {
		return false, nil
	}
	now := s.now()
	if there {
		if _, err := q.DomainHoldEnd(ctx, db.DomainHoldEndParams{ServiceID: svc.ID, EndedAt: now}); err != nil {
			return false, fmt.Errorf("end the hold of service %s: %w", svc.ID, err)
		}
	}
	if seen.Code == "" {
		return true, s.tellHold(ctx, q, svc, "domain.released", open.Hold)
	}
	_, err = q.DomainHoldInsert(ctx, db.DomainHoldInsertParams{
		ID: s.Store.NewID("hld"), ServiceID: svc.ID, CustomerID: svc.CustomerID, Hold: seen.Code, Status: seen.Status, SinceAt: now,
	})
	if err != nil {
		return false, fmt.Errorf("keep the hold of service %s: %w", svc.ID, err)
	}
	return true, s.tellHold(ctx, q, svc, "domain.held", seen.Code)
}

func (s *Services) tellHold(ctx context.Context, q *db.Queries, svc db.Service, kind, code string) error {
	return s.Events.Emit(ctx, q, event.Params{
		Kind: kind, Subject: svc.ID, CustomerID: svc.CustomerID, Data: map[string]string{"service_id": svc.ID, "code": code},
	})
}

// withHolds adds the holds that last to a customer's services.
func withHolds(ctx context.Context, q *db.Queries, customerID string, services []Service) error {
	rows, err := q.DomainHoldsOfCustomer(ctx, customerID)
	if err != nil {
		return fmt.Errorf("read the holds of %s: %w", customerID, err)
	}
	for _, row := range rows {
		for i := range services {
			if services[i].ID == row.ServiceID {
				services[i].Hold = &Hold{Code: row.Hold, Since: row.SinceAt.Time()}
			}
		}
	}
	return nil
}
