package catalog

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"hostfront/fault"
)

// Why a name cannot be registered, as Availability.Reason and as the member
// "reason" of a name_invalid fault.
const (
	ReasonInvalid    = "name_invalid"         // a bad label, a character that no name has
	ReasonTooLong    = "name_too_long"        // a label over 63 or a name over 253 octets
	ReasonSuffix     = "name_is_a_suffix"     // "nl" or "co.uk" itself
	ReasonSubdomain  = "name_is_a_subdomain"  // "www.example.nl"
	ReasonNotSold    = "tld_not_sold"         // the shop has no price for the TLD
	ReasonPremium    = "premium_not_sold"     // a premium name without a rule for such names
	ReasonUpstream   = "not_sold_by_upstream" // the upstream does not sell this one name
	ReasonUnanswered = "upstream_unavailable" // the upstream is away or did not say
)

// maxName is the length of a domain name in octets, RFC 1035, without the root.
const maxName = 253

// names maps what people type (upper case, full-width dots, umlauts) to
// A-labels, by the rules of UTS 46 without its transitional ones.
var names = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false),
	idna.StrictDomainName(true), idna.CheckHyphens(true), idna.CheckJoiners(true), idna.VerifyDNSLength(true))

// NormalizeDomain reads a domain name that a person typed, in letters of any
// script, and gives the name to register as lower-case A-labels with the public
// suffix it stands under. The error is a fault with code "name_invalid" and the
// member "reason" (see the Reason constants); no upstream was asked.
func NormalizeDomain(name string) (ascii, tld string, err error) {
	ascii, err = toASCII(name)
	if err != nil {
		return "", "", err
	}
	tld, _ = publicsuffix.PublicSuffix(ascii)
	label, isBelow := strings.CutSuffix(ascii, "."+tld)
	switch {
	case !isBelow:
		return "", "", invalidName(ReasonSuffix, "%s is a suffix under which names are registered, not a name.", Display(ascii))
	case strings.Contains(label, "."):
		return "", "", invalidName(ReasonSubdomain, "%s is below another name; only %s can be registered.",
			Display(ascii), Display(label[strings.LastIndexByte(label, '.')+1:]+"."+tld))
	}
	return ascii, tld, nil
}

// Display is an A-label name as people read it: "xn--bcher-kva.nl" is
// "bücher.nl". What cannot be shown safely stays as it is.
func Display(ascii string) string {
	if !strings.Contains(ascii, "xn--") {
		return ascii
	}
	shown, err := names.ToUnicode(ascii)
	if err != nil {
		return ascii
	}
	return shown
}

func toASCII(name string) (string, error) {
	trimmed := strings.TrimSuffix(strings.TrimSpace(name), ".")
	if len(trimmed) > 4*maxName {
		return "", invalidName(ReasonTooLong, "A domain name has at most %d characters.", maxName)
	}
	if !utf8.ValidString(trimmed) {
		return "", invalidName(ReasonInvalid, "This is not a domain name: it is not even text.")
	}
	ascii, err := names.ToASCII(trimmed)
	switch {
	case len(ascii) > maxName || longestLabel(ascii) > 63:
		return "", invalidName(ReasonTooLong, "A domain name has at most %d characters, and 63 between two dots.", maxName)
	case err != nil, ascii == "", strings.HasPrefix(ascii, "."), strings.HasSuffix(ascii, "."):
		return "", invalidName(ReasonInvalid, "This is not a domain name: letters, digits and hyphens between dots, a hyphen never first or last.")
	case isAddress(ascii):
		return "", invalidName(ReasonInvalid, "This is an address, not a domain name.")
	}
	return ascii, nil
}

func longestLabel(ascii string) int {
	longest := 0
	for label := range strings.SplitSeq(ascii, ".") {
		longest = max(longest, len(label))
	}
	return longest
}

// behindDot is a name without its first label.
func behindDot(ascii string) string {
	_, rest, _ := strings.Cut(ascii, ".")
	return rest
}

// isAddress is true for "192.0.2.1": no top-level domain is a number.
func isAddress(ascii string) bool {
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	return strings.Trim(last, "0123456789") == ""
}

func invalidName(reason, format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "name_invalid", format, args...).With("reason", reason)
}

// reasonOf is why a name was refused.
func reasonOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		if reason, ok := e.Extra["reason"].(string); ok {
			return reason
		}
		return e.Code
	}
	return ReasonInvalid
}
