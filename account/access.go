package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/clock"
	"hostfront/fault"

	"github.com/golang-jwt/jwt/v5"
)

// audienceCustomer keeps an access token of the storefront from being anything
// else. Staff have opaque tokens (admin.go), never a JWT.
const audienceCustomer = "hostfront:customer"

// claims are those of an access token: the subject is the customer.
type claims struct {
	jwt.RegisteredClaims
	Session string `json:"sid"`
}

// signer makes and reads access tokens: short-lived JWTs, HS256.
type signer struct {
	key   []byte
	clock clock.Clock
	life  time.Duration
}

// newSigner derives the key from the app's secret, so that the secret itself
// signs nothing and seals nothing with the same bytes.
func newSigner(secret []byte, c clock.Clock, life time.Duration) signer {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("hostfront access token v1"))
	return signer{key: mac.Sum(nil), clock: c, life: life}
}

func (s signer) sign(customerID, sessionID string) (string, error) {
	now := s.clock.Now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: customerID, Audience: jwt.ClaimStrings{audienceCustomer},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(s.life)),
		},
		Session: sessionID,
	}).SignedString(s.key)
	if err != nil {
		return "", fmt.Errorf("sign access token: %w", err)
	}
	return token, nil
}

func (s signer) read(token string) (claims, error) {
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience(audienceCustomer),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.clock.Now))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return claims{}, fault.New(fault.Unauthenticated, "token_expired", "The access token has expired. Get a new one with the refresh token.")
	case err != nil:
		return claims{}, errTokenInvalid().Because(err)
	}
	return c, nil
}

func errTokenInvalid() *fault.Error {
	return fault.New(fault.Unauthenticated, "token_invalid", "The token is not valid. Sign in again.")
}

// Authenticate says whose access token this is. One row is read besides, by its
// key, so that a session that was ended or revoked ends at once and not when its
// last token expires. Fault Unauthenticated: token_expired (refresh it) or
// token_invalid (sign in again).
func (a *Accounts) Authenticate(ctx context.Context, accessToken string) (customerID string, err error) {
	c, err := a.access.read(accessToken)
	if err != nil {
		return "", err
	}
	s, err := a.store.Read().SessionByID(ctx, c.Session)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errTokenInvalid()
	}
	if err != nil {
		return "", fmt.Errorf("read session: %w", err)
	}
	if !s.RevokedAt.IsZero() || s.CustomerID != c.Subject || !a.clock.Now().Before(s.ExpiresAt.Time()) {
		return "", errTokenInvalid()
	}
	return c.Subject, nil
}
