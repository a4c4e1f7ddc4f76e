package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

// Reservation is a name wanted by a delivery.
type Reservation struct {
	Name, DeliveryID, InvoiceID, CustomerID string
}

// Reservation is the name that a registration or transfer wants.
func (p DeliverParams) Reservation() Reservation {
	return Reservation{Name: p.Domain, DeliveryID: p.ID, InvoiceID: p.InvoiceID, CustomerID: p.CustomerID}
}

// Reservable says whether Reserve would succeed, and takes nothing: for an order
// whose money may take days.
func (s *Services) Reservable(ctx context.Context, q *db.Queries, r Reservation) error {
	_, err := s.replaceable(ctx, q, r)
	return err
}

// Reserve takes the name for a delivery, as part of the caller's transaction, for
// as long as an unpaid order may hold one; a paid or processing one holds it
// until the delivery ends. The fault name_reserved says that another order has
// it. One that has it already has it anew.
func (s *Services) Reserve(ctx context.Context, q *db.Queries, r Reservation) error {
	instead, err := s.replaceable(ctx, q, r)
	if err != nil {
		return err
	}
	rows, err := s.take(ctx, q, r, instead)
	if err != nil {
		return fmt.Errorf("reserve %s: %w", r.Name, err)
	}
	if rows == 0 {
		return nameReserved(r.Name)
	}
	return nil
}

// take writes the reservation; no row means that another was quicker.
func (s *Services) take(ctx context.Context, q *db.Queries, r Reservation, instead string) (int64, error) {
	now := s.Clock.Now()
	until := db.At(now.Add(s.Reservation))
	if instead == "" {
		return q.NameReservationInsert(ctx, db.NameReservationInsertParams{
			Name: r.Name, DeliveryID: r.DeliveryID, InvoiceID: r.InvoiceID, HeldUntil: until, CreatedAt: db.At(now),
		})
	}
	return q.NameReservationReplace(ctx, db.NameReservationReplaceParams{
		Name: r.Name, DeliveryID: r.DeliveryID, InvoiceID: r.InvoiceID, HeldUntil: until, CreatedAt: db.At(now), InsteadOf: instead,
	})
}

func nameReserved(name string) error {
	return fault.New(fault.Conflict, "name_reserved", "%s is being ordered by somebody else at the moment.", name).
		With("domain", name).After(ReservationTime)
}

// replaceable names the delivery whose reservation may be taken over: this one's
// own, or one that holds nothing any more; none when the name is not reserved. The
// write compares with it, so that of two takers one wins.
func (s *Services) replaceable(ctx context.Context, q *db.Queries, r Reservation) (string, error) {
	row, err := q.NameReservationByName(ctx, r.Name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("read the reservation of %s: %w", r.Name, err)
	case row.DeliveryID == r.DeliveryID:
		return r.DeliveryID, nil
	}
	holds, err := s.holds(ctx, q, row, r)
	if err != nil {
		return "", err
	}
	if holds {
		return "", nameReserved(r.Name)
	}
	return row.DeliveryID, nil
}

// holds says whether a reservation still counts. It is derived from the invoice
// and the delivery, so that nothing needs to be freed when an order lapses. A
// customer who comes back with another cart replaces their own unpaid one.
func (s *Services) holds(ctx context.Context, q *db.Queries, row db.NameReservation, wanted Reservation) (bool, error) {
	d, err := q.DeliveryByID(ctx, row.DeliveryID)
	if err != nil {
		return false, fmt.Errorf("read delivery %s: %w", row.DeliveryID, err)
	}
	if d.State == DeliveryDelivered || d.State == DeliveryFailed {
		return false, nil
	}
	standing, err := s.Standing(ctx, q, row.InvoiceID)
	if err != nil {
		return false, err
	}
	switch standing.Invoice {
	case string(billing.InvoicePaid):
		return true, nil
	case string(billing.InvoiceOpen):
		unpaidHold := row.HeldUntil > s.now() && d.CustomerID != wanted.CustomerID
		return standing.Processing || unpaidHold, nil
	}
	return false, nil
}
