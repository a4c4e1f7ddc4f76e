package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

func errBadCredentials() *fault.Error {
	return fault.New(fault.Unauthenticated, "bad_credentials", "The mail address or the password is not right.")
}

// Login opens a session with a password. address is the client's, for the limits
// and the record. An unknown address, a customer without a password and a wrong
// password are one answer (bad_credentials) at one cost. Fault TooMany when tried
// too often, Away when too many passwords are being hashed.
func (a *Accounts) Login(ctx context.Context, email, password, address string) (Tokens, Customer, error) {
	key, now := lowerEmail(email), a.clock.Now()
	if err := a.limits.loginAddress.take(now, address); err != nil {
		return Tokens{}, Customer{}, err
	}
	if err := a.limits.loginAccount.take(now, key); err != nil {
		return Tokens{}, Customer{}, err
	}
	row, err := a.store.Read().CustomerByEmail(ctx, key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Tokens{}, Customer{}, fmt.Errorf("log in: %w", err)
	}
	if len(password) > maxPassword {
		password = "" // longer than any password is; compared all the same, for the time it takes
	}
	same, err := a.hasher.matches(ctx, password, row.PasswordHash)
	if err != nil {
		return Tokens{}, Customer{}, err
	}
	if !same {
		return Tokens{}, Customer{}, errBadCredentials()
	}
	tokens, c, err := a.openWithPassword(ctx, row, a.newOpening(address))
	if err == nil {
		a.limits.loginAccount.forget(key)
	}
	return tokens, c, err
}

// openWithPassword opens the session if the password is still the one that was
// compared: a reset that was committed meanwhile wins.
func (a *Accounts) openWithPassword(ctx context.Context, compared db.Customer, o opening) (Tokens, Customer, error) {
	var c Customer
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		row, err := q.CustomerByID(ctx, compared.ID)
		if err != nil {
			return err
		}
		if row.PasswordHash != compared.PasswordHash {
			return errBadCredentials()
		}
		c = customerOf(row)
		return a.open(ctx, q, c.ID, o)
	})
	if err != nil {
		return Tokens{}, Customer{}, fmt.Errorf("log in %s: %w", compared.ID, err)
	}
	tokens, err := a.tokens(c.ID, o.sessionID, o.refresh)
	return tokens, c, err
}
