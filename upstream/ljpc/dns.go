package ljpc

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"hostfront/fault"
	"hostfront/upstream"
)

// The limits that the document puts on a record.
const (
	minTTL = 60
	maxTTL = 86400
)

// sourceManual is the document's source of a zone that PUT made and may replace.
const sourceManual = "manual"

var managedTypes = []string{"A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA"}

func zonePath(domain string) string { return pathZones + url.PathEscape(domain) + "/records" }

// Zone reads the managed records of an owned domain. LJPc answers 404 for a
// domain that has no zone yet: the empty zone.
func (c *Client) Zone(ctx context.Context, domain string) (upstream.Zone, error) {
	call := get(OpZone, zonePath(domain), nil)
	data, err := c.ask(ctx, call)
	if errors.Is(err, upstream.ErrNotFound) {
		c.permitted(ctx, OpZone, nil)
		return upstream.Zone{Domain: domain}, nil
	}
	if err != nil {
		return upstream.Zone{}, err
	}
	zone, err := readZone(data)
	if err != nil {
		return upstream.Zone{}, c.http.Unreadable(call, err)
	}
	return zone, nil
}

func readZone(data any) (upstream.Zone, error) {
	o := asObject(data)
	if !o.has(fieldRecords) {
		return upstream.Zone{}, errors.New("no records in the answer")
	}
	v, _ := o.find(fieldRecords)
	entries, err := listOf(v, fieldRecords)
	if err != nil {
		return upstream.Zone{}, err
	}
	about := o.inner(fieldZone)
	zone := upstream.Zone{Domain: about.text(fieldDomain), Source: about.text(fieldSource)}
	zone.Managed = zone.Source != "" && zone.Source != sourceManual
	for _, entry := range entries {
		zone.Records = append(zone.Records, readRecord(entry))
	}
	return zone, nil
}

func readRecord(o object) upstream.Record {
	r := upstream.Record{
		Type: o.text(fieldType), Name: o.text(fieldRecordName), Content: o.text(fieldContent),
		Priority: o.integer(fieldPrio),
	}
	if ttl := o.integer(fieldTTL); ttl != nil {
		r.TTL = *ttl
	}
	return r
}

// ReplaceZone puts exactly these records in place of the managed ones; none at
// all clears the zone. What the document rules out is refused before it is sent.
func (c *Client) ReplaceZone(ctx context.Context, domain string, records []upstream.Record) (bool, error) {
	written := make([]map[string]any, 0, len(records))
	for _, r := range records {
		if problem := recordProblem(r); problem != "" {
			return false, fault.Came(fault.Rejected, "dns_record_invalid", problem).Because(upstream.ErrInvalid)
		}
		written = append(written, writeRecord(r))
	}
	body := map[string]any{fieldRecords.name(): written}
	data, err := c.ask(ctx, change(OpReplaceZone, http.MethodPut, zonePath(domain), body))
	if err != nil {
		return false, err
	}
	return asObject(data).is(fieldSynced), nil
}

func recordProblem(r upstream.Record) string {
	prioritised := r.Type == "MX" || r.Type == "SRV"
	switch {
	case !slices.Contains(managedTypes, r.Type):
		return "record type " + r.Type + " is not managed"
	case r.Name == "" || r.Content == "":
		return "a record needs a name and a content"
	case r.TTL < minTTL || r.TTL > maxTTL:
		return "a TTL is 60 to 86400 seconds"
	case prioritised && r.Priority == nil:
		return r.Type + " needs a priority"
	}
	return ""
}

func writeRecord(r upstream.Record) map[string]any {
	record := map[string]any{
		fieldType.name(): r.Type, fieldRecordName.name(): r.Name, fieldContent.name(): r.Content,
		fieldTTL.name(): r.TTL, fieldPrio.name(): nil,
	}
	if r.Priority != nil && (r.Type == "MX" || r.Type == "SRV") {
		record[fieldPrio.name()] = *r.Priority
	}
	return record
}
