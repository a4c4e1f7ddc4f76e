package app

import (
	"time"

	"hostfront/api"
	"hostfront/throttle"

	"github.com/valyala/fasthttp"
)

// newAPI puts the rooms behind HTTP.
func (a *App) newAPI() error {
	proxies, err := a.Config.proxies()
	if err != nil {
		return err
	}
	a.newStanding()
	cfg := api.Config{
		Store: a.Store, Clock: a.Clock, Steady: a.options.Steady, Log: a.log, Tasks: a.Tasks, Events: a.Events, Jobs: a.Jobs,
		Catalog: a.Catalog, Accounts: a.Accounts, Billing: a.Billing, Services: a.Services, Orders: a.Orders, Agree: a.Agree,
		Dunning: a.Dunning, Mailer: a.Mailer, Rights: a.Upstream,
		Metrics: a.metrics, Version: release, AllowedOrigins: a.Config.Origins, Draining: a.draining, TrustedProxies: proxies, Pages: a.options.Pages,
	}
	if a.options.UnlimitedTries {
		free := throttle.Limit{Burst: unlimited, Every: time.Nanosecond}
		cfg.Limits = api.Limits{Quote: free, Checkout: free, CheckoutAddress: free, CheckoutRefused: free}
	}
	if a.options.MovableTime {
		cfg.Time = a
	}
	a.API = api.New(cfg)
	return nil
}

// Handler is the API without a listener, for tests.
func (a *App) Handler() fasthttp.RequestHandler { return a.API.Fiber().Handler() }
