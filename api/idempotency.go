package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

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
