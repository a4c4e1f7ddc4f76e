package ljpc

import (
	"errors"
	"slices"

	"hostfront/upstream"
)

// permitted remembers whether the key may use an operation: a 403 takes away that
// one feature until a call of it works again, and nothing else.
func (c *Client) permitted(op string, err error) {
	forbidden := errors.Is(err, upstream.ErrForbidden)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case forbidden:
		c.forbidden[op] = true
	case err == nil:
		delete(c.forbidden, op)
	}
}

// Forbidden lists the permissions that the key was last seen to lack, in LJPc's
// words, for doctor and readiness. A 403 on one order or one site's login may
// also mean that the thing is not ours; a later success clears it.
func (c *Client) Forbidden() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := []string{}
	for op := range c.forbidden {
		if name := permissions[op]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
