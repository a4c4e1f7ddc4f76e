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

// recordTypes are those that are managed; NS and SOA are the upstream's.
func recordTypes() []string { return []string{"A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA"} }

// checkRecords names what cannot be in the zone of a domain, record by record: by its type, its
// name and content, the range of its TTL, a priority where one belongs, and a CNAME that is not
// alone.
func checkRecords(domain string, records []upstream.Record) []fault.Field {
	var fields []fault.Field
	sharing := sharers(records)
	for i, r := range records {
		for _, wrong := range checkRecord(domain, r, sharing[strings.ToLower(r.Name)]) {
			wrong.Name = fmt.Sprintf("records[%d].%s", i, wrong.Name)
			fields = append(fields, wrong)
		}
	}
	return fields
}

// checkRecord names what is wrong with a record whose name so many records share, itself included.
func checkRecord(domain string, r upstream.Record, sharing int) (fields []fault.Field) {
	refuse := func(wrong bool, name, code, message string) {
		if wrong {
			fields = append(fields, fault.Field{Name: name, Code: code, Message: message})
		}
	}
	if !slices.Contains(recordTypes(), r.Type) {
		return []fault.Field{{Name: "type", Code: "invalid_type", Message: "One of " + strings.Join(recordTypes(), ", ") + "."}}
	}
	rule := contentOf(r.Type)
	refuse(r.Name == "", "name", "required", "A record has a name; @ is the domain itself.")
	refuse(r.Name != "" && !isRecordName(r.Name, domain), "name", "name_invalid",
		"Give a name relative to the domain, such as www, of letters, digits, hyphens and underscores; @ is the domain itself, * the wildcard.")
	refuse(r.Content == "", "content", "required", rule.told)
	refuse(r.Content != "" && !rule.holds(r.Content), "content", "invalid", rule.told)
	refuse(r.TTL < 60 || r.TTL > 86400, "ttl", "out_of_range", "60 to 86400 seconds.")
	prioritised := r.Type == "MX" || r.Type == "SRV"
	refuse(prioritised && (r.Priority == nil || *r.Priority < 0 || *r.Priority > 65535), "prio", "required", "MX and SRV have a priority of 0 to 65535.")
	refuse(!prioritised && r.Priority != nil, "prio", "not_applicable", "Only MX and SRV have a priority.")
	refuse(r.Type == "CNAME" && r.Name == apex, "name", "cname_at_apex", "The domain itself cannot be a CNAME; give it A and AAAA records.")
	refuse(r.Type == "CNAME" && r.Name != apex && sharing > 1, "name", "cname_not_alone", "A CNAME is the only record of its name.")
	return fields
}
