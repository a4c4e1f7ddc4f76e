package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync/atomic"

	"hostfront/fault"
)

// entry is one item of a list, rendered.
type entry struct {
	id, kind, category string
	// key orders the list and is what a cursor holds.
	key string
	// names are what it is called, and text what a query is looked for in, both in
	// lower case.
	names []string
	text  string
	json  []byte
}

// list is the items of a kind in their order, and its hot pages: the first of the
// whole list, of each kind and of each category.
type list struct {
	name    string
	entries []entry
	hot     map[pageKey]*hotPage
}

type pageKey struct{ kind, category string }

// hotPage is a page rendered beforehand; its encodings follow a little later.
type hotPage struct {
	body    []byte
	etag    string
	encoded atomic.Pointer[encodings]
}

func newList(name string, entries []entry) list {
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	l := list{name: name, entries: entries, hot: map[pageKey]*hotPage{}}
	l.heat(pageKey{})
	for _, e := range entries {
		for _, key := range []pageKey{{kind: e.kind}, {category: e.category}} {
			if l.hot[key] == nil {
				l.heat(key)
			}
		}
	}
	return l
}

func (l *list) heat(key pageKey) {
	body := l.render(filter{list: l.name, pageKey: key}, place{}, DefaultLimit)
	l.hot[key] = &hotPage{body: body, etag: etagOf(body)}
}

// page is the page behind a cursor. A search leads with what is called so exactly, then
// what begins so.
func (l *list) page(f filter, cursor string, limit int) (Page, error) {
	if limit == 0 {
		limit = DefaultLimit
	}
	if limit < 1 || limit > MaxLimit {
		return Page{}, fault.InvalidField("limit", "out_of_range", "Between 1 and %d.", MaxLimit)
	}
	if f.query == "" && cursor == "" && limit == DefaultLimit {
		if hot := l.hot[f.pageKey]; hot != nil {
			return hot.page(), nil
		}
	}
	from, err := f.place(cursor)
	if err != nil {
		return Page{}, err
	}
	body := l.render(f, from, limit)
	return Page{Body: body, ETag: etagOf(body)}, nil
}

func (h *hotPage) page() Page {
	p := Page{Body: h.body, ETag: h.etag}
	if e := h.encoded.Load(); e != nil {
		p.Gzip, p.Brotli = e.gzip, e.brotli
	}
	return p
}

func (l *list) render(f filter, from place, limit int) []byte {
	body := make([]byte, 0, 1024)
	body = append(body, `{"items":[`...)
	taken, last := 0, place{}
	for rank := from.rank; rank <= f.worst(); rank++ {
		for i := l.start(from, rank); i < len(l.entries); i++ {
			e := &l.entries[i]
			if !e.matches(f.pageKey) || e.rank(f.query) != rank {
				continue
			}
			if taken == limit {
				return closePage(body, f.cursor(last))
			}
			if taken == 0 {
				body = slices.Grow(body, min(limit, len(l.entries)-i)*(len(e.json)+64))
			} else {
				body = append(body, ',')
			}
			body = append(body, e.json...)
			taken, last = taken+1, place{rank, e.key}
		}
	}
	return closePage(body, "")
}

// start is the index of the first entry of a rank that may lie behind a place.
func (l *list) start(from place, rank rank) int {
	if from.key == "" || rank > from.rank {
		return 0
	}
	at, found := slices.BinarySearchFunc(l.entries, from.key, func(e entry, key string) int { return strings.Compare(e.key, key) })
	if found {
		at++
	}
	return at
}

func (e *entry) matches(key pageKey) bool {
	return (key.kind == "" || key.kind == e.kind) && (key.category == "" || key.category == e.category)
}

// rank is how well a query fits the entry. Every entry fits no query at all.
func (e *entry) rank(query string) rank {
	switch {
	case query == "" || slices.Contains(e.names, query):
		return exact
	case slices.ContainsFunc(e.names, func(name string) bool { return strings.HasPrefix(name, query) }):
		return begins
	case strings.Contains(e.text, query):
		return within
	}
	return without
}

func closePage(body []byte, cursor string) []byte {
	if cursor == "" {
		return append(body, `],"next_cursor":null}`...)
	}
	body = append(body, `],"next_cursor":"`...)
	body = append(body, cursor...)
	return append(body, `"}`...)
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}
