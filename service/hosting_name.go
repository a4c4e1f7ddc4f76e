package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// HeldByOther says whether a name is another customer's here: registered or moved
// here for them, or being registered for them with money paid. Every name is in the
// one account upstream, so that nothing there would keep one customer from having
// another's name hosted.
func (s *Services) HeldByOther(ctx context.Context, q *db.Queries, name, customerID string) (bool, error) {
	live, err := q.ServicesLiveByName(ctx, db.ServicesLiveByNameParams{Name: name, Kind: KindDomain})
	if err != nil {
		return false, fmt.Errorf("live services of %s: %w", name, err)
	}
	for _, svc := range live {
		if svc.CustomerID != customerID {
			return true, nil
		}
	}
	row, err := q.NameReservationByName(ctx, name)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the reservation of %s: %w", name, err)
	}
	return s.registeringFor(ctx, q, row, customerID)
}

// registeringFor says whether a reservation is a paid registration of somebody other
// than the customer. A transfer proves nothing until the name has come.
func (s *Services) registeringFor(ctx context.Context, q *db.Queries, row db.NameReservation, besides string) (bool, error) {
	d, err := q.DeliveryByID(ctx, row.DeliveryID)
	if err != nil {
		return false, fmt.Errorf("read delivery %s: %w", row.DeliveryID, err)
	}
	open := d.State == DeliveryPending || d.State == DeliveryActionRequired
	if d.CustomerID == besides || d.Kind != Register || !open {
		return false, nil
	}
	standing, err := s.Standing(ctx, q, row.InvoiceID)
	return standing.Invoice == string(billing.InvoicePaid), err
}

// hostingWanted is the Check of hosting: one name is hosted once, and for nobody but
// its holder where that is a customer here. An order by bank transfer comes late, and
// a name that was free when it was placed may be somebody's by then.
func (s *Services) hostingWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	d, err := s.stillWanted(ctx, q, t)
	if err != nil {
		return err
	}
	foreign, err := s.HeldByOther(ctx, q, d.Domain, d.CustomerID)
	if err != nil {
		return err
	}
	if foreign {
		return fault.Came(fault.Rejected, "name_not_yours", "the name is another customer's here")
	}
	taken, err := s.hostedAlready(ctx, q, d)
	if err == nil && taken {
		err = fault.Came(fault.Rejected, "already_here", "the name is hosted here already")
	}
	return err
}

// hostedAlready says whether the name of a hosting delivery is hosted here by another,
// or is about to be: of two that were paid for, the one that was begun goes on, and of
// two that were not, the older.
func (s *Services) hostedAlready(ctx context.Context, q *db.Queries, d db.Delivery) (bool, error) {
	others, err := q.HostingUnderWay(ctx, db.HostingUnderWayParams{Domain: d.Domain, Besides: d.ID})
	if err != nil {
		return false, fmt.Errorf("hosting of %s that is under way: %w", d.Domain, err)
	}
	for _, other := range others {
		if other.Attempts > 0 || other.ID < d.ID {
			return true, nil
		}
	}
	return s.InUse(ctx, q, d.Kind, d.Domain)
}
