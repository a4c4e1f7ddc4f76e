package api

import (
	"context"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func stack() string { return string(debug.Stack()) }

func joinOrigins(origins []string) string { return strings.Join(origins, ",") }

// Health says that the process answers.
type Health struct {
	Status  string `json:"status" enum:"ok"`
	Version string `json:"version"`
}

// Readiness says whether the shop can serve, check by check.
type Readiness struct {
	Status string  `json:"status" enum:"ready,not_ready"`
	Checks []Check `json:"checks"`
}

// Check is one thing the shop needs, or would like to have.
type Check struct {
	Name string `json:"name" enum:"database,migration,catalog,permissions"`
	OK   bool   `json:"ok"`
	// Detail is for the operator.
	Detail string `json:"detail,omitempty"`
	// Needed is false for what the shop can do without for a while: a stale
	// mirror still sells, so it never turns /readyz to 503.
	Needed bool `json:"needed"`
}

type healthOutput struct{ Body Health }

type readinessOutput struct {
	Status int
	Body   Readiness
}

// operateRoutes are for load balancers, monitoring and the operator.
func (s *Server) operateRoutes() {
	handle(s, operation{ID: "health", Method: http.MethodGet, Path: "/healthz", Tag: "Operation",
		Summary: "Whether the process answers"}, s.health)
	handle(s, operation{ID: "readiness", Method: http.MethodGet, Path: "/readyz", Tag: "Operation",
		Summary:     "Whether the shop can serve: database, migration, age of the last sync, permissions of the upstream's key",
		Description: "503 with the same body when something it needs is missing. An upstream that is away, or a mirror that is old, is not: the shop sells on."}, s.readiness)
	s.readinessAlso503()
	s.raw(operation{ID: "metrics", Method: http.MethodGet, Path: "/metrics", Tag: "Operation",
		Summary: "Measurements in the Prometheus text format"}, rawAnswer{MediaType: "text/plain"},
		adaptor.HTTPHandler(promhttp.HandlerFor(s.cfg.Metrics, promhttp.HandlerOpts{})))
}

// readinessAlso503 documents the answer of a shop that is not ready.
func (s *Server) readinessAlso503() {
	responses := s.huma.OpenAPI().Paths["/readyz"].Get.Responses
	responses["503"] = &huma.Response{Description: "Not ready", Content: responses["200"].Content}
}

// health is GET /healthz.
func (s *Server) health(context.Context, *struct{}) (*healthOutput, error) {
	return &healthOutput{Body: Health{Status: "ok", Version: s.cfg.Version}}, nil
}

// readiness is GET /readyz.
func (s *Server) readiness(ctx context.Context, _ *struct{}) (*readinessOutput, error) {
	checks := s.checks(ctx)
	out := &readinessOutput{Status: http.StatusOK, Body: Readiness{Status: "ready", Checks: checks}}
	for _, check := range checks {
		if check.Needed && !check.OK {
			out.Status, out.Body.Status = http.StatusServiceUnavailable, "not_ready"
		}
	}
	return out, nil
}
