package order

import (
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
	"hostfront/seal"
	"hostfront/service"
	"hostfront/task"
	"hostfront/tax"
)

// The bounds of a quote's life, and how long one lives where Config does not say.
const (
	LeastQuoteTime   = time.Minute
	MostQuoteTime    = 24 * time.Hour
	DefaultQuoteTime = time.Hour
)

// maxLines is how many lines a quote may have.
const maxLines = 50

// Config is what Orders are made of.
type Config struct {
	Store    *db.Store
	Clock    clock.Clock
	Tasks    *task.Engine
	Events   *event.Log
	Catalog  *catalog.Catalog
	Accounts *account.Accounts
	Billing  *billing.Billing
	Services *service.Services
	Tax      *tax.Calculator
	// Sealer keeps auth codes unreadable at rest.
	Sealer *seal.Sealer
	// Currency is the shop's; SellerCountry is where a buyer of unknown country is
	// taken to be.
	Currency      money.Currency
	SellerCountry string
	// Upstream is the adapter that delivers domain names, and products without one
	// of their own; the first of Services when empty.
	Upstream string
	// QuoteTime is how long prices are frozen, DefaultQuoteTime when zero.
	QuoteTime time.Duration
	// Unreserved are gateways whose money may take days: an order paid through one
	// holds no name, which is checked again when the money is there. Default:
	// "transfer".
	Unreserved []string
	// TermsVersion is stored with consents that name none; default "1".
	TermsVersion string
	// AtOnce is how many lines of a quote are priced beside each other, 8 when zero.
	AtOnce int
	// Entropy makes quote ids and order numbers; nil is crypto/rand.
	Entropy io.Reader
	Log     *slog.Logger
}

// Orders is the counter of the shop. Safe for concurrent use.
type Orders struct {
	Config
}

// New checks the configuration.
func New(c Config) (*Orders, error) {
	switch {
	case c.Store == nil, c.Clock == nil, c.Tasks == nil, c.Events == nil, c.Catalog == nil, c.Accounts == nil,
		c.Billing == nil, c.Services == nil, c.Tax == nil, c.Sealer == nil:
		return nil, errors.New("order: store, clock, tasks, events, catalog, accounts, billing, services, tax and sealer are needed")
	case len(c.SellerCountry) != 2:
		return nil, errors.New("order: the seller's country must be a two-letter code")
	}
	if c.Upstream == "" {
		c.Upstream = c.Services.Adapters[0].Name()
	}
	if c.Currency == "" {
		c.Currency = money.EUR
	}
	if c.QuoteTime == 0 {
		c.QuoteTime = DefaultQuoteTime
	}
	if c.QuoteTime < LeastQuoteTime || c.QuoteTime > MostQuoteTime {
		return nil, errors.New("order: a quote lives between a minute and a day")
	}
	if c.Unreserved == nil {
		c.Unreserved = []string{"transfer"}
	}
	if c.TermsVersion == "" {
		c.TermsVersion = "1"
	}
	if c.AtOnce == 0 {
		c.AtOnce = 8
	}
	if c.Entropy == nil {
		c.Entropy = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Orders{c}, nil
}

func (o *Orders) now() db.Instant { return db.At(o.Clock.Now()) }
