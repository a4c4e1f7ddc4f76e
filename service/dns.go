package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// Zone is the DNS of a name. Version changes with its content: a replace that names
// it is refused when somebody else has changed the zone since.
type Zone struct {
	Domain  string
	Records []upstream.Record
	Version string
	// Managed: the upstream's control panel keeps it; a replace is refused.
	Managed bool
}

// Zone reads the DNS of a customer's name.
func (s *Services) Zone(ctx context.Context, customerID, id string) (Zone, error) {
	row, a, err := s.can(ctx, customerID, id, ActionDNS)
	if err != nil {
		return Zone{}, err
	}
	z, err := a.zones.Zone(ctx, row.Name)
	if err != nil {
		return Zone{}, degraded(err)
	}
	s.keepZone(ctx, row, z.Managed)
	return Zone{Domain: row.Name, Records: sorted(z.Records), Version: version(z.Records), Managed: z.Managed}, nil
}

// seeZone asks the upstream who keeps the zone of a name, when that was not seen lately and the
// key is not known to be refused it.
// Whatever goes wrong leaves what was seen last.
func (s *Services) seeZone(ctx context.Context, row db.Service) db.Service {
	a := s.adapters[row.Upstream]
	fresh := row.ZoneAt > 0 && s.now() < row.ZoneAt.Add(usageFresh)
	if a == nil || a.zones == nil || row.Kind != KindDomain || row.State != StateActive || fresh || !a.may(upstream.FeatureDNS) {
		return row
	}
	read, cancel := context.WithTimeout(ctx, usageTimeout)
	defer cancel()
	z, err := a.zones.Zone(read, row.Name)
	if err != nil {
		if !errors.Is(err, upstream.ErrForbidden) {
			s.Log.Warn("zone not read", "service", row.ID, "error", err)
		}
		return row
	}
	return s.keepZone(ctx, row, z.Managed)
}

// keepZone remembers who keeps the zone of a name, as it was seen just now.
func (s *Services) keepZone(ctx context.Context, row db.Service, managed bool) db.Service {
	row.ZoneManaged, row.ZoneAt = managed, s.now()
	err := s.Store.Tx(ctx, func(q *db.Queries) error {
		return q.ServiceSetZone(ctx, db.ServiceSetZoneParams{ID: row.ID, ZoneManaged: managed, ZoneAt: row.ZoneAt})
	})
	if err != nil {
		s.Log.Warn("who keeps a zone not kept", "service", row.ID, "error", err)
	}
	return row
}

// Replacement puts a whole new set of records in the place of the old.
type Replacement struct {
	Records []upstream.Record
	// Version is the one that was read; empty replaces whatever is there.
	Version string
}

// Replaced is what came of a replacement.
type Replaced struct {
	// Synced: the change reached the name servers; false is normal until the name
	// delegates to them.
	Synced bool
	// Pending: the answer has not come yet; the task goes on by itself.
	Pending bool
}

type zonePayload struct {
	ServiceID string            `json:"service_id"`
	Records   []upstream.Record `json:"records"`
	Version   string            `json:"version,omitempty"`
}

type zoneResult struct {
	Synced bool `json:"synced"`
}

// ReplaceZone replaces the DNS of a customer's name and waits for the answer. Faults:
// zone_changed when Version is not the present one any more, zone_managed for a zone
// that the control panel keeps, feature_unavailable when the key may not do it.
func (s *Services) ReplaceZone(ctx context.Context, customerID, id string, r Replacement) (Replaced, error) {
	row, _, err := s.can(ctx, customerID, id, ActionDNS)
	if err != nil {
		return Replaced{}, err
	}
	if fields := checkRecords(row.Name, r.Records); len(fields) > 0 {
		return Replaced{}, fault.InvalidFields(fields...)
	}
	t, err := s.runNow(ctx, task.Params{
		Kind: KindDNSReplace, Subject: "dns:" + row.ID, Payload: zonePayload{ServiceID: row.ID, Records: r.Records, Version: r.Version},
	})
	if err != nil {
		return Replaced{}, err
	}
	var result zoneResult
	if len(t.Result) > 0 {
		if err := json.Unmarshal(t.Result, &result); err != nil {
			return Replaced{}, fmt.Errorf("result of task %s: %w", t.ID, err)
		}
	}
	return Replaced{Synced: result.Synced, Pending: !t.State.Finished()}, nil
}

// dnsReplace writes a whole zone. Tasks of one zone run one after the other (a
// renewal that waits for weeks is another subject), and each compares the zone with the one it was made from, so that two editors do not
// lose each other's records.
func (s *Services) dnsReplace(queue string) task.Kind {
	return task.Kind{Name: KindDNSReplace, Queue: queue, Idempotent: true, Do: s.replaceZone}
}

func (s *Services) replaceZone(ctx context.Context, t task.Task) (task.Progress, error) {
	var p zonePayload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return task.Progress{}, fault.Came(fault.Rejected, "payload", "").Because(err)
	}
	row, a, err := s.serviceOfTask(ctx, p.ServiceID)
	if err != nil {
		return task.Progress{}, err
	}
	if a.zones == nil {
		return task.Progress{}, fault.Came(fault.Rejected, "capability_missing", "")
	}
	if p.Version != "" {
		now, err := a.zones.Zone(ctx, row.Name)
		if err != nil {
			return task.Progress{}, unpermitted(err)
		}
		// What a former try of this very task wrote is not somebody else's change.
		if v := version(now.Records); v != p.Version && v != version(p.Records) {
			return task.Progress{}, fault.Came(fault.Rejected, "zone_changed", "the zone was changed meanwhile")
		}
	}
	task.Note(ctx, "records", len(p.Records))
	synced, err := a.zones.ReplaceZone(ctx, row.Name, p.Records)
	if errors.Is(err, upstream.ErrConflict) {
		s.keepZone(ctx, row, true)
		return task.Progress{}, fault.Came(fault.Rejected, "zone_managed", "the control panel keeps this zone").Because(err)
	}
	if err != nil {
		return task.Progress{}, unpermitted(err)
	}
	return task.Progress{Result: zoneResult{synced}}, nil
}
