package demo

import (
	"context"
	"io"
	"log/slog"
	"testing"
)

// A link to the provider's page is in the shop's books: it leads there after a restart too.
func TestADemoThatIsStartedAgainIsWhereItWas(t *testing.T) {
	t.Parallel()
	o := Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Out: io.Discard, Log: slog.New(slog.DiscardHandler)}
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	w := newWalk(s, nil)
	for _, step := range []func(ctx context.Context) (string, error){w.products, w.register, w.quoting, w.ordering} {
		if _, err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w.shop = s
	if _, err := w.paying(t.Context()); err != nil {
		t.Error(err)
	}
}
