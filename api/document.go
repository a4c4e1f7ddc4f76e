package api

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// document adds an operation that is served by a raw handler (prebuilt bytes, a
// stream, a page) to the OpenAPI document.
func (s *Server) document(op operation, mediaType string, schema *huma.Schema, params ...*huma.Param) {
	spec := s.spec(op)
	if op.Status == 0 {
		op.Status = http.StatusOK
	}
	if schema == nil {
		schema = &huma.Schema{Type: huma.TypeString}
	}
	spec.Parameters = params
	response := &huma.Response{Description: http.StatusText(op.Status)}
	if mediaType != "" {
		response.Content = map[string]*huma.MediaType{mediaType: {Schema: schema}}
	}
	spec.Responses[strconv.Itoa(op.Status)] = response
	s.huma.OpenAPI().AddOperation(&spec)
}

// OpenAPI is the document of the whole API, as YAML (OpenAPI 3.1).
func (s *Server) OpenAPI() ([]byte, error) { return s.huma.OpenAPI().YAML() }

// documentRoutes serve the document and a page to read it, without the internet.
func (s *Server) documentRoutes() {
	s.document(operation{ID: "openapi", Method: http.MethodGet, Path: "/openapi.yaml", Tag: "Operation",
		Summary: "This document"}, "application/yaml", nil)
	s.document(operation{ID: "docs", Method: http.MethodGet, Path: "/docs", Tag: "Operation",
		Summary: "This document as a page"}, "text/html", nil)
	s.fiber.Get("/openapi.yaml", s.serveOpenAPI)
	page := v5emb.NewHandlerWithConfig(swgui.Config{Title: "hostfront", SwaggerJSON: "/openapi.yaml", BasePath: "/docs"})
	s.fiber.Get("/docs", adaptor.HTTPHandler(page))
	s.fiber.Get("/docs/*", adaptor.HTTPHandler(page))
}

// serveOpenAPI is GET /openapi.yaml.
func (s *Server) serveOpenAPI(c *fiber.Ctx) error {
	body, err := s.OpenAPI()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/yaml")
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	return c.Send(body)
}
