package app

import (
	"context"
	"fmt"
	"time"

	"hostfront/account"
	"hostfront/agree"
	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/cron"
	"hostfront/db"
	"hostfront/dunning"
	"hostfront/event"
	"hostfront/mail"
	"hostfront/order"
	"hostfront/seal"
	"hostfront/service"
	"hostfront/task"
	"hostfront/tax"
	"hostfront/upstream/ljpc"

	"github.com/alexedwards/argon2id"
)

// soleOwner says that no other process works on the database: the lock file of SQLite
// keeps a second server off, not a command beside the server.
func (a *App) soleOwner() bool { return a.Store.Engine() == db.SQLite && !a.options.beside }

// newEngine makes the rooms that carry out what the others decide.
func (a *App) newEngine() error {
	a.Events = event.New(a.Store, a.Clock)
	a.Tasks = task.New(task.Config{
		Store: a.Store, Clock: a.Clock, Steady: a.options.Steady, Entropy: a.options.Entropy, Log: a.log,
		SoleOwner: a.soleOwner(),
		Slots:     map[string]int{"sandbox": 64, "stripe": 32, billing.Queue: 8, "ljpc": a.Config.LJPC.Concurrency},
		Yielding:  []string{mail.Queue},
		Alarm:     a.Events.TaskAlarm,
	})
	a.Jobs = cron.New(cron.Config{
		Store: a.Store, Clock: a.Clock, Steady: a.options.Steady, Log: a.log, Events: a.Events,
		SoleOwner: a.soleOwner(),
	})
	return nil
}

// newCatalog makes the upstream's adapter and the mirror of what it sells.
func (a *App) newCatalog(ctx context.Context, calculator *tax.Calculator) error {
	currency, err := a.Config.Shop.currency()
	if err != nil {
		return err
	}
	spaces, err := ownSpaces(a.Config.LJPC.Spaces, currency)
	if err != nil {
		return err
	}
	a.Upstream, err = ljpc.New(ljpc.Config{
		BaseURL: a.Config.LJPC.BaseURL, APIKey: a.Config.LJPC.APIKey, Transport: a.Store.Guard(a.options.Transport),
		Clock: a.options.Steady, Log: a.log, Observe: a.observeUpstream(), SpaceIDs: spaceIDs(spaces),
		Tell: a.tellPermission,
	})
	if err != nil {
		return err
	}
	if err := a.recallPermissions(ctx); err != nil {
		return err
	}
	conf := catalog.Config{
		Store: a.Store, Clock: a.Clock, Steady: a.options.Steady, Events: a.Events, Log: a.log,
		Upstream: a.Upstream.Name(), Source: a.Upstream, Checker: a.Upstream, Pricer: a.Upstream, Terms: a.Upstream,
		Currency: currency, Basis: catalog.Basis(a.Config.Shop.PriceBasis), HomeRate: calculator.HomeRate,
		SellableTLD: sellable, OwnSpaces: spaces,
	}
	if a.options.UnlimitedTries {
		conf.CheckRate, conf.CheckBurst = unlimited, unlimited
	}
	a.Catalog = catalog.New(conf)
	return nil
}

// sellable keeps a TLD off sale whose registrant data the upstream cannot carry.
func sellable(tld string) (bool, string) {
	if account.TLDNeedsUnsupported(tld) {
		return false, "the registry asks for data that the upstream cannot carry"
	}
	return true, ""
}

// unlimited is a burst that no load run reaches.
const unlimited = 1 << 30

func (a *App) newAccounts(sealer *seal.Sealer, keys []seal.Key) error {
	conf := account.Config{
		Store: a.Store, Clock: a.Clock, Events: a.Events, Sealer: sealer, SigningKey: keys[0].Derive("access tokens"), Log: a.log,
	}
	if a.options.CheapHash {
		conf.Hash = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	}
	if a.options.UnlimitedTries {
		free := account.Limit{Burst: unlimited, Every: time.Nanosecond}
		conf.Limits = account.Limits{LoginAccount: free, LoginAddress: free, MailAccount: free, MailAddress: free, RegisterAddress: free}
		conf.HashQueue = 1 << 20
	}
	a.Accounts = account.New(conf)
	return nil
}

func (a *App) newBilling(ctx context.Context, sealer *seal.Sealer, calculator *tax.Calculator) error {
	currency, err := a.Config.Shop.currency()
	if err != nil {
		return err
	}
	gateways, err := a.gateways(ctx)
	if err != nil {
		return err
	}
	policies, err := a.Config.policies()
	if err != nil {
		return err
	}
	policies.Workers, policies.KeepCredit = a.atOnce(), a.Config.Shop.KeepCredit
	policies.LostDispute = billing.LostPolicy(a.Config.Shop.LostDispute)
	a.Config.Shop.decide(&policies)
	a.Billing, err = billing.New(billing.Config{
		Store: a.Store, Clock: a.Clock, Tasks: a.Tasks, Events: a.Events, Accounts: a.Accounts, Tax: calculator,
		Sealer: sealer, Log: a.log, Gateways: gateways, Currency: currency, Seller: a.Config.seller(), Entropy: a.options.Entropy,
		Policies: policies,
	})
	return err
}

// newDelivery makes the rooms of quote, order and what becomes of it.
func (a *App) newDelivery(sealer *seal.Sealer, calculator *tax.Calculator) error {
	currency, err := a.Config.Shop.currency()
	if err != nil {
		return err
	}
	a.Services, err = service.New(service.Config{
		Store: a.Store, Clock: a.Clock, Tasks: a.Tasks, Events: a.Events, Billing: a.Billing, Accounts: a.Accounts,
		Sealer: sealer, Adapters: []service.Adapter{a.Upstream}, RefundPolicy: a.Config.Shop.FailedLine, Log: a.log, AtOnce: a.atOnce(),
	})
	if err != nil {
		return err
	}
	deadlines, err := a.Config.LJPC.deadlines()
	if err != nil {
		return err
	}
	a.Agree = agree.New(agree.Config{
		Store: a.Store, Clock: a.Clock, Tasks: a.Tasks, Events: a.Events, Services: a.Services,
		Sources: []agree.Source{a.Upstream}, Limit: a.Config.LJPC.CompareLimit, Log: a.log,
		Deadlines: deadlines,
	})
	a.Orders, err = order.New(order.Config{
		Store: a.Store, Clock: a.Clock, Tasks: a.Tasks, Events: a.Events, Catalog: a.Catalog, Accounts: a.Accounts,
		Billing: a.Billing, Services: a.Services, Tax: calculator, Sealer: sealer, Log: a.log,
		TermsVersion: a.Config.Shop.TermsVersion, Currency: currency, SellerCountry: a.Config.Shop.Country, Upstream: a.Upstream.Name(),
		Entropy: a.options.Entropy, AtOnce: a.atOnce(),
	})
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	a.Dunning = dunning.New(dunning.Config{
		Store: a.Store, Clock: a.Clock, Events: a.Events, Accounts: a.Accounts, Billing: a.Billing,
		Services: a.Services, Currency: currency,
	})
	return nil
}

// atOnce is how much of one kind goes on beside each other: zero is each room's own
// choice.
func (a *App) atOnce() int {
	if a.options.OneAtATime {
		return 1
	}
	return 0
}
