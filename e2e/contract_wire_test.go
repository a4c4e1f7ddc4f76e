package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// wired is a handler that can be called without a network: huma sets a deadline on
// the connection, which httpexpect's binder does not have.
func wired(handler fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(bound *fasthttp.RequestCtx) {
		var ctx fasthttp.RequestCtx
		ctx.Init2(wire{}, nil, true)
		bound.Request.CopyTo(&ctx.Request)
		handler(&ctx)
		ctx.Response.CopyTo(&bound.Response)
	}
}

// wire is a connection that carries nothing.
type wire struct{ net.Conn }

// RemoteAddr is the caller's.
func (wire) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)} }

// LocalAddr is the shop's.
func (wire) LocalAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 2)} }

// SetReadDeadline has nothing to end.
func (wire) SetReadDeadline(time.Time) error { return nil }

// dial sends bytes to the shop's real listener and reads the problem that comes back.
func (f *front) dial(t *testing.T, request string) (status int, p problem) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(f.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := problemHolds(response, body); err != nil {
		t.Errorf("%d %s: %v", response.StatusCode, body, err)
	}
	if err := json.Unmarshal(body, &p); err != nil {
		t.Errorf("%d %s: %v", response.StatusCode, body, err)
	}
	return response.StatusCode, p
}
