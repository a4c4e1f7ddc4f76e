package courier_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/sandbox/courier"
)

type shop struct {
	mu     sync.Mutex
	status int
	tries  int
	got    []string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if s.status >= 300 {
		w.WriteHeader(s.status)
		return
	}
	s.got = append(s.got, string(body))
}

func open(t *testing.T) (*courier.Courier, *shop, *clock.Manual) {
	t.Helper()
	s := &shop{status: 200}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	at := clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC))
	k := courier.New(courier.Config{
		URL: server.URL, Clock: at, Attempts: 3, Backoff: time.Millisecond, Sign: func(http.Header, []byte, time.Time) {},
	})
	t.Cleanup(k.Close)
	return k, s, at
}

func quiet(t *testing.T, k *courier.Courier) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := k.Quiet(ctx); err != nil {
		t.Fatal(err)
	}
}

func send(k *courier.Courier, ids ...string) {
	for _, id := range ids {
		k.Send(courier.Message{ID: id, Body: []byte(id)})
	}
}

func TestAMessageIsGivenUpAfterItsAttemptsAndCanBeSentAgain(t *testing.T) {
	t.Parallel()
	k, s, _ := open(t)
	s.status = 500
	send(k, "a")
	quiet(t, k)
	if s.tries != 3 || k.GivenUp() != 1 || k.Delivered() != 0 {
		t.Fatalf("%d tries, %d given up, %d delivered", s.tries, k.GivenUp(), k.Delivered())
	}
	s.mu.Lock()
	s.status = 204
	s.mu.Unlock()
	if n := k.Redeliver(); n != 1 {
		t.Fatalf("%d sent again", n)
	}
	quiet(t, k)
	if k.GivenUp() != 0 || k.Delivered() != 1 {
		t.Fatalf("%d given up, %d delivered", k.GivenUp(), k.Delivered())
	}
}

func TestALateMessageLeavesWhenItsClockSaysSo(t *testing.T) {
	t.Parallel()
	k, s, at := open(t)
	if err := k.Misdirect(courier.Order{Kind: courier.Late, Times: 1, AfterMS: 3_600_000}); err != nil {
		t.Fatal(err)
	}
	send(k, "late", "prompt")
	quiet(t, k)
	due, ok := k.NextDue()
	if len(s.got) != 1 || s.got[0] != "prompt" || !ok || !due.Equal(at.Now().Add(time.Hour)) {
		t.Fatalf("got %v, next due %v", s.got, due)
	}
	at.Advance(time.Hour)
	quiet(t, k)
	if _, ok := k.NextDue(); len(s.got) != 2 || ok {
		t.Fatalf("got %v", s.got)
	}
}

func TestSwappedMessageIsNotLostWhenNoneFollows(t *testing.T) {
	t.Parallel()
	k, s, _ := open(t)
	if err := k.Misdirect(courier.Order{Kind: courier.Swapped, Times: 1}); err != nil {
		t.Fatal(err)
	}
	send(k, "a")
	quiet(t, k)
	if len(s.got) != 1 {
		t.Fatalf("got %v", s.got)
	}
	if err := k.Misdirect(courier.Order{Kind: "eaten"}); err == nil {
		t.Fatal("an unknown fate was taken")
	}
}

func TestQuietEndsWithItsContextAndCloseWithTheDeliveries(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-leave
	}))
	defer server.Close()
	defer close(leave)
	k := courier.New(courier.Config{URL: server.URL, Clock: clock.System{}, Attempts: 1, Sign: func(http.Header, []byte, time.Time) {}})
	send(k, "a")
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := k.Quiet(ctx); err == nil {
		t.Fatal("quiet while a message was under way")
	}
	k.Close()
	send(k, "b")
	quiet(t, k)
}
