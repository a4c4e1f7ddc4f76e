package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"hostfront/db"
)

// Tokens are what a client signs its calls with: the access token for
// ExpiresIn, then the refresh token, once, for the next pair.
type Tokens struct {
	AccessToken, RefreshToken string
	ExpiresIn                 time.Duration
}

// newSecret is a random token of 256 bits, fit for a URL.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashSecret is how a random token is kept: with 256 bits of chance in it a plain
// SHA-256 cannot be turned back.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// opening is a session about to be opened: made before the transaction, so that
// a closure that runs again writes the same.
type opening struct {
	sessionID, refresh, address string
	at                          time.Time
}

func (a *Accounts) newOpening(address string) opening {
	return opening{sessionID: a.store.NewID("ses"), refresh: newSecret(), address: address, at: a.clock.Now()}
}

// open writes the session and its first refresh token.
func (a *Accounts) open(ctx context.Context, q *db.Queries, customerID string, o opening) error {
	ends := db.At(o.at.Add(a.lives.Session))
	err := q.SessionInsert(ctx, db.SessionInsertParams{
		ID: o.sessionID, CustomerID: customerID, Address: o.address, CreatedAt: db.At(o.at), ExpiresAt: ends,
	})
	if err != nil {
		return fmt.Errorf("open session of %s: %w", customerID, err)
	}
	return a.addRefresh(ctx, q, o.sessionID, o.refresh, o.at)
}

func (a *Accounts) addRefresh(ctx context.Context, q *db.Queries, sessionID, refresh string, at time.Time) error {
	err := q.RefreshTokenInsert(ctx, db.RefreshTokenInsertParams{
		TokenHash: hashSecret(refresh), SessionID: sessionID, CreatedAt: db.At(at), ExpiresAt: db.At(at.Add(a.lives.Refresh)),
	})
	if err != nil {
		return fmt.Errorf("add refresh token to session %s: %w", sessionID, err)
	}
	return nil
}

// tokens is the pair that the client gets once the session is committed.
func (a *Accounts) tokens(customerID, sessionID, refresh string) (Tokens, error) {
	access, err := a.access.sign(customerID, sessionID)
	if err != nil {
		return Tokens{}, err
	}
	return Tokens{AccessToken: access, RefreshToken: refresh, ExpiresIn: a.lives.Access}, nil
}

// RevokeAll ends every session of a customer, on every device, at once.
func (a *Accounts) RevokeAll(ctx context.Context, customerID string) error {
	now := db.At(a.clock.Now())
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		_, err := q.SessionRevokeAll(ctx, db.SessionRevokeAllParams{RevokedAt: now, CustomerID: customerID})
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke sessions of %s: %w", customerID, err)
	}
	return nil
}

// Sweep deletes sessions and links that have been over for a week, in batches, and says how
// many. It is a job; what is left after a run goes with the next.
func (a *Accounts) Sweep(ctx context.Context) (deleted int64, err error) {
	const batch, batches = 500, 100
	before := db.At(a.clock.Now().Add(-7 * 24 * time.Hour))
	for range batches {
		var links, sessions int64
		err := a.store.Tx(ctx, func(q *db.Queries) (err error) {
			if links, err = q.AccountLinkDeleteExpired(ctx, db.AccountLinkDeleteExpiredParams{BeforeAt: before, MaxRows: batch}); err != nil {
				return err
			}
			sessions, err = q.SessionDeleteExpired(ctx, db.SessionDeleteExpiredParams{BeforeAt: before, MaxRows: batch})
			return err
		})
		if err != nil {
			return deleted, fmt.Errorf("sweep sessions and links: %w", err)
		}
		if deleted += links + sessions; links < batch && sessions < batch {
			break
		}
	}
	return deleted, nil
}
