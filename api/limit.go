package api

import (
	"context"
	"time"

	"hostfront/fault"
	"hostfront/throttle"
)

// Limits bound what costs the shop calls to the outside, on the business clock.
// A zero field has a default.
type Limits struct {
	// Quote bounds quotes from one client address: each asks the upstream for prices.
	Quote throttle.Limit
	// Checkout bounds orders and payments made by one customer, CheckoutAddress those
	// from one client address: card testers have many accounts. What is refused, or
	// repeated with the same key, is not one.
	Checkout, CheckoutAddress throttle.Limit
	// CheckoutRefused bounds requests for one that are refused, of one customer and
	// from one client address.
	CheckoutRefused throttle.Limit
}

func (l Limits) withDefaults() Limits {
	for field, standard := range map[*throttle.Limit]throttle.Limit{
		&l.Quote:           {Burst: 60, Every: 2 * time.Second},
		&l.Checkout:        {Burst: 10, Every: 30 * time.Second},
		&l.CheckoutAddress: {Burst: 30, Every: 10 * time.Second},
		&l.CheckoutRefused: {Burst: 60, Every: 2 * time.Second},
	} {
		if field.Burst <= 0 || field.Every <= 0 {
			*field = standard
		}
	}
	return l
}

// throttles count the tries of this process.
type throttles struct {
	quote, checkout, checkoutAddress, checkoutRefused *throttle.Throttle
}

func newThrottles(l Limits) throttles {
	l = l.withDefaults()
	return throttles{
		quote: throttle.New(l.Quote), checkout: throttle.New(l.Checkout),
		checkoutAddress: throttle.New(l.CheckoutAddress), checkoutRefused: throttle.New(l.CheckoutRefused),
	}
}

// mayQuote counts a quote of the client's address.
func (s *Server) mayQuote(ctx context.Context) error {
	return s.may(s.throttles.quote, peer(ctx))
}

func (s *Server) may(t *throttle.Throttle, key string) error {
	wait, ok := t.Take(s.cfg.Clock.Now(), key, 1)
	if ok {
		return nil
	}
	return fault.New(fault.TooMany, "too_many_requests", "Too many requests. Wait a moment.").After(wait)
}
