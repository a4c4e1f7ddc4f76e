package service

import (
	"context"

	"hostfront/db"
	"hostfront/fault"
)

// actions lists what this service's upstream can do with it now.
func (s *Services) actions(r db.Service) []string {
	actions := []string{}
	a, known := s.adapters[r.Upstream]
	if !known || r.State != StateActive {
		return actions
	}
	add := func(can bool, action string) {
		if can {
			actions = append(actions, action)
		}
	}
	add(r.Kind == KindHosting && r.SiteID != "" && a.signOn != nil, ActionLogin)
	add(r.Kind == KindHosting && r.SiteID != "" && a.sites != nil, ActionUsage)
	add(r.Kind == KindDomain && a.zones != nil, ActionDNS)
	add(r.Kind == KindDomain && a.zones != nil && !r.ZoneManaged, ActionReplaceDNS)
	add(r.Kind == KindDomain && a.domains != nil, ActionAuthCode)
	add(r.Kind == KindDomain && a.domains != nil, ActionNameservers)
	return actions
}

// can finds a service for an action, or says that the action is not there.
func (s *Services) can(ctx context.Context, customerID, id, action string) (db.Service, *adapter, error) {
	row, err := s.own(ctx, customerID, id)
	if err != nil {
		return row, nil, err
	}
	for _, a := range s.actions(row) {
		if a == action {
			return row, s.adapters[row.Upstream], nil
		}
	}
	return row, nil, fault.New(fault.Conflict, "action_not_available", "This is not available for this service.")
}
