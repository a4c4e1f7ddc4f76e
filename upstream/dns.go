package upstream

import "context"

// DNSZones is an upstream that keeps the DNS of its names.
type DNSZones interface {
	// Zone reads a zone. A name without one gives the empty Zone and no error.
	Zone(ctx context.Context, domain string) (Zone, error)
	// ReplaceZone puts exactly these records in place of all managed ones; NS records
	// are kept by the upstream. Synced false is normal until the name delegates to the
	// upstream's nameservers. A zone that the control panel manages is ErrConflict.
	ReplaceZone(ctx context.Context, domain string, records []Record) (synced bool, err error)
}

// Zone is the DNS of a domain. Source is the upstream's word for who manages it.
type Zone struct {
	Domain, Source string
	// Managed: the upstream's control panel keeps it, it cannot be replaced here.
	Managed bool
	Records []Record
}

// Record is one DNS record. Name is relative to the zone, "@" is the apex.
type Record struct {
	Type, Name, Content string
	// TTL is in seconds, 60 to 86400.
	TTL int64
	// Priority is for MX and SRV only, nil otherwise.
	Priority *int64
}
