package account

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// PasswordChange is a signed-in customer's change of password. Old is empty for a
// customer who has none yet.
type PasswordChange struct {
	CustomerID, Old, New string
	// Address is the client's, for the limits and the record of the session.
	Address string
}

// ChangePassword sets a new password, ends every session and every mailed link, and
// opens a new session.
// Fault bad_credentials when the old password is not right.
func (a *Accounts) ChangePassword(ctx context.Context, ch PasswordChange) (Tokens, error) {
	if err := a.limits.loginAddress.take(a.clock.Now(), ch.Address); err != nil {
		return Tokens{}, err
	}
	if err := a.limits.loginAccount.take(a.clock.Now(), ch.CustomerID); err != nil {
		return Tokens{}, err
	}
	row, err := a.store.Read().CustomerByID(ctx, ch.CustomerID)
	if err != nil {
		return Tokens{}, fmt.Errorf("change password of %s: %w", ch.CustomerID, err)
	}
	if fields := checkPassword("password", ch.New, row.Email); len(fields) > 0 {
		return Tokens{}, fault.InvalidFields(fields...)
	}
	if row.PasswordHash != "" {
		same, err := a.hasher.matches(ctx, ch.Old, row.PasswordHash)
		if err != nil {
			return Tokens{}, err
		}
		if !same {
			return Tokens{}, errBadCredentials()
		}
	}
	hash, err := a.hasher.hash(ctx, ch.New)
	if err != nil {
		return Tokens{}, err
	}
	return a.swapPassword(ctx, row, hash, a.newOpening(ch.Address))
}

func (a *Accounts) swapPassword(ctx context.Context, row db.Customer, hash string, o opening) (Tokens, error) {
	now := db.At(o.at)
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		set, err := q.CustomerSetPassword(ctx, db.CustomerSetPasswordParams{PasswordHash: hash, UpdatedAt: now, ID: row.ID, OldHash: row.PasswordHash})
		if err != nil {
			return err
		}
		if set == 0 {
			return errBadCredentials()
		}
		if _, err := q.SessionRevokeAll(ctx, db.SessionRevokeAllParams{RevokedAt: now, CustomerID: row.ID}); err != nil {
			return err
		}
		// A link that was mailed before would set another password, or sign in past it.
		for _, purpose := range []string{purposeReset, purposeSignIn} {
			if _, err := q.AccountLinkUseAll(ctx, db.AccountLinkUseAllParams{UsedAt: now, CustomerID: row.ID, Purpose: purpose}); err != nil {
				return err
			}
		}
		return a.open(ctx, q, row.ID, o)
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("change password of %s: %w", row.ID, err)
	}
	return a.tokens(row.ID, o.sessionID, o.refresh)
}
