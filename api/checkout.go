package api

import (
	"context"

	"hostfront/fault"
	"hostfront/throttle"
)

// checkout is one request for an order or a payment, as its limits count it: against
// the limit of what is made when something is made, against the wider one of refusals
// when it is refused, and against none when it repeats what was made before.
type checkout struct {
	s                 *Server
	customer, address string
	admitted          bool
}

// checkOut begins such a request: too many refusals end it here.
func (s *Server) checkOut(ctx context.Context) (*checkout, error) {
	c := &checkout{s: s, customer: customerID(ctx), address: peer(ctx)}
	return c, c.take(s.throttles.checkoutRefused, s.throttles.checkoutRefused)
}

// mayCheckOut counts a request that may have a payment made, whatever comes of it.
func (s *Server) mayCheckOut(ctx context.Context) error {
	c, err := s.checkOut(ctx)
	if err != nil {
		return err
	}
	err = c.admit()
	c.end(err, false)
	return err
}

// admit counts what is about to be made; asked again, it counts nothing.
func (c *checkout) admit() error {
	if c.admitted {
		return nil
	}
	err := c.take(c.s.throttles.checkout, c.s.throttles.checkoutAddress)
	c.admitted = err == nil
	return err
}

// end gives back what the request did not use up. An error that is no refusal may
// have come after something was made: it counts.
func (c *checkout) end(err error, repeated bool) {
	_, refused := fault.As(err)
	if c.admitted && (refused || repeated) {
		c.give(c.s.throttles.checkout, c.s.throttles.checkoutAddress)
	}
	if err == nil {
		c.give(c.s.throttles.checkoutRefused, c.s.throttles.checkoutRefused)
	}
}

// take uses up a try of the customer and one of the address, or neither.
func (c *checkout) take(customer, address *throttle.Throttle) error {
	if err := c.s.may(address, c.address); err != nil {
		return err
	}
	err := c.s.may(customer, c.customer)
	if err != nil {
		address.Give(c.s.cfg.Clock.Now(), c.address, 1)
	}
	return err
}

func (c *checkout) give(customer, address *throttle.Throttle) {
	now := c.s.cfg.Clock.Now()
	customer.Give(now, c.customer, 1)
	address.Give(now, c.address, 1)
}
