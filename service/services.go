package service

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/seal"
	"hostfront/task"
)

// The times that hold where Config gives none.
const (
	// ReservationTime is how long a name is held for an order that is not yet paid.
	ReservationTime = 30 * time.Minute
	// MendingTime is how long a customer has to mend a line before it is refunded.
	MendingTime = 14 * 24 * time.Hour
	// usageTimeout bounds the read of a site while its customer waits.
	usageTimeout = 2 * time.Second
	// usageFresh is how old a measured usage may be without asking again.
	usageFresh = time.Minute
)

// Config is what Services are made of.
type Config struct {
	Store    *db.Store
	Clock    clock.Clock
	Tasks    *task.Engine
	Events   *event.Log
	Billing  *billing.Billing
	Accounts *account.Accounts
	// Sealer keeps auth codes unreadable at rest.
	Sealer *seal.Sealer
	// Adapters are the upstreams. The first one's name is the queue of the tasks.
	Adapters []Adapter
	// RefundPolicy is "auto" (a failed line's money goes back by itself, also when
	// empty) or "manual".
	RefundPolicy string
	// Reservation and Mending are ReservationTime and MendingTime when zero.
	Reservation, Mending time.Duration
	// AtOnce is how many tasks are worked on beside each other; 1 has every look at an upstream
	// made anew, so that a simulation repeats. Zero is many.
	AtOnce int
	Log    *slog.Logger
}

// Services delivers what was paid for and shows what was delivered. Safe for
// concurrent use.
type Services struct {
	Config
	adapters map[string]*adapter
}

// New checks the configuration. The handlers still have to be registered with
// the engine: see Kinds.
func New(c Config) (*Services, error) {
	if len(c.Adapters) == 0 {
		return nil, errors.New("service: no upstream is configured")
	}
	if c.RefundPolicy == "" {
		c.RefundPolicy = string(billing.RefundAuto)
	}
	if p := billing.RefundPolicy(c.RefundPolicy); p != billing.RefundAuto && p != billing.RefundManual {
		return nil, fmt.Errorf("service: refund policy %q is neither auto nor manual", c.RefundPolicy)
	}
	if c.Reservation <= 0 {
		c.Reservation = ReservationTime
	}
	if c.Mending <= 0 {
		c.Mending = MendingTime
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Services{Config: c, adapters: map[string]*adapter{}}
	for _, a := range c.Adapters {
		s.adapters[a.Name()] = capabilities(a)
		s.adapters[a.Name()].listing.alone = c.AtOnce == 1
	}
	s.Events.Subscribe(billing.EventRestored, s.restored)
	s.follow()
	return s, nil
}

// Kinds are the tasks that talk to upstreams, to be registered with the engine.
func (s *Services) Kinds() []task.Kind {
	queue := s.Adapters[0].Name()
	kinds := []task.Kind{
		s.contactCreate(queue), s.domainRegister(queue), s.domainTransfer(queue), s.hostingOrder(queue),
		s.domainRenewal(queue), s.domainUpdate(queue), s.dnsReplace(queue),
		s.productChange(queue),
	}
	kinds = append(kinds, s.effects(queue)...)
	return append(kinds, s.renewals(queue)...)
}

// The kinds of the tasks.
const (
	KindContactCreate  = "contact.create"
	KindDomainRegister = "domain.register"
	KindDomainTransfer = "domain.transfer"
	KindHostingOrder   = "hosting.order"
	KindDomainRenewal  = "domain.renewal"
	KindDomainUpdate   = "domain.update"
	KindDNSReplace     = "dns.replace"

	KindServiceSuspend   = "service.suspend"
	KindServiceUnsuspend = "service.unsuspend"
	KindServiceTerminate = "service.terminate"
	KindDomainLapse      = "domain.lapse" // it is not renewed any more
	KindDomainKeep       = "domain.keep"  // it is renewed after all
)

func (s *Services) now() db.Instant { return db.At(s.Clock.Now()) }
