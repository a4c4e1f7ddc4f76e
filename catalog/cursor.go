package catalog

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"hostfront/fault"
)

// The lists that pages are of.
const (
	listProducts = "products"
	listTLDs     = "tlds"
)

// filter narrows a list.
type filter struct {
	list string
	pageKey
	// query is in lower case.
	query string
}

// rank is how well an entry fits a query, the best first.
type rank byte

const (
	exact   rank = iota // it is called so
	begins              // it is called something that begins so
	within              // it has it somewhere in its text
	without             // it does not fit
)

// worst is the last rank that a page of the filter may hold.
func (f filter) worst() rank {
	if f.query == "" {
		return exact
	}
	return within
}

// place is where a page ended: behind the entry with this key among those of the rank.
// It stays good when the entry is gone. The zero place is the beginning.
type place struct {
	rank rank
	key  string
}

// sumSize is how much of its sum a cursor carries, in bytes.
const sumSize = 6

// cursor is a place as clients hand it back, bound to the list and the filter that it was
// made for: one that no page gave is told from one that is old.
func (f filter) cursor(p place) string {
	return base64.RawURLEncoding.EncodeToString([]byte(f.sum(p) + string(rune('0'+p.rank)) + p.key))
}

// place reads a cursor; the empty one is the beginning. Fault: invalid_cursor.
func (f filter) place(cursor string) (place, error) {
	if cursor == "" {
		return place{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) <= sumSize+1 {
		return place{}, fault.BadCursor()
	}
	p := place{rank(raw[sumSize] - '0'), string(raw[sumSize+1:])}
	if p.rank > f.worst() || f.sum(p) != string(raw[:sumSize]) {
		return place{}, fault.BadCursor()
	}
	return p, nil
}

func (f filter) sum(p place) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.list, f.kind, f.category, f.query, string(rune('0' + p.rank)), p.key}, "\x00")))
	return string(sum[:sumSize])
}
