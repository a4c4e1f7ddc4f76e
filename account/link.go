package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
)

// The purposes of a link, each with the event that has it mailed.
const (
	purposeReset  = "password_reset"
	purposeSignIn = "sign_in"

	// EventPasswordReset and EventSignInLink carry a LinkSent.
	EventPasswordReset = "account.password_reset"
	EventSignInLink    = "account.sign_in_link"
)

// LinkSent is the data of the events that have a link mailed. SealedToken opens
// with the app's sealer to the token in the link; the database keeps it nowhere
// in the clear.
type LinkSent struct {
	CustomerID  string    `json:"customer_id"`
	SealedToken string    `json:"sealed_token"`
	ExpiresAt   time.Time `json:"expires_at"`
}

// RequestReset has a password reset link mailed if the address has an account.
// The answer and its cost are the same if it has none.
func (a *Accounts) RequestReset(ctx context.Context, email, address string) error {
	return a.sendLink(ctx, link{purpose: purposeReset, event: EventPasswordReset, life: a.lives.Reset}, email, address)
}

// RequestSignIn has a sign-in link mailed, as RequestReset does.
func (a *Accounts) RequestSignIn(ctx context.Context, email, address string) error {
	return a.sendLink(ctx, link{purpose: purposeSignIn, event: EventSignInLink, life: a.lives.SignIn}, email, address)
}

// link is one link on its way.
type link struct {
	purpose, event string
	life           time.Duration
	hash, sealed   string
	at             time.Time
}

func (a *Accounts) sendLink(ctx context.Context, l link, email, address string) error {
	if fields := checkEmail("email", email); len(fields) > 0 {
		return fault.InvalidFields(fields...)
	}
	key := lowerEmail(email)
	l.at = a.clock.Now()
	if err := a.limits.mailAddress.take(l.at, address); err != nil {
		return err
	}
	if err := a.limits.mailAccount.take(l.at, key); err != nil {
		return err
	}
	secret := newSecret()
	sealed, err := a.sealer.Seal([]byte(secret))
	if err != nil {
		return fmt.Errorf("seal link: %w", err)
	}
	l.hash, l.sealed = hashSecret(secret), sealed
	if err := a.store.Tx(ctx, func(q *db.Queries) error { return a.writeLink(ctx, q, key, l) }); err != nil {
		return fmt.Errorf("send link for %s: %w", l.purpose, err)
	}
	return nil
}

// writeLink writes a row for an address that nobody has too, with no customer in
// it: it can never be used, and the commit takes as long.
func (a *Accounts) writeLink(ctx context.Context, q *db.Queries, emailLower string, l link) error {
	c, err := q.CustomerByEmail(ctx, emailLower)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	expires := l.at.Add(l.life)
	err = q.AccountLinkInsert(ctx, db.AccountLinkInsertParams{
		TokenHash: l.hash, CustomerID: c.ID, Purpose: l.purpose, CreatedAt: db.At(l.at), ExpiresAt: db.At(expires),
	})
	if err != nil || c.ID == "" {
		return err
	}
	return a.events.Emit(ctx, q, event.Params{
		Kind: l.event, Subject: c.ID, CustomerID: c.ID,
		Data: LinkSent{CustomerID: c.ID, SealedToken: l.sealed, ExpiresAt: expires},
	})
}
