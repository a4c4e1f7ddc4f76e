package api

import (
	"context"
	"errors"
	"testing"
	"time"
)

func request(timeout time.Duration) *bounded {
	return &bounded{
		Context: context.WithValue(context.Background(), keyRequestID, "one"), timeout: timeout, peer: "192.0.2.1",
	}
}

func TestWhatARequestWaitsForEndsAtItsDeadline(t *testing.T) {
	t.Parallel()
	b := request(time.Millisecond)
	child, cancel := context.WithCancel(b)
	defer cancel()
	<-child.Done()
	if !errors.Is(child.Err(), context.DeadlineExceeded) || !errors.Is(b.Err(), context.DeadlineExceeded) {
		t.Fatalf("ended with %v, its child with %v", b.Err(), child.Err())
	}
}

func TestWhatARequestLeftBehindEndsWithIt(t *testing.T) {
	t.Parallel()
	b := request(time.Hour)
	child, cancel := context.WithCancel(b)
	defer cancel()
	if _, set := b.Deadline(); !set || b.Err() != nil {
		t.Fatalf("the request has no deadline, or ended early: %v", b.Err())
	}
	b.end()
	<-child.Done()
	late := request(time.Hour)
	late.end()
	<-late.Done()
	if !errors.Is(late.Err(), context.Canceled) {
		t.Fatalf("what waits after the end: %v", late.Err())
	}
}

func TestARequestKnowsItsPeerAndItsID(t *testing.T) {
	t.Parallel()
	b := request(time.Hour)
	if peer(b) != "192.0.2.1" || requestID(b) != "one" {
		t.Fatalf("peer %q, id %q", peer(b), requestID(b))
	}
	if b.inner != nil {
		t.Fatal("a timer was made that nobody waits for")
	}
}

func TestOnlyAnAddressWithoutSurprisesIsPlain(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{
		"/v1/catalog/products?limit=50&kind=hosting": true, "/v1/orders/ord_01J": true,
		"": false, "//host/path": false, "http://host/": false, "/a%00": false, "/a b": false, "/\xff": false, "/a:b": false, "/a#b": false,
	} {
		if got := plain([]byte(uri)); got != want {
			t.Errorf("%q: %t", uri, got)
		}
	}
}
