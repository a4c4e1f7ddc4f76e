package catalog_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/andybalholm/brotli"

	"hostfront/catalog"
	"hostfront/fault"
)

type pageBody[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next_cursor"`
}

func decode[T any](t testing.TB, p catalog.Page) pageBody[T] {
	t.Helper()
	var body pageBody[T]
	if err := json.Unmarshal(p.Body, &body); err != nil {
		t.Fatalf("%s: %v", p.Body, err)
	}
	return body
}

// stocked is a shop with many TLDs and products, synced.
func stocked(t testing.TB, products, tlds int) *shop {
	t.Helper()
	s := setup(t)
	for i := range products {
		s.source.product(fmt.Sprintf("p%d", i), fmt.Sprintf("hosting_%dgb", 1+i%7), "2.00", "20.00")
	}
	for i := range tlds {
		s.source.tld(fmt.Sprintf("t%d", i), "8.00")
	}
	s.sync(t)
	return s
}

func TestPagesHoldEveryItemOnceAndInOrder(t *testing.T) {
	t.Parallel()
	s := stocked(t, 120, 130)
	for _, limit := range []int{0, 1, 7, 50, 200} {
		var names []string
		for cursor := ""; ; {
			p, err := s.Snapshot().TLDsPage(catalog.TLDFilter{}, cursor, limit)
			must(t, err)
			body := decode[catalog.TLDView](t, p)
			for _, item := range body.Items {
				names = append(names, item.ASCII)
			}
			if body.Next == nil {
				break
			}
			cursor = *body.Next
		}
		if !slices.IsSorted(names) || len(slices.Compact(names)) != 134 {
			t.Errorf("limit %d: %d TLDs, sorted %v", limit, len(names), slices.IsSorted(names))
		}
	}
	p, err := s.Snapshot().ProductsPage(catalog.ProductFilter{}, "", 200)
	must(t, err)
	var categories []string
	for _, item := range decode[catalog.ProductView](t, p).Items {
		categories = append(categories, item.Category)
	}
	if got := slices.Compact(categories); len(got) != 8 || got[7] != "hosting_10gb" {
		t.Errorf("categories in the order %v, want them as people count", got)
	}
}

func TestCursorOutlivesTheItemItWasMadeAt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	first, err := s.Snapshot().TLDsPage(catalog.TLDFilter{}, "", 2)
	must(t, err)
	body := decode[catalog.TLDView](t, first)
	delete(s.source.tlds, body.Items[1].ASCII)
	s.sync(t)
	second, err := s.Snapshot().TLDsPage(catalog.TLDFilter{}, *body.Next, 2)
	must(t, err)
	if items := decode[catalog.TLDView](t, second).Items; len(items) != 2 || items[0].ASCII != "nl" {
		t.Errorf("the second page is %+v", items)
	}
}

func TestItemsHaveTheShapeThatStorefrontsKnow(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	page, err := s.Snapshot().ProductsPage(catalog.ProductFilter{Category: "hosting_5gb"}, "", 0)
	must(t, err)
	want := `{"items":[{"id":"` + productByRef(s.Snapshot(), "h5").ID + `","kind":"hosting","category":"hosting_5gb","name":"Hosting h5",` +
		`"description":"Space for \u003cwebsites\u003e \u0026 mail","requires_domain":true,"requires_target_url":false,` +
		`"attributes":{"a":"b","disk_gb":"5"},"cycles":[` +
		`{"cycle":"month","price":{"amount":"2.50","currency":"EUR"},"setup":{"amount":"0.00","currency":"EUR"}},` +
		`{"cycle":"year","price":{"amount":"25.00","currency":"EUR"},"setup":{"amount":"0.00","currency":"EUR"}}]}],"next_cursor":null}`
	if string(page.Body) != want {
		t.Errorf("got  %s\nwant %s", page.Body, want)
	}
	page, err = s.Snapshot().TLDsPage(catalog.TLDFilter{Query: ".РФ"}, "", 0)
	must(t, err)
	want = `{"items":[{"tld":"рф","ascii":"xn--p1ai","register":{"amount":"6.25","currency":"EUR"},` +
		`"renew":{"amount":"6.25","currency":"EUR"},"transfer":{"amount":"6.25","currency":"EUR"},"restore":null,` +
		`"transfer_supported":true,"indicative":true,"years":[1]}],"next_cursor":null}`
	if string(page.Body) != want {
		t.Errorf("got  %s\nwant %s", page.Body, want)
	}
}

