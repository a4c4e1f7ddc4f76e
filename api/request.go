package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"

	"github.com/gofiber/fiber/v2"
)

// headerRequestID carries the id that ties a request to its log lines.
const headerRequestID = "X-Request-Id"

type contextKey int

const (
	keyRequestID contextKey = iota
	keyCaller
	keyPeer
	keyNoted
)

// requestID is the id of the request that a context belongs to.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(keyRequestID).(string)
	return id
}

// peer is the address the request came from, for rate limits and consents.
func peer(ctx context.Context) string {
	address, _ := ctx.Value(keyPeer).(string)
	return address
}

// headAsGet answers HEAD as GET: the listener, which knows how the client asked,
// leaves the body out. It must be the first of all: only there do the routes of the
// two methods stand at the same place.
func headAsGet(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodHead {
		c.Method(fiber.MethodGet)
	}
	return c.Next()
}

// scope gives each request its id, its peer and a deadline: contexts do not end
// when a client goes away on fasthttp, so a deadline is what ends them.
func (s *Server) scope(c *fiber.Ctx) error {
	identify(c)
	ctx := &bounded{Context: c.UserContext(), timeout: s.cfg.RequestTimeout, peer: s.clientAddress(c)}
	defer ctx.end()
	c.SetUserContext(ctx)
	return c.Next()
}

// identify gives a request its id: the client's own, when it is one.
func identify(c *fiber.Ctx) {
	id := c.Get(headerRequestID)
	if !acceptableRequestID(id) {
		id = newRequestID()
	}
	c.Response().Header.SetCanonical([]byte(headerRequestID), []byte(id))
	c.SetUserContext(context.WithValue(c.UserContext(), keyRequestID, id))
}

func acceptableRequestID(id string) bool {
	if len(id) == 0 || len(id) > 64 {
		return false
	}
	for _, r := range id {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return true
}

func newRequestID() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// secureHeaders are for an API that a browser talks to: no sniffing, no framing,
// and nothing personal in a shared cache unless a handler says otherwise.
func secureHeaders(c *fiber.Ctx) error {
	h := &c.Response().Header
	for _, always := range securing {
		h.SetCanonical(always.name, always.value)
	}
	return c.Next()
}

// header is one as it is written: its name needs no work at every request.
type header struct{ name, value []byte }

// securing are the headers of secureHeaders.
var securing = []header{
	{[]byte(fiber.HeaderXContentTypeOptions), []byte("nosniff")},
	{[]byte(fiber.HeaderReferrerPolicy), []byte("no-referrer")},
	{[]byte(fiber.HeaderCacheControl), []byte("no-store")},
}
