package sim_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/app/apptest"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/stripe"

	"github.com/shopspring/decimal"
)

// program is the real one, built and run as a process, and the world outside it.
type program struct {
	t                *testing.T
	binary, database string
	address, token   string
	env              []string
	dice             *dice
	ljpc             *ljpc.Server
	stripe           *stripe.Server
	// ahead is how far time is ahead of the wall clock, in milliseconds.
	ahead atomic.Int64

	// answers counts what customers were answered.
	answers atomic.Int64

	process *exec.Cmd
	said    bytes.Buffer // what it logged, for a test that fails

	mu   sync.Mutex
	seen tally
}

func openProgram(t *testing.T) *program {
	t.Helper()
	dir := folder(t)
	p := &program{t: t, binary: filepath.Join(dir, "hostfront"), database: filepath.Join(dir, "kill.db"), dice: newDice(max(*seed, 1), 9), seen: tally{}}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", p.binary, "hostfront")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, said)
	}
	p.address = freeAddress(t)
	p.openOutside()
	p.furnish()
	t.Cleanup(func() {
		if p.process != nil {
			p.kill()
		}
		if t.Failed() {
			t.Logf("the program logged:\n%s", p.said.String())
		}
	})
	return p
}

// Now is the time, for the stand-ins as for the program.
func (p *program) Now() time.Time {
	return clock.System{}.Now().Add(time.Duration(p.ahead.Load()) * time.Millisecond)
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// openOutside has the stand-ins listen: they are there whatever becomes of the
// program.
func (p *program) openOutside() {
	var err error
	p.ljpc, err = ljpc.New(ljpc.Options{Clock: p, APIKey: upstreamKey, Seed: 1, Spaces: []int64{812}, Products: products(), TLDs: tlds(), Step: 20 * time.Millisecond})
	p.must(err, "open the stand-in of LJPc")
	p.stripe, err = stripe.New(stripe.Options{Clock: p, Key: stripeKey, WebhookSecret: stripeSecret, WebhookURL: "http://" + p.address + "/v1/webhooks/stripe"})
	p.must(err, "open the stand-in of Stripe")
	upstream, provider := httptest.NewServer(p.ljpc), httptest.NewServer(p.stripe)
	p.t.Cleanup(func() { p.stripe.Close(); upstream.Close(); provider.Close() })
	p.env = append(os.Environ(),
		"HOSTFRONT_LISTEN="+p.address, "DATABASE_URL="+p.database, "HOSTFRONT_BASE_URL=http://"+p.address, "HOSTFRONT_LOG_LEVEL=error",
		"HOSTFRONT_SECRET_KEY="+secretKey, "HOSTFRONT_TRUSTED_PROXIES=127.0.0.1", "LJPC_API_KEY="+upstreamKey, "LJPC_BASE_URL="+upstream.URL,
		"STRIPE_SECRET_KEY="+stripeKey, "STRIPE_PUBLISHABLE_KEY=pk_test_sim", "STRIPE_WEBHOOK_SECRET="+stripeSecret, "STRIPE_API_BASE="+provider.URL,
		"SHOP_COUNTRY=NL", "SHOP_VAT_ID=NL123456789B01", "SHOP_SELLER=Sim Hosting B.V.", "SHOP_STREET=Keizersgracht 1", "SHOP_POSTCODE=1015 CJ", "SHOP_CITY=Amsterdam",
		"MAIL_FOLDER="+filepath.Join(filepath.Dir(p.database), "mail"), "MAIL_FROM=shop@example.com",
	)
}

// furnish mirrors and prices the catalogue and lets staff in, before the first start.
func (p *program) furnish() {
	ctx := p.t.Context()
	for _, step := range []string{"migrate", "sync"} {
		if said, err := p.command(step).CombinedOutput(); err != nil {
			p.t.Fatalf("hostfront %s: %v\n%s", step, err, said)
		}
	}
	a, err := app.OpenBeside(ctx, app.Config{
		DatabaseURL: p.database, SecretKey: secretKey, Shop: app.ShopConfig{Country: "NL", Currency: "EUR", VATScheme: "oss@2021-07-01", PriceBasis: "gross", VATID: "NL123456789B01", FailedLine: "auto", RenewalPrice: "keep", PriceNotice: 30, CancelRest: "credit", PauseBy: "customer"},
		LJPC: app.LJPCConfig{APIKey: upstreamKey, Concurrency: 64, BaseURL: ljpcAddress}, Mail: app.MailConfig{From: "shop@example.com"}, BaseURL: shopAddress, LogLevel: "error",
	}, app.Options{Log: slog.New(slog.DiscardHandler)})
	p.must(err, "open the shop")
	p.must(a.Catalog.EnsureRules(ctx, []catalog.Rule{{
		Scope: catalog.ScopeShop, Method: catalog.Percent, Value: decimal.NewFromInt(25), Floor: decimal.RequireFromString("0.50"),
	}}), "price the catalogue")
	p.token, err = a.Accounts.CreateAdmin(ctx, apptest.AdminEmail, "owner")
	p.must(err, "let staff in")
	p.must(a.Close(), "close the shop")
}

func (p *program) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(p.t.Context(), p.binary, args...)
	c.Env, c.Dir = p.env, filepath.Dir(p.database)
	return c
}

