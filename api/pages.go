package api

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2/middleware/adaptor"
)

// Pages are served beside the API: they are no part of it, and stand in no document.
type Pages struct {
	// Paths are theirs, such as /orders/{id}; none under /v1.
	Paths []string
	// Handler answers there, whatever the method.
	Handler http.Handler
}

// pageRoutes put the demo's storefront beside the API.
func (s *Server) pageRoutes() {
	for _, path := range s.cfg.Pages.Paths {
		s.fiber.All(strings.NewReplacer("{", ":", "}", "").Replace(path), adaptor.HTTPHandler(s.cfg.Pages.Handler))
	}
}
