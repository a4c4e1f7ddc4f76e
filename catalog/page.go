package catalog

import (
	"strings"
)

// The number of items on a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// ProductFilter narrows the products; empty fields do not.
type ProductFilter struct {
	Category, Kind string
	// Query is looked for in name, category and description, in any case.
	Query string
}

// TLDFilter narrows the TLDs; Query is part of a TLD, in either script.
type TLDFilter struct{ Query string }

// Page is one page of a list as bytes ready to be sent. None of them may be changed.
type Page struct {
	// Body is {"items":[…],"next_cursor":"…" or null}.
	Body []byte
	// ETag is a strong tag of Body, in quotes.
	ETag string
	// Gzip and Brotli are Body compressed, or nil: then send Body.
	Gzip, Brotli []byte
}

// ProductsPage is a page of the products on sale; limit 0 is the default. The
// errors are faults about the fields cursor and limit.
func (s *Snapshot) ProductsPage(f ProductFilter, cursor string, limit int) (Page, error) {
	return s.productList.page(f.filter(), cursor, limit)
}

// TLDsPage is a page of the TLDs on sale; limit 0 is the default. The errors are
// faults about the fields cursor and limit.
func (s *Snapshot) TLDsPage(f TLDFilter, cursor string, limit int) (Page, error) {
	return s.tldList.page(f.filter(), cursor, limit)
}

// CheckCursor says whether a page of the filter may have given the cursor. Fault:
// invalid_cursor.
func (f ProductFilter) CheckCursor(cursor string) error {
	_, err := f.filter().place(cursor)
	return err
}

// CheckCursor says whether a page of the filter may have given the cursor. Fault:
// invalid_cursor.
func (f TLDFilter) CheckCursor(cursor string) error {
	_, err := f.filter().place(cursor)
	return err
}

func (f ProductFilter) filter() filter {
	return filter{listProducts, pageKey{kind: f.Kind, category: f.Category}, strings.ToLower(strings.TrimSpace(f.Query))}
}

func (f TLDFilter) filter() filter {
	return filter{listTLDs, pageKey{}, strings.ToLower(strings.Trim(strings.TrimSpace(f.Query), "."))}
}
