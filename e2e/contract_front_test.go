package e2e

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/app/apptest"

	"github.com/gavv/httpexpect/v2"
)

// front is a shop as its callers meet it: every answer is held against the document.
type front struct {
	*apptest.World
	t *testing.T
	// database is its URL, mails the folder that its mails are in.
	database, mails string
	// failing lets answers of 500 and more pass.
	failing bool
}

// openFront opens a shop of the test's own, with a small catalogue.
func openFront(t *testing.T, options ...apptest.Option) *front {
	t.Helper()
	return openWith(t, func(options ...apptest.Option) *apptest.World {
		return apptest.NewSmall(t, apptest.Outside{}, options...)
	}, options...)
}

// openWith opens a shop in the world that open makes.
func openWith(t *testing.T, open func(...apptest.Option) *apptest.World, options ...apptest.Option) *front {
	t.Helper()
	f := &front{t: t, mails: t.TempDir()}
	settings := func(c *app.Config, o *app.Options) {
		f.database, c.Mail.SMTPURL, c.Mail.Folder = c.DatabaseURL, "", f.mails
		o.Log = slog.New(slog.NewTextHandler(&journal{t: t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	f.World = open(append([]apptest.Option{settings}, options...)...)
	return f
}

// journal keeps the shop's log and shows it when the test has failed.
type journal struct {
	t     *testing.T
	once  sync.Once
	mu    sync.Mutex
	lines bytes.Buffer
}

// Write keeps a line.
func (j *journal) Write(line []byte) (int, error) {
	j.once.Do(func() { j.t.Cleanup(j.show) })
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.Write(line)
}

func (j *journal) show() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.t.Failed() {
		j.t.Logf("the shop's log:\n%s", j.lines.Bytes())
	}
}

// caller is somebody who calls the shop: a visitor, a customer, staff.
type caller struct {
	*front
	t     *testing.T
	token string
	key   string
}

// visitor has no token.
func (f *front) visitor() caller { return caller{front: f, t: f.t} }

// staff is the owner.
func (f *front) staff() caller { return f.holder(f.AdminToken) }

// holder has any token.
func (f *front) holder(token string) caller { return caller{front: f, t: f.t, token: token} }

// in is the same caller in a subtest.
func (c caller) in(t *testing.T) caller { c.t = t; return c }

// once is the same caller with an Idempotency-Key.
func (c caller) once(key string) caller { c.key = key; return c }

// password is everybody's.
const password = "a long enough password"

// customer registers somebody and signs them in.
func (f *front) customer(email string) caller {
	f.t.Helper()
	session := f.visitor().post("/v1/auth/register", registration(email), http.StatusCreated)
	return f.holder(session.Path("$.access_token").String().Raw())
}

func registration(email string) map[string]any {
	return map[string]any{
		"email": email, "password": password, "first_name": "Anna", "last_name": "Visser", "country": "NL",
		"street": "Keizersgracht", "number": "1", "postcode": "1015 CJ", "city": "Amsterdam",
	}
}

// request begins a call that is held against the document.
func (c caller) request(method, address string) *httpexpect.Request {
	c.t.Helper()
	path, query, _ := strings.Cut(address, "?")
	expect := httpexpect.WithConfig(httpexpect.Config{
		BaseURL: "http://shop.example", Reporter: httpexpect.NewFatalReporter(c.t),
		Client: &http.Client{
			Transport:     checked{next: httpexpect.NewFastBinder(wired(c.App.Handler())), failing: c.failing},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	})
	r := expect.Request(method, strings.ReplaceAll(path, "{", "%7B"))
	if query != "" {
		r = r.WithQueryString(query)
	}
	if c.token != "" {
		r = r.WithHeader("Authorization", "Bearer "+c.token)
	}
	if c.key != "" {
		r = r.WithHeader("Idempotency-Key", c.key)
	}
	return r
}

// call makes a call and wants a status.
func (c caller) call(method, address string, body any, status int) *httpexpect.Response {
	c.t.Helper()
	r := c.request(method, address)
	if body != nil {
		r = r.WithJSON(body)
	}
	response := r.Expect()
	if got := response.Raw().StatusCode; got != status {
		c.t.Fatalf("%s %s answered %d, want %d: %s", method, address, got, status, response.Body().Raw())
	}
	return response
}

func (c caller) get(address string) *httpexpect.Value {
	c.t.Helper()
	return c.call(http.MethodGet, address, nil, http.StatusOK).JSON()
}

func (c caller) post(address string, body any, status int) *httpexpect.Value {
	c.t.Helper()
	response := c.call(http.MethodPost, address, body, status)
	if status == http.StatusNoContent || status == http.StatusAccepted {
		return nil
	}
	return response.JSON()
}

func (c caller) put(address string, body any, status int) *httpexpect.Value {
	c.t.Helper()
	response := c.call(http.MethodPut, address, body, status)
	if status == http.StatusNoContent {
		return nil
	}
	return response.JSON()
}

// refused makes a call that must end in a problem with this status and code.
func (c caller) refused(method, address string, body any, status int, code string) problem {
	c.t.Helper()
	var p problem
	c.call(method, address, body, status).JSON(httpexpect.ContentOpts{MediaType: "application/problem+json"}).Decode(&p)
	if p.Code != code {
		c.t.Fatalf("%s %s: the problem is %q, want %q: %+v", method, address, p.Code, code, p)
	}
	return p
}

// text is a text at a place of an answer.
func text(v *httpexpect.Value, path string) string { return v.Path("$." + path).String().Raw() }

// drain has the shop do all that is due.
func (f *front) drain() {
	f.t.Helper()
	if err := f.Drain(); err != nil {
		f.t.Fatal(err)
	}
}

// pass lets time go by.
func (f *front) pass(d time.Duration) {
	f.t.Helper()
	if err := f.Move(d); err != nil {
		f.t.Fatal(err)
	}
}

// press presses a button of the provider's page, as a browser does.
func (f *front) press(page, choice string) {
	f.t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.PostForm(page, url.Values{"choice": {choice}})
	if err != nil {
		f.t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		f.t.Fatalf("the provider's page answered %d", response.StatusCode)
	}
}
