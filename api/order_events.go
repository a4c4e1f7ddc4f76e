package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hostfront/clock"
	"hostfront/order"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

const (
	// streamEvery is how often a stream looks whether its order has moved.
	streamEvery = 500 * time.Millisecond
	// streamBeats is how many looks without news make a comment line, which keeps
	// proxies from closing the connection.
	streamBeats = 30
	// streamLooks bounds a stream to an hour; the client comes back by itself.
	streamLooks = 7200
)

// orderEventsRoute is GET /v1/orders/{id}/events.
func (s *Server) orderEventsRoute() {
	s.raw(operation{ID: "order-events", Method: http.MethodGet, Path: "/v1/orders/{id}/events", Tag: "Quotes and orders", Access: customer,
		Summary:     "An order's progress as server-sent events",
		Description: "Each `order` event carries the order as GET /v1/orders/{id} has it: at once, and whenever it has moved. The stream ends when nothing more can happen."},
		rawAnswer{MediaType: "text/event-stream", Params: []*huma.Param{pathParam("id", "Its id")}}, s.streamOrder)
}

// streamOrder authenticates and finds the order before the stream begins, so that
// a refusal is a problem like any other.
func (s *Server) streamOrder(c *fiber.Ctx) error {
	who, err := s.identify(c.UserContext(), customer, c.Get(fiber.HeaderAuthorization))
	if err != nil {
		return err
	}
	first, err := s.cfg.Orders.Get(c.UserContext(), who.CustomerID, c.Params("id"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no")
	if c.Context().IsHead() {
		return nil
	}
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) { s.follow(w, first) })
	return nil
}

// follow writes an order whenever it has moved, until it is final, the client is
// gone, or the server stops.
func (s *Server) follow(w *bufio.Writer, o order.Order) {
	sent, silent := "", 0
	ticker := clock.NewTicker(streamEvery)
	defer ticker.Stop()
	for range streamLooks {
		text, err := json.Marshal(orderAnswer(o))
		if err != nil {
			return
		}
		if string(text) != sent {
			sent, silent = string(text), 0
			fmt.Fprintf(w, "event: order\ndata: %s\n\n", text)
		} else if silent++; silent%streamBeats == 0 {
			fmt.Fprint(w, ": still here\n\n")
		}
		if w.Flush() != nil || finished(o.State) {
			return
		}
		select {
		case <-s.cfg.Draining:
			return
		case <-ticker.C:
		}
		if o, err = s.cfg.Orders.Get(context.Background(), o.CustomerID, o.ID); err != nil {
			return
		}
	}
}

func finished(state order.State) bool {
	switch state {
	case order.Completed, order.PartlyFailed, order.Failed, order.Cancelled:
		return true
	}
	return false
}
