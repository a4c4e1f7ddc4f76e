package api

import (
	"net/http"
	"strconv"
	"strings"

	"hostfront/fault"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// rawAnswer is what a raw handler answers with, as the document has it.
type rawAnswer struct {
	// MediaType is empty for an answer without a body.
	MediaType string
	// Schema is any text when nil.
	Schema *huma.Schema
	Params []*huma.Param
	// Cached answers 304 to a client that has it already.
	Cached bool
	// Check names the parameters that are not acceptable; nil checks none.
	Check func(c *fiber.Ctx) []fault.Field
}

// raw registers an operation that is served by a raw handler (prebuilt bytes, a
// stream, a page), in the document and in the router.
func (s *Server) raw(op operation, answer rawAnswer, fn fiber.Handler) {
	s.document(op, answer)
	known := map[string]bool{}
	for _, p := range answer.Params {
		known[p.Name] = p.In == "query"
	}
	path := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
	s.fiber.Add(op.Method, path, func(c *fiber.Ctx) error {
		var wrong []fault.Field
		given := map[string]int{}
		for name := range c.Context().QueryArgs().All() {
			given[string(name)]++
			switch times := given[string(name)]; {
			case !known[string(name)] && times == 1:
				wrong = append(wrong, unknownField(string(name)))
			case known[string(name)] && times == 2:
				wrong = append(wrong, twice(string(name)))
			}
		}
		if answer.Check != nil {
			wrong = append(wrong, answer.Check(c)...)
		}
		if len(wrong) == 1 && wrong[0].Code == "invalid_cursor" {
			return fault.BadCursor()
		}
		if len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		return fn(c)
	})
}

func (s *Server) document(op operation, answer rawAnswer) {
	spec := s.spec(op)
	if op.Status == 0 {
		op.Status = http.StatusOK
	}
	if answer.Schema == nil {
		answer.Schema = &huma.Schema{Type: huma.TypeString}
	}
	spec.Parameters = answer.Params
	response := &huma.Response{Description: http.StatusText(op.Status)}
	if answer.MediaType != "" {
		response.Content = map[string]*huma.MediaType{answer.MediaType: {Schema: answer.Schema}}
	}
	spec.Responses[strconv.Itoa(op.Status)] = response
	if answer.Cached {
		spec.Responses["304"] = &huma.Response{Description: "What the client has still holds"}
	}
	s.huma.OpenAPI().AddOperation(&spec)
}

// OpenAPI is the document of the whole API, as YAML (OpenAPI 3.1).
func (s *Server) OpenAPI() ([]byte, error) { return s.emitted() }

// documentRoutes serve the document and a page to read it, without the internet.
func (s *Server) documentRoutes() {
	s.raw(operation{ID: "openapi", Method: http.MethodGet, Path: "/openapi.yaml", Tag: "Operation",
		Summary: "This document"}, rawAnswer{MediaType: "application/yaml", Schema: &huma.Schema{Type: huma.TypeObject}}, s.serveOpenAPI)
	page := adaptor.HTTPHandler(v5emb.NewHandlerWithConfig(swgui.Config{
		Title: "hostfront", SwaggerJSON: "/openapi.yaml", BasePath: "/docs",
		SettingsUI: map[string]string{"validatorUrl": "null"}, // its badge would send the document to swagger.io
	}))
	s.raw(operation{ID: "docs", Method: http.MethodGet, Path: "/docs", Tag: "Operation",
		Summary: "This document as a page"}, rawAnswer{MediaType: "text/html"}, page)
	s.fiber.Get("/docs/*", page)
}

// serveOpenAPI is GET /openapi.yaml.
func (s *Server) serveOpenAPI(c *fiber.Ctx) error {
	body, err := s.emitted()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/yaml")
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	return c.Send(body)
}
