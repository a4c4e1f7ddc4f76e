package api

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// clientAddress is where a request came from. Behind proxies that are trusted it
// is the last address of X-Forwarded-For that is not one of them: what stands
// before it was written by the client, who may write anything.
func (s *Server) clientAddress(c *fiber.Ctx) string {
	peer := c.Context().RemoteIP().String()
	if !s.trusted(peer) {
		return peer
	}
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for _, hop := range slices.Backward(hops) {
		address := strings.TrimSpace(hop)
		if _, err := netip.ParseAddr(address); err != nil {
			return peer
		}
		if !s.trusted(address) {
			return address
		}
		peer = address
	}
	return peer
}

// trusted says whether an address is one of the shop's own proxies.
func (s *Server) trusted(address string) bool {
	if len(s.cfg.TrustedProxies) == 0 {
		return false
	}
	parsed, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(s.cfg.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(parsed.Unmap()) })
}
