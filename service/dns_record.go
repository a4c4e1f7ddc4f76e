package service

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"hostfront/fault"
	"hostfront/upstream"
)

// sorted is the records in one order, whatever the upstream's.
func sorted(records []upstream.Record) []upstream.Record {
	out := slices.Clone(records)
	slices.SortStableFunc(out, func(a, b upstream.Record) int { return strings.Compare(lineOfZone(a), lineOfZone(b)) })
	return out
}

func lineOfZone(r upstream.Record) string {
	priority := int64(-1)
	if r.Priority != nil {
		priority = *r.Priority
	}
	return fmt.Sprintf("%s\x00%s\x00%s\x00%d\x00%d", strings.ToLower(r.Name), r.Type, r.Content, r.TTL, priority)
}

func version(records []upstream.Record) string {
	sum := sha256.New()
	for _, r := range sorted(records) {
		sum.Write([]byte(lineOfZone(r)))
		sum.Write([]byte{1})
	}
	return hex.EncodeToString(sum.Sum(nil))[:32]
}

// checkRecords names what cannot be in a zone: the types that are managed, the range
// of a TTL, a priority where one belongs.
func checkRecords(records []upstream.Record) []fault.Field {
	managed := []string{"A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA"}
	var fields []fault.Field
	refuse := func(i int, name, code, message string) {
		fields = append(fields, fault.Field{Name: fmt.Sprintf("records[%d].%s", i, name), Code: code, Message: message})
	}
	for i, r := range records {
		needsPriority := r.Type == "MX" || r.Type == "SRV"
		switch {
		case !slices.Contains(managed, r.Type):
			refuse(i, "type", "invalid_type", "One of "+strings.Join(managed, ", ")+".")
		case r.Name == "" || r.Content == "":
			refuse(i, "content", "required", "A record has a name (@ is the domain itself) and a content.")
		case r.TTL < 60 || r.TTL > 86400:
			refuse(i, "ttl", "out_of_range", "60 to 86400 seconds.")
		case needsPriority && (r.Priority == nil || *r.Priority < 0 || *r.Priority > 65535):
			refuse(i, "prio", "required", "MX and SRV have a priority of 0 to 65535.")
		case !needsPriority && r.Priority != nil:
			refuse(i, "prio", "not_applicable", "Only MX and SRV have a priority.")
		}
	}
	return fields
}
