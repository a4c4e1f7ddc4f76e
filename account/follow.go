package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

func errLinkInvalid() *fault.Error {
	return fault.New(fault.Unauthenticated, "link_invalid", "The link has expired or was used before. Ask for a new one.")
}

// Reset sets a new password with the token of a reset link, ends every session
// and opens a new one. The token works once; a password that is refused leaves it
// good.
func (a *Accounts) Reset(ctx context.Context, token, password, address string) (Tokens, Customer, error) {
	customer, err := a.peek(ctx, token, purposeReset, address)
	if err != nil {
		return Tokens{}, Customer{}, err
	}
	if fields := checkPassword("password", password, customer.Email); len(fields) > 0 {
		return Tokens{}, Customer{}, fault.InvalidFields(fields...)
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return Tokens{}, Customer{}, err
	}
	return a.follow(ctx, followed{token: token, purpose: purposeReset, newHash: hash, opening: a.newOpening(address)})
}

// SignIn opens a session with the token of a sign-in link, which works once. The
// first link that is followed proves that the mail address is the customer's:
// whoever registered with it before proved nothing, so the password set then and
// the sessions opened with it end.
func (a *Accounts) SignIn(ctx context.Context, token, address string) (Tokens, Customer, error) {
	if _, err := a.peek(ctx, token, purposeSignIn, address); err != nil {
		return Tokens{}, Customer{}, err
	}
	return a.follow(ctx, followed{token: token, purpose: purposeSignIn, opening: a.newOpening(address)})
}

// peek refuses a bad token before anything costly is done for it.
func (a *Accounts) peek(ctx context.Context, token, purpose, address string) (Customer, error) {
	now := a.clock.Now()
	if err := a.limits.loginAddress.take(now, address); err != nil {
		return Customer{}, err
	}
	l, err := a.store.Read().AccountLinkByHash(ctx, hashSecret(token))
	if errors.Is(err, sql.ErrNoRows) {
		return Customer{}, errLinkInvalid()
	}
	if err != nil {
		return Customer{}, fmt.Errorf("read link: %w", err)
	}
	if l.Purpose != purpose || l.CustomerID == "" || !l.UsedAt.IsZero() || !now.Before(l.ExpiresAt.Time()) {
		return Customer{}, errLinkInvalid()
	}
	return a.Customer(ctx, a.store.Read(), l.CustomerID)
}

// followed is a link that is being followed; newHash is empty for a sign-in.
type followed struct {
	token, purpose, newHash string
	opening                 opening
}

// follow uses the token up and opens the session, in one transaction: of two
// that follow one link at once, one wins.
func (a *Accounts) follow(ctx context.Context, f followed) (Tokens, Customer, error) {
	var c Customer
	err := a.store.Tx(ctx, func(q *db.Queries) (err error) {
		c, err = a.useLink(ctx, q, f)
		return err
	})
	if err != nil {
		return Tokens{}, Customer{}, fmt.Errorf("follow link for %s: %w", f.purpose, err)
	}
	a.limits.loginAccount.forget(lowerEmail(c.Email))
	tokens, err := a.tokens(c.ID, f.opening.sessionID, f.opening.refresh)
	return tokens, c, err
}

func (a *Accounts) useLink(ctx context.Context, q *db.Queries, f followed) (Customer, error) {
	hash, now := hashSecret(f.token), db.At(f.opening.at)
	won, err := q.AccountLinkUse(ctx, db.AccountLinkUseParams{UsedAt: now, TokenHash: hash, Purpose: f.purpose})
	if err != nil {
		return Customer{}, err
	}
	if won == 0 {
		return Customer{}, errLinkInvalid()
	}
	l, err := q.AccountLinkByHash(ctx, hash)
	if err != nil {
		return Customer{}, err
	}
	// The other links of the purpose are of no more use, and might be to a thief.
	if _, err := q.AccountLinkUseAll(ctx, db.AccountLinkUseAllParams{UsedAt: now, CustomerID: l.CustomerID, Purpose: f.purpose}); err != nil {
		return Customer{}, err
	}
	if err := a.settlePassword(ctx, q, l.CustomerID, f); err != nil {
		return Customer{}, err
	}
	if err := a.open(ctx, q, l.CustomerID, f.opening); err != nil {
		return Customer{}, err
	}
	return a.Customer(ctx, q, l.CustomerID)
}

// settlePassword sets the new password, or takes away one that was set before
// the address was proven; either ends the sessions there were.
func (a *Accounts) settlePassword(ctx context.Context, q *db.Queries, customerID string, f followed) error {
	row, err := q.CustomerByID(ctx, customerID)
	if err != nil {
		return err
	}
	if f.newHash == "" && !row.EmailConfirmedAt.IsZero() {
		return nil
	}
	now := db.At(f.opening.at)
	confirmed := row.EmailConfirmedAt
	if confirmed.IsZero() {
		confirmed = now
	}
	if _, err := q.SessionRevokeAll(ctx, db.SessionRevokeAllParams{RevokedAt: now, CustomerID: customerID}); err != nil {
		return err
	}
	_, err = q.CustomerConfirmEmail(ctx, db.CustomerConfirmEmailParams{ConfirmedAt: confirmed, PasswordHash: f.newHash, UpdatedAt: now, ID: customerID})
	return err
}
