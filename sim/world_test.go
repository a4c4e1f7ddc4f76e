package sim_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/app/apptest"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/stripe"

	"github.com/shopspring/decimal"
)

// The keys of the stand-ins, and where they are: no request leaves the process.
const (
	upstreamKey   = "sim-upstream-key"
	stripeKey     = "sk_test_sim"
	stripeSecret  = "whsec_sim"
	secretKey     = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	ljpcAddress   = "http://ljpc.example"
	stripeAddress = "http://stripe.example"
	shopAddress   = "http://shop.example"
)

// opening is when every world begins: the last day of a January.
var opening = time.Date(2026, time.January, 31, 8, 0, 0, 0, time.UTC)

// world is a shop and all that is outside it. One thing happens at a time.
type world struct {
	scenario
	t    testing.TB
	ctx  context.Context
	path string // of the database

	app     *app.App
	config  app.Config
	options app.Options
	time    *clock.Manual // the shop's business clock
	steady  *clock.Manual
	power   *power

	ljpc   *ljpc.Server
	stripe *stripe.Server
	wire   *wire
	hooks  *mailbag
	agenda agenda
	dice   *dice
	// jobsAt is when the shop's jobs are looked at next, pace how that is drawn.
	jobsAt time.Time
	pace   *dice

	people []*person
	staff  staff
	seen   tally
}

// tally counts what happened, for the report: a world where nothing happens proves
// nothing.
type tally map[string]int

// openWorld opens a shop with a small catalogue, and its people.
func openWorld(t testing.TB, s scenario) *world {
	t.Helper()
	w := &world{
		scenario: s, t: t, ctx: t.Context(), path: filepath.Join(folder(t), "sim.db"), time: clock.NewManual(opening), steady: clock.NewManual(opening),
		power: newPower(), dice: newDice(s.seed, 1), pace: newDice(s.seed, 6), seen: tally{},
	}
	w.hooks = &mailbag{world: w, dice: newDice(s.seed, 2)}
	w.wire = &wire{world: w, dice: newDice(s.seed, 3), away: map[string]time.Time{}}
	w.openOutside()
	w.configure()
	w.open()
	w.furnish()
	t.Cleanup(func() {
		if err := w.app.Close(); err != nil && !w.power.dead() {
			t.Errorf("close the shop: %v", err)
		}
	})
	return w
}

// folder is in memory where there is such a place: nothing here is to be kept, and
// the program's own way to write stays as it is.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "hostfront-sim-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// Now is the time, for the shop and for the stand-ins.
func (w *world) Now() time.Time { return w.time.Now() }

func (w *world) openOutside() {
	var err error
	w.ljpc, err = ljpc.New(ljpc.Options{
		Clock: w, APIKey: upstreamKey, Seed: w.seed, Spaces: []int64{812}, Products: products(), TLDs: tlds(),
	})
	w.must(err, "open the stand-in of LJPc")
	w.stripe, err = stripe.New(stripe.Options{
		Clock: w, Key: stripeKey, WebhookSecret: stripeSecret, Entropy: seeded(w.seed, 4), Deliver: w.hooks.take,
	})
	w.must(err, "open the stand-in of Stripe")
}

func (w *world) configure() {
	w.config = app.Config{
		DatabaseURL: w.path, BaseURL: shopAddress, LogLevel: "error",
		SecretKey: secretKey,
		Shop: app.ShopConfig{
			Name: "Sim Hosting", Seller: "Sim Hosting B.V.", Street: "Keizersgracht 1", Postcode: "1015 CJ", City: "Amsterdam",
			Country: "NL", VATID: "NL123456789B01", VATScheme: "oss@2021-07-01", PriceBasis: "gross",
			Currency: "EUR", FailedLine: "auto", RenewalPrice: "keep", PriceNotice: 30, CancelRest: "credit", PauseBy: "customer", TermsVersion: "sim-1",
		},
		LJPC: app.LJPCConfig{APIKey: upstreamKey, Concurrency: 64, BaseURL: ljpcAddress, Spaces: []string{"812:Hosting on our own space:4.99:49.90"}},
		Stripe: app.StripeConfig{
			SecretKey: stripeKey, PublishableKey: "pk_test_sim", WebhookSecrets: []string{stripeSecret}, APIBase: stripeAddress,
		},
		Mail: app.MailConfig{From: "shop@example.com"},
	}
	w.options = app.Options{
		Clock: w.time, Steady: w.steady, Log: slog.New(slog.DiscardHandler), Transport: w.wire, Cut: w.power.point, Group: 1,
		CheapHash: true, UnlimitedTries: true, Throwaway: true, OneAtATime: true, Entropy: seeded(w.seed, 5),
		// What it would find at night is asked after every day, and then ends the world.
		Jobs: func(name string) bool { return name != "audit" },
	}
}

// open starts the shop on the world's database.
func (w *world) open() {
	a, err := app.Open(w.ctx, w.config, w.options)
	w.must(err, "open the shop")
	w.app = a
}

// furnish mirrors the catalogue, prices it and lets staff in, in good weather.
func (w *world) furnish() {
	w.wire.clear = true
	defer func() { w.wire.clear = false }()
	_, err := w.app.Catalog.Sync(w.ctx, nil)
	w.must(err, "mirror the catalogue")
	w.must(w.app.Catalog.EnsureRules(w.ctx, []catalog.Rule{{
		Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25), Floor: decimal.RequireFromString("0.50"),
		Intro: catalog.Intro{Periods: 3, Method: catalog.IntroPercent, Value: decimal.NewFromInt(40), OncePerCustomer: true},
	}}), "price the catalogue")
	w.must(w.app.Catalog.Refresh(w.ctx), "publish the catalogue")
	w.staff.token, err = w.app.Accounts.CreateAdmin(w.ctx, apptest.AdminEmail, "owner")
	w.must(err, "let staff in")
}

// revive is what follows a power cut: the process is gone, the database and the world
// outside are as they were; perhaps it takes a while until somebody notices.
func (w *world) revive() {
	w.seen["kills"]++
	_ = w.app.Close() // what dies does not close its books: its error is the cut
	if w.dice.happens(w.rates.downtime) {
		w.seen["downtimes"]++
		w.pass(w.dice.between(time.Hour, 2*day))
	}
	w.power.restore()
	w.open()
	w.jobsAt = w.Now()
}

// pass lets time go by, whatever is due.
func (w *world) pass(d time.Duration) {
	w.time.Advance(d)
	w.steady.Advance(d)
}

func (w *world) must(err error, what string) {
	w.t.Helper()
	if err != nil {
		w.fail("%s: %v", what, err)
	}
}

// fail ends the test with the seed that repeats it.
func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("seed %d, %d customers, on %s: %s\nagain: go test ./sim -run TestYears -seed %d -customers %d -days %d -rough %d",
		w.seed, w.customers, w.Now().Format(time.RFC3339), fmt.Sprintf(format, args...), w.seed, w.customers, w.days, *rough)
}
