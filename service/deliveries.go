package service

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// Delivery is how the delivery of an order line stands.
type Delivery struct {
	ID, Domain string
	// State is one of the Delivery constants.
	State string
	// Code says why it failed or what it waits for; Fields what the customer must mend.
	Code   string
	Fields []fault.Field
	// MendBy is until when the customer may mend it; zero when nothing is to be mended.
	MendBy time.Time
	// Task is the state of the delivering task; Started says that it has been tried.
	Task    task.State
	Started bool
	// ServiceID is what it became, empty before.
	ServiceID string
}

// Orders is a run of orders without a gap: a page of a list, or a single order.
type Orders struct {
	// CustomerID is whose they are; empty is everybody's.
	CustomerID string
	// Oldest and Newest are the ids of its first and its last.
	Oldest, Newest string
}

// Deliveries reads how the lines of orders stand, by the lines' ids, in one statement.
func (s *Services) Deliveries(ctx context.Context, q *db.Queries, of Orders) (map[string]Delivery, error) {
	rows, err := deliveriesOf(ctx, q, of)
	if err != nil {
		return nil, fmt.Errorf("read the deliveries of the orders %s to %s: %w", of.Oldest, of.Newest, err)
	}
	deliveries := make(map[string]Delivery, len(rows))
	for _, row := range rows {
		if deliveries[row.ID], err = s.showDelivery(row); err != nil {
			return nil, err
		}
	}
	return deliveries, nil
}

func deliveriesOf(ctx context.Context, q *db.Queries, of Orders) ([]db.DeliveriesOfAllRow, error) {
	if of.CustomerID == "" {
		return q.DeliveriesOfAll(ctx, db.DeliveriesOfAllParams{Oldest: of.Oldest, Newest: of.Newest})
	}
	own, err := q.DeliveriesOfCustomer(ctx, db.DeliveriesOfCustomerParams(of))
	rows := make([]db.DeliveriesOfAllRow, 0, len(own))
	for _, row := range own {
		rows = append(rows, db.DeliveriesOfAllRow(row))
	}
	return rows, err
}

func (s *Services) showDelivery(row db.DeliveriesOfAllRow) (Delivery, error) {
	d := Delivery{
		ID: row.ID, Domain: row.Domain, State: row.State, Code: row.CauseCode,
		Task: task.State(row.TaskState), Started: row.Attempts > 0,
	}
	if err := json.Unmarshal([]byte(row.CauseFields), &d.Fields); err != nil {
		return d, fmt.Errorf("fields of delivery %s: %w", row.ID, err)
	}
	switch row.State {
	case DeliveryActionRequired:
		d.MendBy = row.ActionAt.Add(s.Mending).Time()
	case DeliveryDelivered:
		d.ServiceID = row.ServiceID
	}
	return d, nil
}

// Holds says whether a customer has a name here: registered or moved here for them.
func (s *Services) Holds(ctx context.Context, q *db.Queries, name, customerID string) (bool, error) {
	live, err := q.ServicesLiveByName(ctx, db.ServicesLiveByNameParams{Name: name, Kind: KindDomain})
	if err != nil {
		return false, fmt.Errorf("live services of %s: %w", name, err)
	}
	return slices.ContainsFunc(live, func(svc db.ServicesLiveByNameRow) bool { return svc.CustomerID == customerID }), nil
}

// InUse says whether what a line would deliver is here already: a live service for
// the name.
func (s *Services) InUse(ctx context.Context, q *db.Queries, kind, domain string) (bool, error) {
	of := KindDomain
	if isHosting(kind) {
		of = KindHosting
	}
	live, err := q.ServicesLiveByName(ctx, db.ServicesLiveByNameParams{Name: domain, Kind: of})
	if err != nil {
		return false, fmt.Errorf("live services of %s: %w", domain, err)
	}
	return len(live) > 0, nil
}
