package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"hostfront/order"
)

// headerReplayed tells a client that its key was used before and this is that answer.
const headerReplayed = "Idempotent-Replayed"

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
