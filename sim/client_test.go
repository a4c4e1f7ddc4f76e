package sim_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/valyala/fasthttp"
)

// said is what the shop answered; status is 0 when it said nothing.
type said struct {
	status int
	body   []byte
}

func (s said) ok() bool { return s.status >= 200 && s.status < 300 }

// lost says whether nobody can tell what became of the call.
func (s said) lost() bool { return s.status == 0 || s.status >= 500 }

// code is the stable code of a problem.
func (s said) code() string {
	var problem struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(s.body, &problem)
	return problem.Code
}

func (s said) String() string { return fmt.Sprintf("%d %s", s.status, s.body) }

// call makes one request of the shop. A shop without power answers nothing, and what
// it was saying when the power went was not heard.
func (w *world) call(method, path string, header http.Header, body []byte) said {
	if w.power.dead() {
		return said{}
	}
	var c fasthttp.RequestCtx
	c.Init2(connection{}, nil, true)
	c.Request.Header.SetMethod(method)
	c.Request.SetRequestURI(shopAddress + path)
	for name, values := range header {
		c.Request.Header.Set(name, values[0])
	}
	c.Request.SetBody(body)
	w.app.Handler()(&c)
	if w.power.dead() {
		return said{}
	}
	return said{c.Response.StatusCode(), slices.Clone(c.Response.Body())}
}

// connection is that of a caller in the same process: nothing is read from it.
type connection struct{ net.Conn }

// LocalAddr and RemoteAddr are what the shop may ask of it.
func (connection) LocalAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 2), Port: 80} }

// RemoteAddr is the caller's.
func (connection) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1234} }

// SetReadDeadline is for whoever waits.
func (connection) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline likewise.
func (connection) SetWriteDeadline(time.Time) error { return nil }

// ask is one call of a storefront or of staff.
type ask struct {
	method, path string
	body         any
	token, key   string
}

func (w *world) ask(a ask) said {
	header := http.Header{}
	var content []byte
	if a.body != nil {
		var err error
		content, err = json.Marshal(a.body)
		w.must(err, "encode a request")
		header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		header.Set("Authorization", "Bearer "+a.token)
	}
	if a.key != "" {
		header.Set("Idempotency-Key", a.key)
	}
	s := w.call(a.method, a.path, header, content)
	if s.status >= 500 {
		w.seen[fmt.Sprintf("answer %d: %s", s.status, s.code())]++
	}
	return s
}

// read decodes an answer.
func (w *world) read(s said, into any) {
	w.must(json.Unmarshal(s.body, into), "read "+s.String())
}

type list[T any] struct {
	Items []T `json:"items"`
}
