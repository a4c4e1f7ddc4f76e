package catalog

import (
	"log/slog"
	"time"

	"github.com/shopspring/decimal"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
	"hostfront/upstream"
)

// Config is what a Catalog is made of.
type Config struct {
	Store *db.Store
	// Clock is the shop's own time; Steady (default: Clock) counts quotas.
	Clock, Steady clock.Clock
	Events        *event.Log
	Log           *slog.Logger

	// Upstream is the adapter's name ("ljpc"); Source, Checker, Pricer and Terms are
	// what it can do. A nil Checker leaves names unknown, a nil Pricer leaves the
	// TLD's indicative price, nil Terms mean one year.
	Upstream string
	Source   upstream.Catalogue
	Checker  upstream.DomainChecker
	Pricer   upstream.DomainPricer
	Terms    upstream.Terms

	Currency money.Currency
	Basis    Basis // default Net
	// HomeRate is the seller's own VAT rate in percent (21) at an instant.
	HomeRate func(time.Time) decimal.Decimal
	// SellableTLD says whether the shop can carry what a TLD asks of a registrant;
	// nil: all. A TLD that it refuses is not sold, whatever its price.
	SellableTLD func(tld string) (ok bool, reason string)
	// OwnSpaces are the operator's own hosting spaces that are sold by the site.
	OwnSpaces []OwnSpace

	// JumpPercent is the change of a cost that is not believed; default 20.
	JumpPercent int64
	// VanishPercent is the part of what is on sale that may be missing from an answer
	// before it counts as a half one; default 50.
	VanishPercent int64

	// CheckTTL is how long a name's availability is believed; default 30 s.
	CheckTTL time.Duration
	// CheckTimeout bounds the upstream's calls of one check; default 10 s.
	CheckTimeout time.Duration
	// CheckNames is how many names one call may ask; default 50. CheckRate and
	// CheckBurst are a client's quota in names: default 120 a minute and 100.
	CheckNames, CheckRate, CheckBurst int
}

// OwnSpace is hosting on a space that the operator already rents: it costs nothing
// more, and has the price that is set here, in the shop's basis.
type OwnSpace struct {
	SpaceID           int64
	Name, Description string
	Month, Year       *money.Amount
}

func (conf Config) withDefaults() Config {
	if conf.Steady == nil {
		conf.Steady = conf.Clock
	}
	if conf.Log == nil {
		conf.Log = slog.New(slog.DiscardHandler)
	}
	if conf.Basis == "" {
		conf.Basis = Net
	}
	if conf.Currency == "" {
		conf.Currency = money.EUR
	}
	if conf.HomeRate == nil {
		conf.HomeRate = func(time.Time) decimal.Decimal { return decimal.Zero }
	}
	orElse(&conf.JumpPercent, 20)
	orElse(&conf.VanishPercent, 50)
	orElse(&conf.CheckTTL, 30*time.Second)
	orElse(&conf.CheckTimeout, 10*time.Second)
	orElse(&conf.CheckNames, 50)
	orElse(&conf.CheckRate, 120)
	orElse(&conf.CheckBurst, 100)
	conf.CheckBurst = max(conf.CheckBurst, conf.CheckNames)
	return conf
}

func orElse[T int | int64 | time.Duration](v *T, standard T) {
	if *v <= 0 {
		*v = standard
	}
}
