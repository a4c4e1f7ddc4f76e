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

// rotation is one refresh token being exchanged for the next.
type rotation struct {
	old, next string
	at        time.Time
}

// Refresh exchanges a refresh token for a new pair. A token works once: when it
// comes a second time somebody has a copy, and since nobody can tell which of
// the two is the customer, the whole session ends (token_reused). Every other
// refusal is token_invalid.
func (a *Accounts) Refresh(ctx context.Context, refreshToken string) (Tokens, error) {
	r := rotation{old: hashSecret(refreshToken), next: newSecret(), at: a.clock.Now()}
	var session db.AccountSession
	var refused *fault.Error
	err := a.store.Tx(ctx, func(q *db.Queries) (err error) {
		session, refused, err = a.rotate(ctx, q, r)
		return err
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("refresh session: %w", err)
	}
	if refused != nil {
		return Tokens{}, refused
	}
	return a.tokens(session.CustomerID, session.ID, r.next)
}

// rotate gives the session, or why it is refused: a refusal is committed, since
// it may have revoked the session.
func (a *Accounts) rotate(ctx context.Context, q *db.Queries, r rotation) (db.AccountSession, *fault.Error, error) {
	var none db.AccountSession
	token, err := q.RefreshTokenByHash(ctx, r.old)
	if errors.Is(err, sql.ErrNoRows) {
		return none, errTokenInvalid(), nil
	}
	if err != nil {
		return none, nil, err
	}
	session, err := q.SessionByID(ctx, token.SessionID)
	if err != nil {
		return none, nil, err
	}
	over := !r.at.Before(token.ExpiresAt.Time()) || !r.at.Before(session.ExpiresAt.Time())
	if over || !session.RevokedAt.IsZero() {
		return none, errTokenInvalid(), nil
	}
	won, err := q.RefreshTokenUse(ctx, db.RefreshTokenUseParams{UsedAt: db.At(r.at), TokenHash: r.old})
	if err != nil {
		return none, nil, err
	}
	if won == 0 {
		return none, errTokenReused(), a.stolen(ctx, q, session, r.at)
	}
	return session, nil, a.addRefresh(ctx, q, session.ID, r.next, r.at)
}

func errTokenReused() *fault.Error {
	return fault.New(fault.Unauthenticated, "token_reused", "This refresh token was used before, so the session was ended. Sign in again.")
}

// stolen ends a session whose refresh token came twice.
func (a *Accounts) stolen(ctx context.Context, q *db.Queries, s db.AccountSession, at time.Time) error {
	if _, err := q.SessionRevoke(ctx, db.SessionRevokeParams{RevokedAt: db.At(at), ID: s.ID}); err != nil {
		return err
	}
	return a.events.Emit(ctx, q, event.Params{
		Kind: "account.token_reused", Subject: s.CustomerID, CustomerID: s.CustomerID, Data: map[string]string{"session_id": s.ID},
	})
}

// Logout ends the session that a refresh token belongs to. A token that is
// unknown, used or over is no error: what was asked for is so.
func (a *Accounts) Logout(ctx context.Context, refreshToken string) error {
	hash, now := hashSecret(refreshToken), db.At(a.clock.Now())
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		token, err := q.RefreshTokenByHash(ctx, hash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = q.SessionRevoke(ctx, db.SessionRevokeParams{RevokedAt: now, ID: token.SessionID})
		return err
	})
	if err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	return nil
}