// start starts the program and waits until it answers.
func (p *program) start() {
	p.t.Helper()
	p.process = p.command("serve")
	p.process.Stderr = &p.said
	p.must(p.process.Start(), "start the program")
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		response, err := http.Get("http://" + p.address + "/healthz")
		if err == nil {
			response.Body.Close()
			return
		}
		p.wait(5 * time.Millisecond)
	}
	p.t.Fatalf("the program does not answer:\n%s", p.said.String())
}

// kill ends it without a word.
func (p *program) kill() {
	p.must(p.process.Process.Kill(), "kill the program")
	_ = p.process.Wait() // killed, as it was meant to be
	p.process = nil
	p.count("kills")
}

// stop ends it as an operator does.
func (p *program) stop() {
	p.t.Helper()
	p.must(p.process.Process.Signal(syscall.SIGTERM), "stop the program")
	if err := p.process.Wait(); err != nil {
		p.t.Errorf("the program ended with %v", err)
	}
	p.process = nil
}

// away lets time go by while the program does not run: its clock is ahead by what its
// database says, as a demo's is.
func (p *program) away(d time.Duration) {
	p.t.Helper()
	ahead := p.ahead.Add(d.Milliseconds())
	s, err := db.Open(p.t.Context(), p.database, db.Options{})
	p.must(err, "open the database")
	p.must(s.Tx(p.t.Context(), func(q *db.Queries) error {
		return q.SettingPut(p.t.Context(), db.SettingPutParams{Name: "clock_offset_ms", Value: fmt.Sprint(ahead), UpdatedAt: db.At(p.Now())})
	}), "move the clock")
	p.must(s.Close(), "close the database")
}

// staff settles what is held, after a look at LJPc's panel.
func (p *program) staff() {
	client := &storefront{program: p, token: p.token, address: "192.0.2.250"}
	s := client.ask(http.MethodGet, "/v1/admin/tasks?state=held&limit=100", nil, "")
	var held list[taskSeen]
	if !s.ok() {
		p.t.Fatalf("list the held tasks: %s", s)
	}
	s.into(&held)
	for _, task := range held.Items {
		p.count("held: " + task.Kind + " " + task.ErrorCode)
		path, body := "/v1/admin/tasks/"+task.ID+"/retry", any(nil)
		if orders := p.ljpc.OrdersOf(task.Subject); len(orders) > 0 {
			path = "/v1/admin/tasks/" + task.ID + "/settle"
			body = map[string]any{"outcome": "placed", "result": map[string]any{"order_id": fmt.Sprint(orders[len(orders)-1].ID)}, "note": "seen in LJPc's panel"}
		}
		if s := client.ask(http.MethodPost, path, body, ""); !s.ok() {
			p.t.Errorf("POST %s: %s", path, s)
		}
	}
}

func (p *program) count(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[what]++
}

func (p *program) must(err error, what string) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", what, err, strings.TrimSpace(p.said.String()))
	}
}
