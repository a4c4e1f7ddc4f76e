package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"hostfront/app/apptest"

	"github.com/gavv/httpexpect/v2"
)

// openWhole opens a shop with a catalogue of real size.
func openWhole(t *testing.T) *front {
	t.Helper()
	return openWith(t, func(options ...apptest.Option) *apptest.World { return apptest.New(t, options...) })
}

func TestTheCataloguePagesCoverEverythingOnce(t *testing.T) {
	t.Parallel()
	f := openWhole(t)
	for _, c := range []struct {
		list, id string
		least    int
	}{
		{"/v1/catalog/tlds", "tld", 1000},
		{"/v1/catalog/products", "id", 40},
	} {
		whole := f.walk(c.list+"?limit=100", c.id)
		if len(whole) < c.least {
			t.Errorf("%s has %d items, want %d or more", c.list, len(whole), c.least)
		}
		odd := f.walk(c.list+"?limit=37", c.id)
		if strings.Join(whole, " ") != strings.Join(odd, " ") {
			t.Errorf("%s: pages of 37 differ from pages of 100", c.list)
		}
		seen := map[string]bool{}
		for _, id := range whole {
			if seen[id] {
				t.Errorf("%s has %s twice", c.list, id)
			}
			seen[id] = true
		}
	}
}

// walk is a field of all items of a list, page by page.
func (f *front) walk(address, field string) (all []string) {
	f.t.Helper()
	cursor := ""
	for {
		page := f.visitor().get(address + cursor)
		for _, item := range page.Path("$.items").Array().Iter() {
			all = append(all, text(&item, field))
		}
		next := page.Path("$.next_cursor").Raw()
		if next == nil {
			return all
		}
		cursor = "&cursor=" + next.(string)
	}
}

func TestTheCatalogueIsFiltered(t *testing.T) {
	t.Parallel()
	f := openWhole(t)
	for _, p := range f.visitor().get("/v1/catalog/products?category=hosting_forward").Path("$.items").Array().Iter() {
		p.Path("$.category").IsEqual("hosting_forward")
		p.Path("$.requires_target_url").IsEqual(true)
	}
	f.visitor().get("/v1/catalog/products?category=none").Path("$.items").Array().IsEmpty()
	f.visitor().get("/v1/catalog/products?kind=hosting&q=10").Path("$.items").Array().NotEmpty()
	found := f.visitor().get("/v1/catalog/tlds?q=nl").Path("$.items").Array()
	found.NotEmpty()
	found.Value(0).Path("$.tld").IsEqual("nl")
	for _, tld := range found.Iter() {
		tld.Path("$.tld").String().Contains("nl")
		tld.Path("$.register.currency").IsEqual("EUR")
	}
}

func TestACataloguePageIsTheSameInEveryEncodingAndCached(t *testing.T) {
	t.Parallel()
	f := openWhole(t)
	f.App.Catalog.Settle()
	for _, address := range []string{"/v1/catalog/products", "/v1/catalog/tlds", "/v1/catalog/tlds?limit=100", "/v1/catalog/products?kind=hosting&limit=100", "/v1/catalog/tlds?q=n"} {
		plain := f.encoded(address, "")
		tags := map[string]bool{}
		for _, encoding := range []string{"", "gzip", "br"} {
			r := f.encoded(address, encoding)
			r.Header("Content-Encoding").IsEqual(encoding)
			r.Header("Vary").Contains("Accept-Encoding")
			r.Header("Cache-Control").Contains("public")
			unpacked, err := decoded(encoding, []byte(r.Body().Raw()))
			if err != nil || string(unpacked) != plain.Body().Raw() {
				t.Errorf("%s as %q is another page (%v)", address, encoding, err)
			}
			tag := r.Header("ETag").NotEmpty().Raw()
			if tags[tag] {
				t.Errorf("%s as %q shares its tag", address, encoding)
			}
			tags[tag] = true
			f.tagged(address, encoding, tag).Status(http.StatusNotModified).Body().IsEmpty()
			f.tagged(address, encoding, `"another", W/`+tag).Status(http.StatusNotModified)
			f.tagged(address, encoding, `"another"`).Status(http.StatusOK)
		}
	}
	f.encoded("/v1/catalog/tlds?limit=1", "gzip").Header("Content-Encoding").IsEmpty()
	f.encoded("/v1/catalog/tlds?limit=100", "br;q=0, gzip;q=0").Header("Content-Encoding").IsEmpty()
	f.encoded("/v1/catalog/tlds", "br;q=0, gzip;q=0").Header("Content-Encoding").IsEmpty()
}

func (f *front) encoded(address, encoding string) *httpexpect.Response {
	r := f.visitor().request(http.MethodGet, address)
	if encoding != "" {
		r = r.WithHeader("Accept-Encoding", encoding)
	}
	return r.Expect().Status(http.StatusOK)
}

func (f *front) tagged(address, encoding, tag string) *httpexpect.Response {
	r := f.visitor().request(http.MethodGet, address).WithHeader("If-None-Match", tag)
	if encoding != "" {
		r = r.WithHeader("Accept-Encoding", encoding)
	}
	return r.Expect()
}

func TestAPriceThatChangedHasAnotherTag(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	tag := f.encoded("/v1/catalog/tlds", "").Header("ETag").Raw()
	rules := map[string]any{"rules": []any{map[string]any{"scope": "shop", "method": "percent", "value": "40"}}}
	f.staff().put("/v1/admin/price-rules", rules, http.StatusOK)
	if err := f.App.Catalog.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.tagged("/v1/catalog/tlds", "", tag).Status(http.StatusOK).Header("ETag").NotEqual(tag)
}

func TestNamesAreCheckedManyAtOnce(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	before := f.LJPC.Calls()
	answer := f.visitor().get("/v1/domains/check?name=taken-name.nl&name=free-name.nl&name=b%C3%BCcher.com&name=not_a_name.nl&name=x.unknowntld")
	for i, want := range []string{"taken", "available", "available", "unsupported", "unsupported"} {
		answer.Path("$.items").Array().Value(i).Path("$.status").IsEqual(want)
	}
	answer.Path("$.items[2].ascii").IsEqual("xn--bcher-kva.com")
	answer.Path("$.items[2].name").IsEqual("bücher.com")
	answer.Path("$.items[1].price.currency").IsEqual("EUR")
	answer.Path("$.items[0].price").IsNull()
	calls := 0
	for op, n := range f.LJPC.Calls() {
		calls += n - before[op]
	}
	if calls > 2 {
		t.Errorf("%d upstream calls for one question", calls)
	}
	none := f.visitor().refused(http.MethodGet, "/v1/domains/check", nil, http.StatusUnprocessableEntity, "invalid_fields")
	if none.codeOf("name") == "" {
		t.Errorf("the problem does not name it: %+v", none)
	}
	many := strings.Repeat("&name=a.nl", 51)[1:]
	f.visitor().refused(http.MethodGet, "/v1/domains/check?"+many, nil, http.StatusUnprocessableEntity, "invalid_fields")
}

func TestARealListenerServesThePreparedBytes(t *testing.T) {
	t.Parallel()
	f := openWhole(t)
	f.App.Catalog.Settle()
	response, err := http.Get(f.URL + "/v1/catalog/tlds") // asks for gzip and unpacks it
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || !response.Uncompressed {
		t.Errorf("not compressed: %v", err)
	}
	if want := f.encoded("/v1/catalog/tlds", "").Body().Raw(); string(body) != want {
		t.Error("another page over the wire")
	}
}
