package account_test

import (
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/fault"
)

func TestResetSetsANewPasswordAndEndsEverySession(t *testing.T) {
	r := open(t)
	before, c := r.register(t)
	must(t, r.RequestReset(ctx, "ADA@example.com", ""))
	token := r.linkToken(t)

	_, _, err := r.Reset(ctx, token, "short", "")
	wantFields(t, err, map[string]string{"password": "too_short"})
	after, got, err := r.Reset(ctx, token, "battery staple", "")
	must(t, err)
	if got.ID != c.ID || !got.EmailConfirmed || !r.signedIn(t, after) || r.signedIn(t, before) {
		t.Errorf("after the reset: %+v", got)
	}
	_, _, err = r.Login(ctx, c.Email, "correct horse", "")
	wantCode(t, err, "bad_credentials")
	_, _, err = r.Login(ctx, c.Email, "battery staple", "")
	must(t, err)
}

func TestLinkWorksOnceOnlyForWhatItIsForAndOnlyInTime(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	must(t, r.RequestReset(ctx, c.Email, ""))
	reset := r.linkToken(t)
	must(t, r.RequestReset(ctx, c.Email, ""))
	second := r.linkToken(t)
	must(t, r.RequestSignIn(ctx, c.Email, ""))
	signIn := r.linkToken(t)

	refused := func(name string, err error) {
		t.Helper()
		if !fault.Is(err, "link_invalid") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err := r.SignIn(ctx, reset, "")
	refused("a reset link signs in", err)
	_, _, err = r.Reset(ctx, signIn, "battery staple", "")
	refused("a sign-in link resets", err)
	_, _, err = r.Reset(ctx, "", "battery staple", "")
	refused("no token resets", err)
	_, _, err = r.Reset(ctx, second, "battery staple", "")
	must(t, err)
	_, _, err = r.Reset(ctx, second, "battery staple", "")
	refused("a reset link works twice", err)
	_, _, err = r.Reset(ctx, reset, "battery staple", "")
	refused("an older reset link outlives the reset", err)
	r.clock.Advance(15 * time.Minute)
	_, _, err = r.SignIn(ctx, signIn, "")
	refused("a sign-in link works after 15 minutes", err)
}

func TestOfManyThatFollowOneLinkAtOnceOneWins(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	must(t, r.RequestReset(ctx, c.Email, ""))
	token := r.linkToken(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, _, errs[i] = r.Reset(ctx, token, "battery staple", "") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !fault.Is(err, "link_invalid") {
			t.Errorf("a loser got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 8 won", won)
	}
}

func TestAskingForALinkTellsNothing(t *testing.T) {
	r := open(t)
	r.register(t)
	for range 3 {
		must(t, r.RequestReset(ctx, "nobody@example.com", ""))
		must(t, r.RequestReset(ctx, "ada@example.com", ""))
	}
	unknown, known := r.RequestReset(ctx, "nobody@example.com", ""), r.RequestReset(ctx, "ada@example.com", "")
	wantCode(t, unknown, "too_many_tries")
	wantCode(t, known, "too_many_tries")
	if len(r.kinds()) != 3 {
		t.Errorf("events are %v, want one for each link of the known address", r.kinds())
	}
	wantFields(t, r.RequestSignIn(ctx, "not an address", ""), map[string]string{"email": "invalid_email"})
}

func TestFirstLinkThatIsFollowedTakesTheAccountFromWhoeverRegisteredIt(t *testing.T) {
	r := open(t)
	squatter, c := r.register(t) // with somebody else's address
	must(t, r.RequestSignIn(ctx, c.Email, ""))
	owner, got, err := r.SignIn(ctx, r.linkToken(t), "")
	must(t, err)
	if r.signedIn(t, squatter) || !r.signedIn(t, owner) || got.HasPassword || !got.EmailConfirmed {
		t.Errorf("the squatter is still in: %+v", got)
	}
	_, _, err = r.Login(ctx, c.Email, "correct horse", "")
	wantCode(t, err, "bad_credentials")

	next, err := r.ChangePassword(ctx, account.PasswordChange{CustomerID: c.ID, New: "battery staple"})
	must(t, err)
	must(t, r.RequestSignIn(ctx, c.Email, ""))
	_, got, err = r.SignIn(ctx, r.linkToken(t), "")
	must(t, err)
	if !got.HasPassword || !r.signedIn(t, next) {
		t.Error("a later link took the owner's own password or session away")
	}
}

func TestNoTokenIsKeptInTheClear(t *testing.T) {
	r := open(t)
	tokens, c := r.register(t)
	must(t, r.RequestReset(ctx, c.Email, ""))
	secrets := []string{tokens.RefreshToken, r.linkToken(t), "correct horse"}
	raw, err := r.store.Read().CustomerByID(ctx, c.ID)
	must(t, err)
	if !strings.HasPrefix(raw.PasswordHash, "$argon2id$") {
		t.Errorf("the password is kept as %q", raw.PasswordHash)
	}
	for _, secret := range secrets {
		if _, err := r.store.Read().RefreshTokenByHash(ctx, secret); err != sql.ErrNoRows {
			t.Errorf("a refresh token is kept as it is: %v", err)
		}
		if _, err := r.store.Read().AccountLinkByHash(ctx, secret); err != sql.ErrNoRows {
			t.Errorf("a link is kept as it is: %v", err)
		}
		for _, e := range r.events {
			if strings.Contains(string(e.Data), secret) {
				t.Error("an event holds a secret in the clear")
			}
		}
	}
}

func TestAChangedPasswordEndsTheLinksThatWereMailed(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	must(t, r.RequestReset(ctx, c.Email, ""))
	reset := r.linkToken(t)
	must(t, r.RequestSignIn(ctx, c.Email, ""))
	signIn := r.linkToken(t)
	_, err := r.ChangePassword(ctx, account.PasswordChange{CustomerID: c.ID, Old: "correct horse", New: "battery staple"})
	must(t, err)
	_, _, err = r.Reset(ctx, reset, "another staple", "")
	wantCode(t, err, "link_invalid")
	_, _, err = r.SignIn(ctx, signIn, "")
	wantCode(t, err, "link_invalid")
}

func TestChangePasswordNeedsTheOldOne(t *testing.T) {
	r := open(t)
	before, c := r.register(t)
	_, err := r.ChangePassword(ctx, account.PasswordChange{CustomerID: c.ID, Old: "wrong horse", New: "battery staple"})
	wantCode(t, err, "bad_credentials")
	_, err = r.ChangePassword(ctx, account.PasswordChange{CustomerID: c.ID, Old: "correct horse", New: "ADA@example.com"})
	wantFields(t, err, map[string]string{"password": "too_simple"})
	if !r.signedIn(t, before) {
		t.Fatal("a refused change ended the session")
	}
	after, err := r.ChangePassword(ctx, account.PasswordChange{CustomerID: c.ID, Old: "correct horse", New: "battery staple"})
	must(t, err)
	if r.signedIn(t, before) || !r.signedIn(t, after) {
		t.Error("the old session outlived the change")
	}
}
