package api

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"hostfront/catalog"
	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

const (
	defaultPage = 50
	maxPage     = 100
)

// catalogRoutes are the shop window: pages served from prebuilt bytes, and the
// domain check. The pages bypass huma, which would encode each anew; their
// schemas are written in catalog_schema.go and held by the contract tests.
func (s *Server) catalogRoutes() {
	s.raw(operation{ID: "list-products", Method: http.MethodGet, Path: "/v1/catalog/products", Tag: "Catalogue",
		Summary: "Products with the shop's prices"},
		s.pageAnswer(reflect.TypeFor[catalog.ProductView](), "Product", func(c *fiber.Ctx) error { return productFilter(c).CheckCursor(c.Query("cursor")) },
			queryParam("category", "Only this category, such as hosting_10gb"), queryParam("kind", "Only this kind, such as hosting"),
			queryParam("q", "Words in the name or description")), s.listProducts)
	s.raw(operation{ID: "list-tlds", Method: http.MethodGet, Path: "/v1/catalog/tlds", Tag: "Catalogue",
		Summary: "Top-level domains with prices a year"},
		s.pageAnswer(reflect.TypeFor[catalog.TLDView](), "TLD", func(c *fiber.Ctx) error { return tldFilter(c).CheckCursor(c.Query("cursor")) },
			queryParam("q", "Part of the TLD; the TLD of exactly that name comes first")), s.listTLDs)
	nullPrices(s.huma.OpenAPI().Components.Schemas.Map()["TLDView"])
	s.domainCheckRoute()
}

// pageAnswer is a page of prebuilt bytes, with the parameters that every page takes;
// cursor says whether the request's cursor is one of the list's.
func (s *Server) pageAnswer(item reflect.Type, name string, cursor func(*fiber.Ctx) error, filters ...*huma.Param) rawAnswer {
	return rawAnswer{
		MediaType: "application/json", Schema: s.pageSchema(item, name), Cached: true,
		Params: append(filters, limitParam(), cursorParam(), ifNoneMatchParam()),
		Check:  func(c *fiber.Ctx) []fault.Field { return append(checkLimit(c), checkCursor(cursor(c))...) },
	}
}

func productFilter(c *fiber.Ctx) catalog.ProductFilter {
	return catalog.ProductFilter{Category: c.Query("category"), Kind: c.Query("kind"), Query: c.Query("q")}
}

func tldFilter(c *fiber.Ctx) catalog.TLDFilter { return catalog.TLDFilter{Query: c.Query("q")} }

// listProducts is GET /v1/catalog/products.
func (s *Server) listProducts(c *fiber.Ctx) error {
	page, err := s.cfg.Catalog.Snapshot().ProductsPage(productFilter(c), c.Query("cursor"), limitOf(c))
	if err != nil {
		return err
	}
	return sendPage(c, page)
}

// listTLDs is GET /v1/catalog/tlds.
func (s *Server) listTLDs(c *fiber.Ctx) error {
	page, err := s.cfg.Catalog.Snapshot().TLDsPage(tldFilter(c), c.Query("cursor"), limitOf(c))
	if err != nil {
		return err
	}
	return sendPage(c, page)
}

// limitOf reads limit, which was checked before; the usual one when it is not given.
func limitOf(c *fiber.Ctx) int {
	limit, err := strconv.Atoi(c.Query("limit"))
	if err != nil {
		return defaultPage
	}
	return limit
}

// checkLimit names a limit that is not acceptable.
func checkLimit(c *fiber.Ctx) []fault.Field {
	text := c.Query("limit")
	limit, err := strconv.Atoi(text)
	if text == "" || err == nil && limit >= 1 && limit <= maxPage {
		return nil
	}
	return []fault.Field{{Name: "limit", Code: "invalid", Message: fmt.Sprintf("Give a whole number from 1 to %d.", maxPage)}}
}

// checkCursor names a cursor that no page of the list gave.
func checkCursor(err error) []fault.Field {
	if e, told := fault.As(err); told {
		return e.Fields
	}
	return nil
}

func queryParam(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
}

func pathParam(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
}

func cursorParam() *huma.Param {
	return queryParam("cursor", "next_cursor of the page before")
}

func limitParam() *huma.Param {
	low, high := 1.0, float64(maxPage)
	return &huma.Param{Name: "limit", In: "query", Description: "How many items a page has at most",
		Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: &low, Maximum: &high, Default: defaultPage}}
}

func ifNoneMatchParam() *huma.Param {
	return &huma.Param{Name: "If-None-Match", In: "header", Description: "ETag of what the client has: 304 when it still holds",
		Schema: &huma.Schema{Type: huma.TypeString}}
}
