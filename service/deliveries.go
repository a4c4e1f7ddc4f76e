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

// Deliveries reads how the lines of an order stand, by the lines' ids.
func (s *Services) Deliveries(ctx context.Context, q *db.Queries, orderID string) (map[string]Delivery, error) {
	rows, err := q.DeliveriesByOrder(ctx, orderID)
	if err != nil {
		return nil, fmt.Errorf("read the deliveries of order %s: %w", orderID, err)
	}
	deliveries := make(map[string]Delivery, len(rows))
	for _, row := range rows {
		d, err := s.showDelivery(ctx, q, row)
		if err != nil {
			return nil, err
		}
		deliveries[row.ID] = d
	}
	return deliveries, nil
}

func (s *Services) showDelivery(ctx context.Context, q *db.Queries, row db.Delivery) (Delivery, error) {
	d := Delivery{ID: row.ID, Domain: row.Domain, State: row.State, Code: row.CauseCode}
	if err := json.Unmarshal([]byte(row.CauseFields), &d.Fields); err != nil {
		return d, fmt.Errorf("fields of delivery %s: %w", row.ID, err)
	}
	t, err := s.Tasks.Get(ctx, q, row.TaskID)
	if err != nil {
		return d, fmt.Errorf("task of delivery %s: %w", row.ID, err)
	}
	d.Task, d.Started = t.State, t.Attempts > 0
	if row.State == DeliveryActionRequired {
		d.MendBy = row.ActionAt.Add(s.Mending).Time()
	}
	if row.State != DeliveryDelivered {
		return d, nil
	}
	svc, found, err := s.ByOrderLine(ctx, q, row.ID)
	if err != nil {
		return d, err
	}
	if found {
		d.ServiceID = svc.ID
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