func TestFiltersNarrowThePage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.sync(t)
	for _, tt := range []struct {
		filter catalog.ProductFilter
		want   int
	}{
		{catalog.ProductFilter{}, 2},
		{catalog.ProductFilter{Kind: "hosting"}, 2},
		{catalog.ProductFilter{Kind: "server"}, 0},
		{catalog.ProductFilter{Category: "hosting_5gb"}, 1},
		{catalog.ProductFilter{Category: "hosting_5gb", Kind: "hosting", Query: " HOSTING h5 "}, 1},
		{catalog.ProductFilter{Category: "hosting_5gb", Query: "h10"}, 0},
		{catalog.ProductFilter{Query: "websites"}, 2},
	} {
		page, err := s.Snapshot().ProductsPage(tt.filter, "", 0)
		must(t, err)
		if got := len(decode[catalog.ProductView](t, page).Items); got != tt.want {
			t.Errorf("%+v: %d items, want %d", tt.filter, got, tt.want)
		}
	}
	page, err := s.Snapshot().TLDsPage(catalog.TLDFilter{Query: "CO"}, "", 0)
	must(t, err)
	if got := len(decode[catalog.TLDView](t, page).Items); got != 2 {
		t.Errorf("%d TLDs with co, want com and co.uk", got)
	}
}

func TestACursorIsGoodForTheListThatGaveItOnly(t *testing.T) {
	t.Parallel()
	s := stocked(t, 60, 60)
	page, err := s.Snapshot().TLDsPage(catalog.TLDFilter{Query: "t"}, "", 10)
	must(t, err)
	cursor := *decode[catalog.TLDView](t, page).Next
	if _, err := s.Snapshot().TLDsPage(catalog.TLDFilter{Query: "t"}, cursor, 3); err != nil {
		t.Errorf("the same list: %v", err)
	}
	if _, err := s.Snapshot().TLDsPage(catalog.TLDFilter{Query: "o"}, cursor, 10); !fault.Is(err, "invalid_cursor") {
		t.Errorf("another search: %v", err)
	}
	if _, err := s.Snapshot().ProductsPage(catalog.ProductFilter{Query: "t"}, cursor, 10); !fault.Is(err, "invalid_cursor") {
		t.Errorf("another list: %v", err)
	}
}

func TestASearchLeadsWithTheExactMatch(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, tld := range []string{"aco", "co", "coop", "tesco"} {
		s.source.tld(tld, "8.00")
	}
	s.sync(t)
	want := []string{"co", "co.uk", "com", "coop", "aco", "tesco"}
	for _, limit := range []int{1, 2, 4, 50} {
		var got []string
		for cursor := ""; ; {
			page, err := s.Snapshot().TLDsPage(catalog.TLDFilter{Query: ".CO"}, cursor, limit)
			must(t, err)
			body := decode[catalog.TLDView](t, page)
			for _, item := range body.Items {
				got = append(got, item.ASCII)
			}
			if body.Next == nil {
				break
			}
			cursor = *body.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d a page: %v, want %v", limit, got, want)
		}
	}
}

func TestBadCursorAndLimitAreFieldErrors(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, tt := range []struct {
		cursor string
		limit  int
		field  string
	}{{"!", 0, "cursor"}, {"bmw", 0, "cursor"}, {"MDAwMDAwMG5s", 0, "cursor"}, {"", -1, "limit"}, {"", 201, "limit"}} {
		_, err := s.Snapshot().TLDsPage(catalog.TLDFilter{}, tt.cursor, tt.limit)
		if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != tt.field {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestEncodingsAreTheBodyAndTagsFollowIt(t *testing.T) {
	t.Parallel()
	s := stocked(t, 60, 60)
	s.Settle()
	hot, err := s.Snapshot().ProductsPage(catalog.ProductFilter{}, "", 0)
	must(t, err)
	same, err := s.Snapshot().ProductsPage(catalog.ProductFilter{}, "", catalog.DefaultLimit)
	must(t, err)
	if hot.ETag != same.ETag || !bytes.Equal(hot.Body, same.Body) {
		t.Error("the default limit and none are two pages")
	}
	zipped, err := gzip.NewReader(bytes.NewReader(hot.Gzip))
	must(t, err)
	for name, r := range map[string]io.Reader{"gzip": zipped, "br": brotli.NewReader(bytes.NewReader(hot.Brotli))} {
		plain, err := io.ReadAll(r)
		must(t, err)
		if !bytes.Equal(plain, hot.Body) {
			t.Errorf("%s is not the body", name)
		}
	}
	if len(hot.Gzip) > len(hot.Body)/4 || len(hot.Brotli) > len(hot.Body)/4 {
		t.Errorf("body %d, gzip %d, br %d bytes", len(hot.Body), len(hot.Gzip), len(hot.Brotli))
	}
	s.source.product("p0", "hosting_1gb", "2.10", "20.00")
	s.sync(t)
	moved, err := s.Snapshot().ProductsPage(catalog.ProductFilter{}, "", 0)
	must(t, err)
	if moved.ETag == hot.ETag {
		t.Error("another body has the same tag")
	}
	tlds, err := s.Snapshot().TLDsPage(catalog.TLDFilter{}, "", 0)
	must(t, err)
	if tlds.ETag == moved.ETag || tlds.ETag[0] != '"' {
		t.Errorf("tag %s", tlds.ETag)
	}
}
