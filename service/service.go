package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// The kinds of a service.
const (
	KindDomain  = "domain"
	KindHosting = "hosting"
)

// The states of a service.
const (
	StatePending    = "pending"
	StateActive     = "active"
	StateSuspended  = "suspended"
	StateCancelled  = "cancelled"  // ended at the customer's wish
	StateTerminated = "terminated" // gone upstream
	StateFailed     = "failed"
)

// What can be done with a service. One that its upstream cannot do is not listed.
const (
	ActionLogin       = "login"
	ActionUsage       = "usage"
	ActionDNS         = "dns"         // its records can be read
	ActionReplaceDNS  = "replace_dns" // and replaced
	ActionAuthCode    = "auth_code"
	ActionNameservers = "nameservers"
)

// Service is something a customer has.
type Service struct {
	ID, CustomerID, OrderLineID, SubscriptionID string
	// Upstream is for the operator; Kind is domain or hosting; Name is the domain name
	// that it is about, as an A-label.
	Upstream, Kind, Name   string
	ProductID, Description string
	State                  string
	RegistrantID           string
	// SiteID and UpstreamOrder are the upstream's ids, empty when it gave none.
	SiteID, UpstreamOrder string
	// ExpiresAt is a name's expiry as read upstream; zero when it is not known.
	ExpiresAt time.Time
	// LapsesSince is since when a name is left to lapse: it is not renewed. Zero: it is kept.
	LapsesSince time.Time
	// Usage is nil where nothing was measured.
	Usage *Usage
	// ZoneManaged: the upstream's control panel keeps the name's DNS, as it was last
	// seen. It can be read here and is changed there.
	ZoneManaged bool
	// Hold is nil while a name works as it should.
	Hold *Hold
	// Actions is what can be done with it, of the Action constants.
	Actions              []string
	CreatedAt, UpdatedAt time.Time
}

// List gives a customer's services, oldest first, and the cursor of the next page.
// Usage is what was last measured; an upstream is asked for nothing but who keeps the zones of
// names that are new.
func (s *Services) List(ctx context.Context, customerID, cursor string, limit int) ([]Service, string, error) {
	if limit <= 0 || limit > 100 {
		limit = 50
	}
	rows, err := s.Store.Read().ServicesByCustomer(ctx, db.ServicesByCustomerParams{
		CustomerID: customerID, After: cursor, MaxRows: int64(limit) + 1,
	})
	if err != nil {
		return nil, "", fmt.Errorf("list services of %s: %w", customerID, err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	s.seeUnseen(ctx, rows)
	services := make([]Service, 0, len(rows))
	for _, row := range rows {
		services = append(services, s.show(row))
	}
	return services, next, withHolds(ctx, s.Store.Read(), customerID, services)
}

// Get reads one service of a customer, with a fresh usage and a fresh word on who keeps
// its zone where the upstream answers at once, and the last ones where it does not.
func (s *Services) Get(ctx context.Context, customerID, id string) (Service, error) {
	row, err := s.own(ctx, customerID, id)
	if err != nil {
		return Service{}, err
	}
	shown := []Service{s.show(s.measure(ctx, s.seeZone(ctx, row)))}
	err = withHolds(ctx, s.Store.Read(), customerID, shown)
	return shown[0], err
}

// ByID reads any service, for staff.
func (s *Services) ByID(ctx context.Context, q *db.Queries, id string) (Service, error) {
	row, err := q.ServiceByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Service{}, missing(id)
	}
	if err != nil {
		return Service{}, fmt.Errorf("read service %s: %w", id, err)
	}
	return s.show(row), nil
}

// own reads a service that is the customer's; another's is not there.
func (s *Services) own(ctx context.Context, customerID, id string) (db.Service, error) {
	row, err := s.Store.Read().ServiceByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && row.CustomerID != customerID) {
		return db.Service{}, missing(id)
	}
	if err != nil {
		return db.Service{}, fmt.Errorf("read service %s: %w", id, err)
	}
	return row, nil
}

func missing(id string) error { return fault.Missing("service", id) }

func (s *Services) show(r db.Service) Service {
	return Service{
		ID: r.ID, CustomerID: r.CustomerID, OrderLineID: r.OrderLineID, SubscriptionID: r.SubscriptionID,
		Upstream: r.Upstream, Kind: r.Kind, Name: r.Name, ProductID: r.ProductID, Description: r.Description,
		State: r.State, RegistrantID: r.RegistrantID, SiteID: r.SiteID, UpstreamOrder: r.UpstreamOrder,
		ExpiresAt: r.ExpiresAt.Time(), LapsesSince: r.LapseAt.Time(), Usage: s.usageOf(r), ZoneManaged: r.ZoneManaged, Actions: s.actions(r),
		CreatedAt: r.CreatedAt.Time(), UpdatedAt: r.UpdatedAt.Time(),
	}
}
