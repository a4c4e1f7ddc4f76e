package api

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
)

// requestMetrics counts requests by route, method and status, and how long they take.
type requestMetrics struct {
	seconds *prometheus.HistogramVec
}

func newRequestMetrics(registry prometheus.Registerer) *requestMetrics {
	m := &requestMetrics{seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "hostfront_http_request_seconds", Help: "Requests by route, method and status, and how long they took.",
		Buckets: []float64{.001, .005, .025, .1, .5, 2.5, 10},
	}, []string{"method", "route", "status"})}
	registry.MustRegister(m.seconds)
	return m
}

// measure is the outermost middleware. The route is the pattern, never the
// address: ids would make a series each.
func (s *Server) measure(c *fiber.Ctx) error {
	began := s.cfg.Steady.Now()
	err := c.Next()
	if err != nil {
		if err = s.writeError(c, err); err != nil {
			return err
		}
	}
	s.metrics.observe(c, s.cfg.Steady.Now().Sub(began))
	return nil
}

func (m *requestMetrics) observe(c *fiber.Ctx, took time.Duration) {
	route := c.Route().Path
	if route == "/" { // only middleware matched
		route = "none"
	}
	m.seconds.WithLabelValues(c.Method(), route, strconv.Itoa(c.Response().StatusCode())).Observe(took.Seconds())
}
