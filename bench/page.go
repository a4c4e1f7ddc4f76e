package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// pagePath is the page that is measured: 50 products.
const pagePath = "/v1/catalog/products?limit=50"

// pageRun is the shop beside a bare Fiber handler that returns the same bytes.
type pageRun struct {
	// shop and bare are requests a second over the loopback, ratio their quotient:
	// medians over the rounds.
	shop, bare, ratio float64
	ratios            []float64
	// work is the ratio of processor time, bare to shop.
	work float64
	// shopCall and bareCall are the handlers alone, without a network: time a request.
	shopCall, bareCall time.Duration
	bytes              int
}

// page measures both in turns, so that a neighbour on the machine hits both.
func (w *world) page(ctx context.Context, rounds int, each time.Duration) (pageRun, error) {
	shop := w.app.Handler()
	body, err := bodyOf(shop)
	if err != nil {
		return pageRun{}, err
	}
	bare, bareAddress, stop, err := serveBare(body)
	if err != nil {
		return pageRun{}, err
	}
	defer stop()
	var shops, bares, ratios, works []float64
	var shopCalls, bareCalls []time.Duration
	for range rounds {
		sides, err := duel(ctx, w.url[len("http://"):], bareAddress, each)
		if err != nil {
			return pageRun{}, err
		}
		s, b := sides[0].perSecond(), sides[1].perSecond()
		works = append(works, float64(sides[1].work())/float64(sides[0].work()))
		shops, bares, ratios = append(shops, s), append(bares, b), append(ratios, s/b)
		shopCalls, bareCalls = append(shopCalls, callTime(shop, each/10)), append(bareCalls, callTime(bare, each/10))
	}
	return pageRun{
		shop: median(shops), bare: median(bares), ratio: median(ratios), ratios: ratios, work: median(works),
		shopCall: median(shopCalls), bareCall: median(bareCalls), bytes: len(body),
	}, nil
}

// bodyOf is what the shop answers, and that it is what is to be measured.
func bodyOf(handler fasthttp.RequestHandler) ([]byte, error) {
	c := newCall()
	handler(c)
	body := bytes.Clone(c.Response.Body())
	if c.Response.StatusCode() != fiber.StatusOK || bytes.Count(body, []byte(`"requires_domain"`)) != 50 {
		return nil, fmt.Errorf("%s answered %d: %.200s", pagePath, c.Response.StatusCode(), body)
	}
	return body, nil
}

// serveBare is Fiber with nothing in it but the bytes.
func serveBare(body []byte) (fasthttp.RequestHandler, string, func() error, error) {
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/v1/catalog/products", bareHandler(body))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", nil, err
	}
	go bare.Listener(listener) //nolint:errcheck // it ends when the run does
	return bare.Handler(), listener.Addr().String(), bare.Shutdown, nil
}

func bareHandler(body []byte) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Response().Header.SetContentType(fiber.MIMEApplicationJSON)
		c.Response().SetBodyRaw(body)
		return nil
	}
}

func newCall() *fasthttp.RequestCtx {
	var request fasthttp.Request
	request.SetRequestURI(pagePath)
	request.Header.SetHost("127.0.0.1")
	c := &fasthttp.RequestCtx{}
	c.Init(&request, nil, nil)
	return c
}

// callTime is how long the handler alone takes.
func callTime(handler fasthttp.RequestHandler, each time.Duration) time.Duration {
	c := newCall()
	began, n := time.Now(), 0
	for time.Since(began) < each {
		for range 100 {
			handler(c)
			c.Response.Reset()
			c.ResetUserValues()
		}
		n += 100
	}
	return time.Since(began) / time.Duration(n)
}

// connections is how many clients ask at once.
const connections = 8

// turns is into how many turns a round is cut: short ones, so that a neighbour on
// the machine slows both down alike.
const turns = 20

