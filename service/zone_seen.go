package service

import (
	"context"
	"fmt"

	"hostfront/db"
)

// zonesALook is how many names of a list are looked at that nobody has looked at yet: the rest
// come with the next reading, and are not said to be replaceable until then.
const zonesALook = 4

// seeUnseen looks at the zones of names in a list that were not seen since they, or hosting of
// theirs, were delivered: whether the customer can replace one is not known before. A look that
// fails is the last, so that a list waits once at most for an upstream that is away.
func (s *Services) seeUnseen(ctx context.Context, rows []db.Service) {
	read, cancel := context.WithTimeout(ctx, usageTimeout)
	defer cancel()
	looked := 0
	for i, row := range rows {
		if row.Kind != KindDomain || row.State != StateActive || row.ZoneAt > 0 {
			continue
		}
		if looked++; looked > zonesALook {
			return
		}
		if rows[i] = s.seeZone(read, row); rows[i].ZoneAt == 0 {
			return
		}
	}
}

// forgetZone: a package with a site takes the zone of its name over, so that what was seen of the
// zone before holds no more.
func (s *Services) forgetZone(ctx context.Context, q *db.Queries, d db.Delivery) error {
	if !hasSite(d) {
		return nil
	}
	if err := q.ServicesForgetZone(ctx, db.ServicesForgetZoneParams{Name: d.Domain, Kind: KindDomain}); err != nil {
		return fmt.Errorf("forget who keeps the zone of %s: %w", d.Domain, err)
	}
	return nil
}
