package account_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/seal"

	"github.com/alexedwards/argon2id"
)

// room is an open room on a database of its own, with a clock that stands still
// and hashing as cheap as argon2 allows.
type room struct {
	*account.Accounts
	store  *db.Store
	clock  *clock.Manual
	sealer *seal.Sealer

	mu     sync.Mutex
	events []event.Event
}

var ctx = context.Background()

func open(t *testing.T, change ...func(*account.Config)) *room {
	t.Helper()
	t.Parallel()
	r := &room{clock: clock.NewManual(dbtest.Start())}
	r.store = dbtest.Open(t, func(o *db.Options) { o.Clock = r.clock })
	key, err := seal.ParseKey("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	must(t, err)
	r.sealer, err = seal.New(key)
	must(t, err)
	log := event.New(r.store, r.clock)
	for _, kind := range []string{account.EventPasswordReset, account.EventSignInLink, "account.token_reused", "account.vat_changed"} {
		log.Subscribe(kind, r.record)
	}
	cfg := account.Config{
		Store: r.store, Clock: r.clock, Events: log, Sealer: r.sealer, SigningKey: []byte("a secret of the app, 32 bytes long"),
		Hash: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16},
	}
	for _, f := range change {
		f(&cfg)
	}
	r.Accounts = account.New(cfg)
	return r
}

func (r *room) record(_ context.Context, _ *db.Queries, e event.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	return nil
}

// kinds are the kinds of the events so far.
func (r *room) kinds() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	kinds := []string{}
	for _, e := range r.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// linkToken opens the token of the last link that was to be mailed.
func (r *room) linkToken(t *testing.T) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.events) == 0 {
		t.Fatal("no link was to be mailed")
	}
	var sent account.LinkSent
	must(t, json.Unmarshal(r.events[len(r.events)-1].Data, &sent))
	token, err := r.sealer.Open(sent.SealedToken)
	must(t, err)
	return string(token)
}

func ada() account.Registration {
	return account.Registration{Email: "Ada@Example.com", Password: "correct horse", FirstName: "Ada", LastName: "Lovelace", Country: "NL"}
}

func (r *room) register(t *testing.T) (account.Tokens, account.Customer) {
	t.Helper()
	tokens, c, err := r.Register(ctx, ada())
	must(t, err)
	return tokens, c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("error is %v, want code %s", err, code)
	}
}

// wantFields checks that err names exactly these fields, each with its code.
func wantFields(t *testing.T, err error, want map[string]string) {
	t.Helper()
	e, ok := fault.As(err)
	if !ok {
		t.Fatalf("error is %v, want bad fields %v", err, want)
	}
	got := map[string]string{}
	for _, f := range e.Fields {
		got[f.Name] = f.Code
		if f.Message == "" {
			t.Errorf("field %s has no message", f.Name)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("bad fields are %v, want %v", got, want)
	}
	for name, code := range want {
		if got[name] != code {
			t.Errorf("field %s is %q, want %q", name, got[name], code)
		}
	}
}

func (r *room) signedIn(t *testing.T, tokens account.Tokens) bool {
	t.Helper()
	_, err := r.Authenticate(ctx, tokens.AccessToken)
	if err != nil {
		wantCode(t, err, "token_invalid")
	}
	return err == nil
}

const day = 24 * time.Hour
