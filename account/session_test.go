package account_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/fault"

	"github.com/golang-jwt/jwt/v5"
)

func TestAccessTokenThatIsNotOursIsRefused(t *testing.T) {
	r := open(t)
	tokens, c := r.register(t)
	admin, err := r.CreateAdmin(ctx, "staff@shop.example", account.RoleOwner)
	must(t, err)
	forged := func(key any, m jwt.SigningMethod, aud string) string {
		token, err := jwt.NewWithClaims(m, jwt.MapClaims{"sub": c.ID, "aud": aud, "exp": r.clock.Now().Add(time.Hour).Unix()}).SignedString(key)
		must(t, err)
		return token
	}
	parts := strings.Split(tokens.AccessToken, ".")
	for name, token := range map[string]string{
		"empty": "", "garbage": "garbage", "a refresh token": tokens.RefreshToken, "an admin's token": admin,
		"another key":        forged([]byte("another"), jwt.SigningMethodHS256, "hostfront:customer"),
		"no signature":       forged(jwt.UnsafeAllowNoneSignatureType, jwt.SigningMethodNone, "hostfront:customer"),
		"the secret itself":  forged([]byte("a secret of the app, 32 bytes long"), jwt.SigningMethodHS256, "hostfront:customer"),
		"signature cut off":  parts[0] + "." + parts[1] + ".",
		"another's contents": parts[0] + "." + strings.Split(forged([]byte("k"), jwt.SigningMethodHS256, "x"), ".")[1] + "." + parts[2],
	} {
		if id, err := r.Authenticate(ctx, token); !fault.Is(err, "token_invalid") || id != "" {
			t.Errorf("%s: taken as %q (%v)", name, id, err)
		}
	}
	if _, err := r.AuthenticateAdmin(ctx, tokens.AccessToken); !fault.Is(err, "token_invalid") {
		t.Errorf("a customer's token was taken as an admin's: %v", err)
	}
	if id, err := r.Authenticate(ctx, tokens.AccessToken); err != nil || id != c.ID {
		t.Errorf("our own token: %q, %v", id, err)
	}
}

func TestAccessTokenExpiresOnTheBusinessClock(t *testing.T) {
	r := open(t)
	tokens, _ := r.register(t)
	r.clock.Advance(tokens.ExpiresIn - time.Second)
	if !r.signedIn(t, tokens) {
		t.Fatal("the token ended early")
	}
	r.clock.Advance(2 * time.Second)
	_, err := r.Authenticate(ctx, tokens.AccessToken)
	wantCode(t, err, "token_expired")
	next, err := r.Refresh(ctx, tokens.RefreshToken)
	must(t, err)
	if !r.signedIn(t, next) {
		t.Fatal("the refreshed token is refused")
	}
}

func TestRefreshTokenUsedTwiceEndsTheSession(t *testing.T) {
	r := open(t)
	stolen, _ := r.register(t)
	other, _, err := r.Login(ctx, "ada@example.com", "correct horse", "")
	must(t, err)
	next, err := r.Refresh(ctx, stolen.RefreshToken)
	must(t, err)
	_, err = r.Refresh(ctx, stolen.RefreshToken)
	wantCode(t, err, "token_reused")
	_, err = r.Refresh(ctx, next.RefreshToken)
	wantCode(t, err, "token_invalid")
	if r.signedIn(t, next) || r.signedIn(t, stolen) {
		t.Error("an access token of the ended session still works")
	}
	if !r.signedIn(t, other) {
		t.Error("the customer's other session was ended too")
	}
	if !slices.Equal(r.kinds(), []string{"account.token_reused"}) {
		t.Errorf("events are %v", r.kinds())
	}
}

func TestOfTwoThatRefreshAtOnceOneWinsAtMost(t *testing.T) {
	r := open(t)
	tokens, _ := r.register(t)
	var wg sync.WaitGroup
	codes := make([]string, 8)
	for i := range codes {
		wg.Go(func() {
			_, err := r.Refresh(ctx, tokens.RefreshToken)
			if e, ok := fault.As(err); ok {
				codes[i] = e.Code
			}
		})
	}
	wg.Wait()
	won := 0
	for _, code := range codes {
		switch code {
		case "":
			won++
		case "token_reused", "token_invalid":
		default:
			t.Errorf("refused with %q", code)
		}
	}
	if won != 1 {
		t.Errorf("%d of 8 won", won)
	}
}

func TestRefreshTokenEnds(t *testing.T) {
	r := open(t)
	tokens, _ := r.register(t)
	r.clock.Advance(30 * day)
	_, err := r.Refresh(ctx, tokens.RefreshToken)
	wantCode(t, err, "token_invalid")
	_, err = r.Refresh(ctx, "nobody's token")
	wantCode(t, err, "token_invalid")

	tokens, _, err = r.Login(ctx, "ada@example.com", "correct horse", "")
	must(t, err)
	for range 6 {
		r.clock.Advance(29 * day)
		tokens, err = r.Refresh(ctx, tokens.RefreshToken)
		must(t, err)
	}
	r.clock.Advance(7 * day)
	_, err = r.Refresh(ctx, tokens.RefreshToken)
	wantCode(t, err, "token_invalid") // 181 days after the sign-in
}

func TestLogoutEndsOneSessionAndRevokeAllOfThem(t *testing.T) {
	r := open(t)
	first, c := r.register(t)
	second, _, err := r.Login(ctx, c.Email, "correct horse", "")
	must(t, err)
	must(t, r.Logout(ctx, "nobody's token"))
	must(t, r.Logout(ctx, first.RefreshToken))
	must(t, r.Logout(ctx, first.RefreshToken))
	if r.signedIn(t, first) || !r.signedIn(t, second) {
		t.Error("logout ended the wrong session")
	}
	third, _, err := r.Login(ctx, c.Email, "correct horse", "")
	must(t, err)
	must(t, r.RevokeAll(ctx, c.ID))
	if r.signedIn(t, second) || r.signedIn(t, third) {
		t.Error("a session outlived its revocation")
	}
	_, err = r.Refresh(ctx, third.RefreshToken)
	wantCode(t, err, "token_invalid")
}

func TestSweepDeletesWhatIsLongOverAndNothingElse(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	must(t, r.RequestReset(ctx, c.Email, ""))
	r.clock.Advance(180 * day)
	live, _, err := r.Login(ctx, c.Email, "correct horse", "")
	must(t, err)
	r.clock.Advance(8 * day)
	deleted, err := r.Sweep(ctx)
	must(t, err)
	if deleted != 2 {
		t.Errorf("swept %d rows, want the first session and the link", deleted)
	}
	if _, err := r.Refresh(ctx, live.RefreshToken); err != nil {
		t.Errorf("a live session was swept: %v", err)
	}
}
