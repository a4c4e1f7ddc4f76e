package sim_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/mishap"
)

// errNoAnswer is what the shop sees of a connection that broke.
var errNoAnswer = errors.New("the connection was closed without an answer")

// wire carries the shop's calls to the stand-ins, and is where they go wrong. The
// stand-ins misbehave by their own means; what comes late is kept here.
type wire struct {
	world *world
	dice  *dice
	// clear is set when the weather is good: at the end of a world.
	clear bool
	// away are the stand-ins that are down, by host, until when.
	away map[string]time.Time
}

// RoundTrip makes one call.
func (x *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	if x.world.Now().Before(x.away[r.URL.Host]) {
		x.world.seen["calls away"]++
		return reply(r, http.StatusServiceUnavailable), nil
	}
	if r.URL.Host == "ljpc.example" {
		return x.toLJPc(r, body)
	}
	return x.toStripe(r, body)
}

// The order of the kinds in fate.
const (
	isRefused = iota
	isLimited
	isDropped
	isLost
	isFailed
	isLate
	isGarbled
)

func (x *wire) fate(of weather) int {
	if x.clear {
		return -1
	}
	return x.dice.choice(of.refused, of.limited, of.dropped, of.lost, of.failed, of.late, of.garbled)
}

func (x *wire) toLJPc(r *http.Request, body []byte) (*http.Response, error) {
	w := x.world
	kinds := map[int]ljpc.FaultKind{
		isRefused: ljpc.FaultServerError, isLimited: ljpc.FaultRateLimited, isDropped: ljpc.FaultDropBefore,
		isLost: ljpc.FaultDropAfter, isFailed: ljpc.FaultServerErrorAfter,
	}
	fate := x.fate(w.rates.ljpc)
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/orders") && !x.clear {
		x.sabotage()
	}
	switch kind, planned := kinds[fate]; {
	case planned:
		w.ljpc.Faults(ljpc.Fault{Kind: kind})
	case fate == isGarbled && x.dice.happens(500):
		w.ljpc.Faults(ljpc.Fault{Kind: ljpc.FaultHTML})
	case fate == isGarbled:
		w.ljpc.Faults(ljpc.Fault{Kind: ljpc.FaultCutJSON})
	case fate == isLate:
		return x.late(w.ljpc, r, body)
	}
	response, err := carry(w.ljpc, r, body)
	w.ljpc.ClearFaults()
	return response, err
}

// sabotage has the delivery of the next order go wrong.
func (x *wire) sabotage() {
	w := x.world
	switch x.dice.choice(w.rates.stuck, w.rates.failed) {
	case 0:
		w.seen["orders stuck"]++
		w.ljpc.Faults(ljpc.Fault{Kind: ljpc.FaultStuckOrder})
		stuck := x.dice.between(time.Hour, 8*time.Hour)
		if x.dice.happens(200) {
			stuck = x.dice.between(day, 3*day)
		}
		w.agenda.add(w.Now().Add(stuck), "release", w.release)
	case 1:
		w.seen["lines failed"]++
		w.ljpc.Faults(ljpc.Fault{Kind: ljpc.FaultFailLine})
	}
}

// release is LJPc's staff, who see after the orders that are stuck.
func (w *world) release() {
	for _, o := range w.ljpc.Orders() {
		if o.Stuck {
			w.ljpc.Release(o.ID)
		}
	}
}

func (x *wire) toStripe(r *http.Request, body []byte) (*http.Response, error) {
	w := x.world
	kinds := map[int]mishap.Kind{
		isRefused: mishap.ErrorBefore, isLimited: mishap.RateLimit, isDropped: mishap.DropBefore,
		isLost: mishap.DropAfter, isFailed: mishap.ErrorAfter,
	}
	fate := x.fate(w.rates.stripe)
	if kind, planned := kinds[fate]; planned {
		w.must(w.stripe.Faults().Add(mishap.Fault{Kind: kind, Times: 1}), "plan a fault")
	}
	if fate == isLate {
		return x.late(w.stripe, r, body)
	}
	response, err := carry(w.stripe, r, body)
	w.stripe.Faults().Clear()
	w.hooks.deliverEarly()
	return response, err
}

// late is a call that the shop gives up and that arrives all the same, seconds later.
func (x *wire) late(to http.Handler, r *http.Request, body []byte) (*http.Response, error) {
	w := x.world
	w.seen["calls late"]++
	again := r.Clone(w.ctx)
	w.agenda.add(w.Now().Add(x.dice.between(time.Second, 50*time.Second)), "late call", func() {
		if response, err := carry(to, again, body); err == nil {
			response.Body.Close()
		}
	})
	return nil, fmt.Errorf("%w: timeout", errNoAnswer)
}

// carry hands a request to a stand-in, which may cut the connection.
func carry(to http.Handler, r *http.Request, body []byte) (response *http.Response, err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			response, err = nil, errNoAnswer
		} else if v != nil {
			panic(v)
		}
	}()
	request := r.Clone(r.Context())
	request.Body, request.RequestURI = io.NopCloser(bytes.NewReader(body)), r.URL.RequestURI()
	if request.Host == "" {
		request.Host = r.URL.Host
	}
	recorder := httptest.NewRecorder()
	to.ServeHTTP(recorder, request)
	response = recorder.Result()
	response.Request = r
	return response, nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// reply is the answer of a server that is down behind its proxy.
func reply(r *http.Request, status int) *http.Response {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader("<h1>Service unavailable</h1>")), Request: r,
	}
}
