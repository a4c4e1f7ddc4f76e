package service

import (
	"context"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/upstream"
)

// features are what the actions need of the upstream's key.
var features = map[string]upstream.Feature{
	ActionUsage: upstream.FeatureUsage, ActionDNS: upstream.FeatureDNS, ActionReplaceDNS: upstream.FeatureDNS,
	ActionAuthCode: upstream.FeatureAuthCode, ActionNameservers: upstream.FeatureNameservers,
}

// actions lists what can be done with this service now: what its upstream can do, but for what
// the key is known to have no permission for.
func (s *Services) actions(r db.Service) []string {
	a := s.adapters[r.Upstream]
	return slices.DeleteFunc(s.capable(r), func(action string) bool {
		f, limited := features[action]
		return limited && !a.may(f)
	})
}

// capable lists what this service's upstream can do with it.
func (s *Services) capable(r db.Service) []string {
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
	add(r.Kind == KindDomain && a.zones != nil && r.ZoneAt > 0 && !r.ZoneManaged, ActionReplaceDNS)
	add(r.Kind == KindDomain && a.domains != nil, ActionAuthCode)
	add(r.Kind == KindDomain && a.domains != nil, ActionNameservers)
	return actions
}

// can finds a service for an action, or says that the action is not there. A permission that was
// missing is no reason: the call itself finds out whether it was given meanwhile.
func (s *Services) can(ctx context.Context, customerID, id, action string) (db.Service, *adapter, error) {
	row, err := s.own(ctx, customerID, id)
	if err != nil {
		return row, nil, err
	}
	if slices.Contains(s.capable(row), action) {
		return row, s.adapters[row.Upstream], nil
	}
	return row, nil, fault.New(fault.Conflict, "action_not_available", "This is not available for this service.")
}
