package app_test

import (
	"context"
	"net"
	"testing"
	"time"
)

func TestAShopWhoseListenerFailsStops(t *testing.T) {
	t.Parallel()
	a := opened(t, shop(t))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(context.Background(), listener) }()
	_ = listener.Close()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the shop says that it stopped of its own accord")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the shop neither serves nor stops")
	}
	closed(t, a)
}
