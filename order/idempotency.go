package order

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// idempotencyTime is how long a key answers with what it made.
const idempotencyTime = 30 * 24 * time.Hour

// Idempotency is a client's key for one request: the same key and body give the
// same answer.
type Idempotency struct {
	// Actor is who asks (a customer's or an admin's id), Route what was asked
	// ("POST /v1/orders"), BodyHash the hash of the body as it came.
	Actor, Route, Key, BodyHash string
}

// Claim takes the key for the thing with subjectID, in the transaction that makes
// it. When the key was taken before, existing is the thing that was made then and
// nothing new may be made. Fault idempotency_key_reused: the body was another one.
func Claim(ctx context.Context, q *db.Queries, i Idempotency, subjectID string, now time.Time) (existing string, err error) {
	rows, err := q.IdempotencyInsert(ctx, db.IdempotencyInsertParams{
		Actor: i.Actor, Route: i.Route, Key: i.Key, BodyHash: i.BodyHash, SubjectID: subjectID, CreatedAt: db.At(now),
	})
	if err != nil {
		return "", fmt.Errorf("claim an idempotency key: %w", err)
	}
	if rows == 1 {
		return "", nil
	}
	existing, found, err := Claimed(ctx, q, i)
	if err == nil && !found {
		err = errors.New("an idempotency key is taken and cannot be read")
	}
	return existing, err
}

// Claimed finds what a key made before; false when it is new. Fault
// idempotency_key_reused: the body was another one.
func Claimed(ctx context.Context, q *db.Queries, i Idempotency) (subjectID string, found bool, err error) {
	row, err := q.IdempotencyByKey(ctx, db.IdempotencyByKeyParams{Actor: i.Actor, Route: i.Route, Key: i.Key})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("read an idempotency key: %w", err)
	case row.BodyHash != i.BodyHash:
		return "", false, fault.New(fault.Invalid, "idempotency_key_reused", "This Idempotency-Key was used for another request.")
	}
	return row.SubjectID, true, nil
}

// PruneIdempotency forgets keys older than a month and says how many.
func (o *Orders) PruneIdempotency(ctx context.Context) (pruned int64, err error) {
	const batch, batches = 500, 100
	which := db.IdempotencyOldestParams{BeforeAt: db.At(o.Clock.Now().Add(-idempotencyTime)), MaxRows: batch}
	for range batches {
		n, err := o.pruneIdempotency(ctx, which)
		pruned += n
		if err != nil || n < batch {
			return pruned, err
		}
	}
	return pruned, nil
}

func (o *Orders) pruneIdempotency(ctx context.Context, which db.IdempotencyOldestParams) (pruned int64, err error) {
	err = o.Store.Tx(ctx, func(q *db.Queries) error {
		pruned = 0
		old, err := q.IdempotencyOldest(ctx, which)
		if err != nil {
			return err
		}
		for _, key := range old {
			n, err := q.IdempotencyDelete(ctx, db.IdempotencyDeleteParams(key))
			if err != nil {
				return err
			}
			pruned += n
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("prune idempotency keys: %w", err)
	}
	return pruned, nil
}
