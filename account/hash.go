package account

import (
	"context"
	"fmt"
	"sync"
	"time"

	"hostfront/fault"

	"github.com/alexedwards/argon2id"
)

// hasher hashes passwords with argon2id, so many at once: a hash takes tens of
// megabytes and most of a core, and a rush of sign-ins must not take the shop
// down. Who finds the queue full is told so at once.
type hasher struct {
	params *argon2id.Params
	slots  chan struct{}
	queue  chan struct{}

	decoy func() (string, error)
}

func newHasher(slots, queue int, params *argon2id.Params) *hasher {
	if slots <= 0 {
		slots = 2
	}
	if queue <= 0 {
		queue = 8 * slots
	}
	if params == nil {
		params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	}
	h := &hasher{params: params, slots: make(chan struct{}, slots), queue: make(chan struct{}, slots+queue)}
	h.decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody has this password", params) })
	return h
}

// enter takes a slot, waiting in the queue for it; leave gives it back.
func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.queue <- struct{}{}:
	default:
		return fault.New(fault.Away, "busy", "Too many people are signing in just now. Try again in a moment.").After(time.Second)
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-h.queue
		return ctx.Err()
	}
}

func (h *hasher) leave() { <-h.slots; <-h.queue }

// hash gives the password's hash, in the format of the argon2 reference.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	hash, err := argon2id.CreateHash(password, h.params)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// matches compares a password with a stored hash. Without one (an address nobody
// has, a customer without a password) it compares with a decoy and says no: the
// same work, so that the time taken tells nothing.
func (h *hasher) matches(ctx context.Context, password, stored string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	against := stored
	if against == "" {
		decoy, err := h.decoy()
		if err != nil {
			return false, fmt.Errorf("hash decoy password: %w", err)
		}
		against = decoy
	}
	same, err := argon2id.ComparePasswordAndHash(password, against)
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return same && stored != "", nil
}