// duel has both answer over kept connections in turns, for so long each, and counts
// the answers. The client is as lean as can be, since it runs on
// the same processors: what it costs is in both figures alike.
func duel(ctx context.Context, shop, bare string, each time.Duration) (sides [2]side, err error) {
	defer func() {
		for i := range sides {
			sides[i].close()
		}
	}()
	for i, address := range []string{shop, bare} {
		if err := sides[i].connect(address); err != nil {
			return sides, err
		}
	}
	for turn := range 2 * turns {
		// The order changes with every pair: shop, bare, bare, shop.
		if err := sides[(turn+turn/2)%2].ask(ctx, each/turns); err != nil {
			return sides, err
		}
	}
	return sides, nil
}

// side is one of two that are compared.
type side struct {
	conns []net.Conn
	asked int
	took  time.Duration
	// worked is the processor time of it all, the client's and the kernel's included:
	// what a neighbour on the machine cannot change.
	worked time.Duration
}

func (s *side) connect(address string) error {
	for range connections {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		s.conns = append(s.conns, conn)
	}
	return nil
}

func (s *side) close() {
	for _, conn := range s.conns {
		conn.Close()
	}
}

func (s *side) perSecond() float64 { return float64(s.asked) / s.took.Seconds() }

// work is the processor time of one answer.
func (s *side) work() time.Duration { return s.worked / time.Duration(s.asked) }

// ask has every connection ask one question after the other for a while.
func (s *side) ask(ctx context.Context, each time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, each)
	defer cancel()
	var asking sync.WaitGroup
	var total atomic.Int64
	errs := make([]error, len(s.conns))
	began, spent := time.Now(), processorTime()
	for i, conn := range s.conns {
		asking.Go(func() {
			n, err := askUntil(ctx, conn)
			total.Add(int64(n))
			errs[i] = err
		})
	}
	asking.Wait()
	s.took += time.Since(began)
	s.worked += processorTime() - spent
	s.asked += int(total.Load())
	return errors.Join(errs...)
}

// askUntil asks one question after the other. The first answer says how long all
// of them are: the date and the request id have one length.
func askUntil(ctx context.Context, conn net.Conn) (int, error) {
	question := []byte("GET " + pagePath + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
	answer := make([]byte, 1<<20)
	length, n := 0, 0
	for ctx.Err() == nil {
		if _, err := conn.Write(question); err != nil {
			return n, err
		}
		for read := 0; length == 0 || read < length; {
			m, err := conn.Read(answer[read:])
			if err != nil {
				return n, err
			}
			read += m
			if length == 0 {
				length = lengthOf(answer[:read])
			}
		}
		if !bytes.HasPrefix(answer, []byte("HTTP/1.1 200 ")) {
			return n, fmt.Errorf("answered %.200s", answer)
		}
		n++
	}
	return n, nil
}

// lengthOf is how long an answer is, head and body; 0 while the head is not whole.
func lengthOf(answer []byte) int {
	head := bytes.Index(answer, []byte("\r\n\r\n"))
	if head < 0 {
		return 0
	}
	length := 0
	for line := range bytes.Lines(answer[:head]) {
		fmt.Sscanf(string(bytes.ToLower(line)), "content-length: %d", &length)
	}
	return head + 4 + length
}

// pages are the bar on a page of the catalogue.
func pages(ctx context.Context, o settings) ([]result, error) {
	w, err := o.world(ctx, worldOptions{})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	run, err := w.page(ctx, o.rounds, o.each)
	if err != nil {
		return nil, err
	}
	slices.Sort(run.ratios)
	return []result{{
		name: "page of 50 products, of a bare handler", value: 100 * run.ratio, unit: "%", bar: 70, atLeast: true,
		peer: fmt.Sprintf("shop %s/s, bare Fiber %s/s", number(run.shop), number(run.bare)),
		note: fmt.Sprintf("median of %d rounds, %s; by processor time %.0f %%; %d bytes; in process %s and %s a call",
			len(run.ratios), spread(run.ratios), 100*run.work, run.bytes, run.shopCall, run.bareCall),
	}}, nil
}
