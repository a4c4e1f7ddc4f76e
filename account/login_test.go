package account_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/fault"
)

func TestLogin(t *testing.T) {
	r := open(t)
	r.register(t)
	linkOnly := ada()
	linkOnly.Email, linkOnly.Password = "link@example.com", ""
	_, _, err := r.Register(ctx, linkOnly)
	must(t, err)
	for _, tt := range []struct{ name, email, password, code string }{
		{"nothing", "", "", "bad_credentials"},
		{"unknown address", "bob@example.com", "correct horse", "bad_credentials"},
		{"wrong password", "ada@example.com", "wrong horse", "bad_credentials"},
		{"no password", "ada@example.com", "", "bad_credentials"},
		{"customer without a password", "link@example.com", "", "bad_credentials"},
		{"the decoy's password", "link@example.com", "nobody has this password", "bad_credentials"},
		{"a megabyte of password", "ada@example.com", string(make([]byte, 1<<20)), "bad_credentials"},
		{"right", "ada@example.com", "correct horse", ""},
		{"right in another case", " ADA@example.COM ", "correct horse", ""},
	} {
		tokens, c, err := r.Login(ctx, tt.email, tt.password, "")
		if tt.code != "" {
			if !fault.Is(err, tt.code) || tokens != (account.Tokens{}) || c.ID != "" {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil || !r.signedIn(t, tokens) || c.Email != "Ada@Example.com" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestTriesAtOneAccountAreLimitedWhereverTheyComeFrom(t *testing.T) {
	r := open(t, func(c *account.Config) { c.Limits.LoginAccount = account.Limit{Burst: 3, Every: time.Minute} })
	r.register(t)
	for range 3 {
		_, _, err := r.Login(ctx, "ada@example.com", "wrong horse", "")
		wantCode(t, err, "bad_credentials")
	}
	_, _, err := r.Login(ctx, "ADA@example.com", "correct horse", "198.51.100.7")
	wantCode(t, err, "too_many_tries")
	if e, _ := fault.As(err); e.RetryAfter < time.Minute || e.RetryAfter > time.Minute+time.Second {
		t.Errorf("told to wait %s", e.RetryAfter)
	}
	_, _, err = r.Login(ctx, "bob@example.com", "correct horse", "")
	wantCode(t, err, "bad_credentials") // another account is not limited
	r.clock.Advance(time.Minute)
	if _, _, err := r.Login(ctx, "ada@example.com", "correct horse", ""); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestTriesFromOneAddressAreLimitedWhateverTheyTry(t *testing.T) {
	r := open(t, func(c *account.Config) { c.Limits.LoginAddress = account.Limit{Burst: 2, Every: time.Minute} })
	r.register(t)
	_, _, err := r.Login(ctx, "bob@example.com", "guess", "203.0.113.9")
	wantCode(t, err, "bad_credentials")
	_, _, err = r.SignIn(ctx, "guess", "203.0.113.9")
	wantCode(t, err, "link_invalid")
	_, _, err = r.Login(ctx, "ada@example.com", "correct horse", "203.0.113.9")
	wantCode(t, err, "too_many_tries")
	_, _, err = r.Login(ctx, "ada@example.com", "correct horse", "203.0.113.10")
	must(t, err)
}

func TestUnknownAddressIsHashedForLikeAKnownOne(t *testing.T) {
	r := open(t)
	r.register(t)
	linkOnly := ada()
	linkOnly.Email, linkOnly.Password = "link@example.com", ""
	_, _, err := r.Register(ctx, linkOnly)
	must(t, err)
	r.OccupyHashing()
	for _, email := range []string{"ada@example.com", "link@example.com", "nobody@example.com", "not an address"} {
		_, _, err := r.Login(ctx, email, "wrong horse", "")
		if e, ok := fault.As(err); !ok || e.Code != "busy" || e.Kind != fault.Away {
			t.Errorf("%s is answered without hashing: %v", email, err)
		}
	}
}
