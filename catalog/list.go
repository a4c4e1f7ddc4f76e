package catalog

import (
	"crypto/sha256"
	"encoding/base64"
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
	// text is what a query is looked for in, in lower case.
	text string
	json []byte
}

// list is the items of a kind in their order, and its hot pages: the first of the
// whole list, of each kind and of each category.
type list struct {
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

func newList(entries []entry) list {
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	l := list{entries: entries, hot: map[pageKey]*hotPage{}}
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
	body := l.render(key, "", 0, DefaultLimit)
	l.hot[key] = &hotPage{body: body, etag: etagOf(body)}
}

func (l *list) page(key pageKey, query, cursor string, limit int) (Page, error) {
	if limit == 0 {
		limit = DefaultLimit
	}
	if limit < 1 || limit > MaxLimit {
		return Page{}, fault.InvalidField("limit", "out_of_range", "Between 1 and %d.", MaxLimit)
	}
	if query == "" && cursor == "" && limit == DefaultLimit {
		if hot := l.hot[key]; hot != nil {
			return hot.page(), nil
		}
	}
	start, err := l.after(cursor)
	if err != nil {
		return Page{}, err
	}
	body := l.render(key, query, start, limit)
	return Page{Body: body, ETag: etagOf(body)}, nil
}

func (h *hotPage) page() Page {
	p := Page{Body: h.body, ETag: h.etag}
	if e := h.encoded.Load(); e != nil {
		p.Gzip, p.Brotli = e.gzip, e.brotli
	}
	return p
}

// after is the index of the first entry behind a cursor. The cursor holds a place in
// the order, so it stays good when the item it was made at is gone.
func (l *list) after(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	key, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, fault.InvalidField("cursor", "invalid", "Take the cursor from next_cursor, unchanged.")
	}
	at, found := slices.BinarySearchFunc(l.entries, string(key), func(e entry, key string) int {
		return strings.Compare(e.key, key)
	})
	if found {
		at++
	}
	return at, nil
}

func (l *list) render(key pageKey, query string, start, limit int) []byte {
	body := make([]byte, 0, 1024)
	body = append(body, `{"items":[`...)
	taken, last := 0, ""
	for i := start; i < len(l.entries); i++ {
		e := &l.entries[i]
		if !e.matches(key, query) {
			continue
		}
		if taken == limit {
			return closePage(body, last)
		}
		if taken == 0 {
			body = slices.Grow(body, min(limit, len(l.entries)-i)*(len(e.json)+64))
		} else {
			body = append(body, ',')
		}
		body = append(body, e.json...)
		taken, last = taken+1, e.key
	}
	return closePage(body, "")
}

func (e *entry) matches(key pageKey, query string) bool {
	return (key.kind == "" || key.kind == e.kind) && (key.category == "" || key.category == e.category) &&
		(query == "" || strings.Contains(e.text, query))
}

func closePage(body []byte, last string) []byte {
	if last == "" {
		return append(body, `],"next_cursor":null}`...)
	}
	body = append(body, `],"next_cursor":"`...)
	body = base64.RawURLEncoding.AppendEncode(body, []byte(last))
	return append(body, `"}`...)
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}
