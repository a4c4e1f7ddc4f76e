package upstream

import (
	"strings"
	"time"
)

// Deadlines are how many days before a name expires an upstream is told for the last time
// whether it is to be renewed, by TLD without a dot ("eu", "co.uk"); the empty TLD holds for
// all that are not named, and DefaultDeadline where nothing does. They are the operator's to
// say: LJPc documents none.
type Deadlines map[string]int

// DefaultDeadline is in days.
const DefaultDeadline = 14

// Of is how long before its expiry a name's renewal must be decided. The longest TLD that
// the name ends with counts.
func (d Deadlines) Of(name string) time.Duration {
	_, tld, is := strings.Cut(name, ".")
	for ; is; _, tld, is = strings.Cut(tld, ".") {
		if days, said := d[tld]; said {
			return time.Duration(days) * day
		}
	}
	if days := d[""]; days > 0 {
		return time.Duration(days) * day
	}
	return DefaultDeadline * day
}

// ByTLD is true where a TLD has a deadline of its own.
func (d Deadlines) ByTLD() bool {
	_, all := d[""]
	return len(d) > 1 || len(d) == 1 && !all
}

const day = 24 * time.Hour
