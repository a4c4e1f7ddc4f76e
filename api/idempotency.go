package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"hostfront/db"
	"hostfront/order"
)

// replayable is an answer that says whether it was given before.
type replayable[T any] struct {
	Replayed string `header:"Idempotent-Replayed" enum:"true" doc:"There when the Idempotency-Key was used before and this is what it made"`
	Body     T
}

func answered[T any](answer T, replayed bool) *replayable[T] {
	out := &replayable[T]{Body: answer}
	if replayed {
		out.Replayed = "true"
	}
	return out
}

// idempotency is a request's key with what it was used for: the same key of the
// same caller on another body is refused.
func (s *Server) idempotency(ctx context.Context, in KeyInput, route string, raw []byte) order.Idempotency {
	sum := sha256.Sum256(raw)
	return order.Idempotency{Actor: actor(ctx), Route: route, Key: in.IdempotencyKey, BodyHash: hex.EncodeToString(sum[:])}
}

// once does in one transaction what a request makes, and ties what was made to the request's key
// (none: it is made again for each request). make gives its id; for a key that was used before,
// that of what was made then.
func (s *Server) once(ctx context.Context, key order.Idempotency, make func(q *db.Queries) (string, error)) (id string, replayed bool, err error) {
	err = s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
		replayed = false
		if key.Key != "" {
			var err error
			if id, replayed, err = order.Claimed(ctx, q, key); err != nil || replayed {
				return err
			}
		}
		var err error
		if id, err = make(q); err != nil || key.Key == "" {
			return err
		}
		_, err = order.Claim(ctx, q, key, id, s.cfg.Clock.Now())
		return err
	})
	return id, replayed, err
}

// auditedOnce is once for a change by staff: the log has it each time it is asked, but for a key
// that was used before.
func (s *Server) auditedOnce(ctx context.Context, key order.Idempotency, c change, make func(q *db.Queries) (string, error)) (id string, replayed bool, err error) {
	if key.Key != "" {
		if id, replayed, err = order.Claimed(ctx, s.cfg.Store.Read(), key); err != nil || replayed {
			return id, replayed, err
		}
	}
	id, err = audited(ctx, s, c, func() (string, error) {
		var err error
		id, replayed, err = s.once(ctx, key, make)
		return id, err
	})
	return id, replayed, err
}

// actor is who a key belongs to: a visitor has only an address.
func actor(ctx context.Context) string {
	switch who := callerOf(ctx); {
	case who.Admin.ID != "":
		return who.Admin.ID
	case who.CustomerID != "":
		return who.CustomerID
	}
	return "visitor " + peer(ctx)
}
