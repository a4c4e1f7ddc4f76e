package service

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"hostfront/upstream"
)

// apex is the name of the zone itself.
const apex = "@"

// contentRule is what the content of a type of record must be, and how that is said.
type contentRule struct {
	holds func(content string) bool
	told  string
}

// contentOf is the rule of a type; a type without one takes any text in one line.
func contentOf(recordType string) contentRule {
	switch recordType {
	case "A":
		return contentRule{isIPv4, "Give an IPv4 address, such as 192.0.2.1."}
	case "AAAA":
		return contentRule{isIPv6, "Give an IPv6 address, such as 2001:db8::1."}
	case "CNAME":
		return contentRule{isTarget, "Give the name of a host, such as www.example.com."}
	case "MX":
		return contentRule{isTargetOrNone, "Give the name of a mail server, such as mail.example.com, or a single dot for none."}
	case "SRV":
		return contentRule{isService, `Give weight, port and host, such as "5 5060 sip.example.com".`}
	case "CAA":
		return contentRule{isAuthority, `Give flags, tag and value, such as "0 issue letsencrypt.org".`}
	}
	return contentRule{isLine, "Give text in one line."}
}

func isIPv4(content string) bool {
	address, err := netip.ParseAddr(content)
	return err == nil && address.Is4()
}

func isIPv6(content string) bool {
	address, err := netip.ParseAddr(content)
	return err == nil && address.Is6() && address.Zone() == ""
}

// isTarget says of a name that a record may lead to it: the apex, or labels with or without the
// final dot.
func isTarget(content string) bool {
	return content == apex || isLabels(strings.TrimSuffix(content, "."))
}

// isTargetOrNone lets the root stand for "there is none" (RFC 7505, RFC 2782).
func isTargetOrNone(content string) bool { return content == "." || isTarget(content) }

func isService(content string) bool {
	parts := strings.Split(content, " ")
	return len(parts) == 3 && isNumber(parts[0], 16) && isNumber(parts[1], 16) && isTargetOrNone(parts[2])
}

func isAuthority(content string) bool {
	flags, rest, _ := strings.Cut(content, " ")
	tag, value, found := strings.Cut(rest, " ")
	plain := tag != "" && !strings.ContainsFunc(tag, func(r rune) bool { return !isLetterOrDigit(r) })
	return found && plain && isNumber(flags, 8) && value != "" && isLine(value)
}

func isLine(content string) bool { return !strings.ContainsFunc(content, unicode.IsControl) }

func isNumber(s string, bits int) bool {
	_, err := strconv.ParseUint(s, 10, bits)
	return err == nil && !strings.HasPrefix(s, "+")
}

// isRecordName says of a name that it can stand in a zone: the apex, or labels below it, the
// first of which may be the wildcard.
func isRecordName(name, domain string) bool {
	if name == apex || name == "*" {
		return true
	}
	return isLabels(strings.TrimPrefix(name, "*.")) && len(name)+1+len(domain) <= 253
}

// isLabels says of a name that it is made of labels (RFC 1035, with the underscore of RFC 8552).
// Names in other scripts are in their A-labels: xn--….
func isLabels(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return !isLetterOrDigit(r) && r != '-' && r != '_' }) {
			return false
		}
	}
	return true
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// sharers counts the records of each name: a CNAME shares its own with none (RFC 1034, section 3.6.2).
func sharers(records []upstream.Record) map[string]int {
	count := map[string]int{}
	for _, r := range records {
		count[strings.ToLower(r.Name)]++
	}
	return count
}
