package catalog_test

import (
	"encoding/json"
	"testing"

	"hostfront/catalog"
	"hostfront/fault"
)

// FuzzCursor: a page behind any cursor is a page, or the cursor is named as what is wrong;
// and who follows next_cursor comes to an end.
func FuzzCursor(f *testing.F) {
	s := stocked(f, 30, 30)
	for _, seed := range []string{"", "!", "AA", "====", "_-", "bmw", "////", "\x00", "bmwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		f.Add(seed, 7)
		f.Add(seed, -1)
		f.Add(seed, 1<<30)
	}
	f.Fuzz(func(t *testing.T, cursor string, limit int) {
		steps := 0
		for cursor := cursor; ; steps++ {
			page, err := s.Snapshot().TLDsPage(catalog.TLDFilter{}, cursor, limit)
			if err != nil {
				if _, known := fault.As(err); !known || steps > 0 {
					t.Fatalf("cursor %q, limit %d, page %d: %v", cursor, limit, steps, err)
				}
				return
			}
			var read struct {
				Items []json.RawMessage `json:"items"`
				Next  *string           `json:"next_cursor"`
			}
			if err := json.Unmarshal(page.Body, &read); err != nil {
				t.Fatalf("cursor %q: %v in %s", cursor, err, page.Body)
			}
			if read.Next == nil {
				return
			}
			if cursor = *read.Next; steps > 1000 {
				t.Fatalf("following next_cursor has no end: %q", cursor)
			}
		}
	})
}
