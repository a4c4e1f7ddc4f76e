package api

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"hostfront/account"
	"hostfront/agree"
	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/cron"
	"hostfront/db"
	"hostfront/dunning"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/mail"
	"hostfront/order"
	"hostfront/service"
	"hostfront/task"
	"hostfront/upstream"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/prometheus/client_golang/prometheus"
)

// maxBody is the largest request that is read, in bytes: a cart of a hundred
// lines is a tenth of it.
const maxBody = 1 << 20

// Config is what the API stands on. Every field is needed unless it says so.
type Config struct {
	Store    *db.Store
	Clock    clock.Clock
	Steady   clock.Clock
	Log      *slog.Logger
	Tasks    *task.Engine
	Events   *event.Log
	Jobs     *cron.Schedule
	Catalog  *catalog.Catalog
	Accounts *account.Accounts
	Billing  *billing.Billing
	Services *service.Services
	Agree    *agree.Auditor
	Orders   *order.Orders
	Dunning  *dunning.Dunning
	Mailer   *mail.Mailer
	// Rights are those of the upstream's key, for /readyz.
	Rights upstream.Restricted

	// Metrics is the registry behind /metrics.
	Metrics *prometheus.Registry
	// Version is what /openapi.yaml and /healthz say the program is.
	Version string
	// RequestTimeout ends a request's context; 30 seconds when zero.
	RequestTimeout time.Duration
	// AllowedOrigins are the storefronts that a browser may call from; none when empty.
	AllowedOrigins []string
	// Time moves the demo's clock; nil where time cannot be moved.
	Time TimeMachine
	// MaxSyncAge is how old the mirror may be before /readyz says so.
	MaxSyncAge time.Duration
	// TrustedProxies are the shop's own: from them X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// Limits bound quotes and checkouts; zero fields have defaults.
	Limits Limits
	// Pages are the demo's storefront, at the same address; none in a real shop.
	Pages Pages
	// Draining is closed when the server begins to stop: streams end then.
	Draining <-chan struct{}
}

// Server is the HTTP face of one shop.
type Server struct {
	cfg           Config
	fiber         *fiber.App
	huma          huma.API
	problemSchema *huma.Schema
	metrics       *requestMetrics
	// emitted is the OpenAPI document as YAML, made once.
	emitted   func() ([]byte, error)
	throttles throttles
}

// New builds the API with all its routes; Fiber gives the thing that listens.
func New(cfg Config) *Server {
	if cfg.RequestTimeout == 0 {
		cfg.RequestTimeout = 30 * time.Second
	}
	s := &Server{cfg: cfg, throttles: newThrottles(cfg.Limits)}
	s.fiber = fiber.New(fiber.Config{
		AppName: "hostfront", DisableStartupMessage: true, Immutable: true,
		BodyLimit: maxBody, ErrorHandler: s.writeError, StrictRouting: false,
		ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, UnescapePath: true,
	})
	s.metrics = newRequestMetrics(cfg.Metrics)
	s.fiber.Use(headAsGet, s.measure, s.scope, secureHeaders)
	if len(cfg.AllowedOrigins) > 0 {
		s.fiber.Use(cors.New(s.corsConfig()))
	}
	s.fiber.Use(recover.New(recover.Config{EnableStackTrace: true, StackTraceHandler: s.logPanic}), readable)
	s.huma = humafiber.New(s.fiber, s.humaConfig())
	aliases(s.huma.OpenAPI().Components.Schemas)
	s.problemSchema = problemSchema(s.huma.OpenAPI().Components.Schemas)
	s.emitted = sync.OnceValues(s.huma.OpenAPI().YAML)
	s.routes()
	listsAreLists(s.huma.OpenAPI().Components.Schemas)
	return s
}

// Fiber is the application to listen with.
func (s *Server) Fiber() *fiber.App { return s.fiber }

// routes registers every operation, a subject at a time.
func (s *Server) routes() {
	s.operateRoutes()
	s.catalogRoutes()
	s.authRoutes()
	s.accountRoutes()
	s.quoteRoutes()
	s.orderRoutes()
	s.invoiceRoutes()
	s.methodRoutes()
	s.creditRoutes()
	s.linkRoutes()
	s.serviceRoutes()
	s.subscriptionRoutes()
	s.webhookRoutes()
	s.adminRoutes()
	s.documentRoutes()
	s.pageRoutes()
}

func (s *Server) humaConfig() huma.Config {
	config := huma.DefaultConfig("hostfront", s.cfg.Version)
	config.Info.Description = "The whole back end of a white-label shop for domains, hosting, servers and certificates."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Formats = bodyFormat()
	config.CreateHooks = nil // no $schema member in answers
	config.Transformers = []huma.Transformer{fromHuma}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"customer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "The access_token of a signed-in customer."},
		"admin":    {Type: "http", Scheme: "bearer", Description: "A token that `hostfront admin create` prints."},
	}
	return config
}

func (s *Server) corsConfig() cors.Config {
	config := cors.ConfigDefault
	config.AllowOrigins = joinOrigins(s.cfg.AllowedOrigins)
	config.AllowHeaders = "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id"
	config.ExposeHeaders = "ETag, Idempotent-Replayed, Retry-After, X-Request-Id"
	config.MaxAge = 600
	return config
}

// writeError answers what the router, a middleware or a raw handler refused. What
// the listener refuses (a body that is too large) comes here without an id.
func (s *Server) writeError(c *fiber.Ctx, err error) error {
	if requestID(c.UserContext()) == "" {
		identify(c)
	}
	p := s.routerProblem(c, err)
	p.RequestID = requestID(c.UserContext())
	for name, values := range p.GetHeaders() {
		c.Set(name, values[0])
	}
	body, err := p.MarshalJSON()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, problemType)
	return c.Status(p.Status).Send(body)
}

func (s *Server) routerProblem(c *fiber.Ctx, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	refused, ok := errors.AsType[*fiber.Error](err)
	if !ok {
		return s.problem(c.UserContext(), err)
	}
	if refused.Code >= http.StatusInternalServerError {
		s.cfg.Log.ErrorContext(c.UserContext(), "request failed", "request_id", requestID(c.UserContext()), "error", err)
	}
	p := problemOf(faultOfStatus(refused.Code, "it is malformed"))
	p.Status, p.Title = refused.Code, http.StatusText(refused.Code)
	return p
}

func (s *Server) logPanic(c *fiber.Ctx, reason any) {
	s.cfg.Log.ErrorContext(c.UserContext(), "handler panicked", "request_id", requestID(c.UserContext()), "panic", reason, "stack", stack())
}

// missing is the error for a thing that is not there, or is somebody else's.
func missing(what, id string) error { return fault.Missing(what, id) }
