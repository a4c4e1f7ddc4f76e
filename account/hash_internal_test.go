package account

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"hostfront/fault"

	"github.com/alexedwards/argon2id"
)

func cheap() *argon2id.Params {
	return &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16}
}

func TestHashingIsBoundedAndSaysSo(t *testing.T) {
	t.Parallel()
	h := newHasher(1, 1, cheap())
	ctx := context.Background()
	if err := h.enter(ctx); err != nil {
		t.Fatal(err)
	}
	waiting, stop := context.WithCancel(ctx)
	waited := make(chan error)
	go func() { waited <- h.enter(waiting) }()
	for len(h.queue) < cap(h.queue) { // until the other one stands in the queue
		runtime.Gosched()
	}
	_, err := h.hash(ctx, "one too many")
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Away || e.RetryAfter <= 0 {
		t.Fatalf("a full queue answers %v", err)
	}
	stop()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Fatalf("who went away while waiting gets %v", err)
	}
	h.leave()
	if len(h.queue) != 0 || len(h.slots) != 0 {
		t.Fatalf("%d in the queue and %d slots taken after everybody left", len(h.queue), len(h.slots))
	}
	if _, err := h.hash(ctx, "now there is room"); err != nil {
		t.Fatal(err)
	}
}

func TestNoPasswordMatchesAnEmptyHash(t *testing.T) {
	t.Parallel()
	h := newHasher(1, 1, cheap())
	for _, password := range []string{"", "nobody has this password"} {
		if same, err := h.matches(context.Background(), password, ""); same || err != nil {
			t.Errorf("%q matches no password at all: %v, %v", password, same, err)
		}
	}
	hash, err := h.hash(context.Background(), "secret")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := h.matches(context.Background(), "secret", hash); !same || err != nil {
		t.Errorf("the password does not match its hash: %v", err)
	}
}
