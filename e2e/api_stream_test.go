package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// event is one server-sent event.
type event struct{ name, data string }

// stream follows a stream to its end over the real listener, calling each for every
// event as it arrives, and holds the whole against the document.
func (c caller) stream(address string, each func(event)) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.URL+address, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	var whole bytes.Buffer
	lines, now := bufio.NewScanner(io.TeeReader(response.Body, &whole)), event{}
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "event: "):
			now.name = line[7:]
		case strings.HasPrefix(line, "data: "):
			now.data = line[6:]
		case line == "" && now.name != "":
			each(now)
			now = event{}
		}
	}
	if err := lines.Err(); err != nil {
		c.t.Fatal(err)
	}
	if err := contract.holds(request, response, whole.Bytes()); err != nil {
		c.t.Fatal(err)
	}
}

func TestAnOrdersProgressIsStreamedUntilItIsCompleted(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	quote := text(buyer.post("/v1/quotes", cart(f.monthly(), "anna-visser.nl"), http.StatusCreated), "id")
	placed := buyer.once("order").post("/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusCreated)
	id := text(placed, "order.id")
	var states []string
	buyer.stream("/v1/orders/"+id+"/events", func(e event) {
		var order struct{ ID, State string }
		if err := json.Unmarshal([]byte(e.data), &order); err != nil || e.name != "order" || order.ID != id {
			t.Fatalf("event %+v: %v", e, err)
		}
		states = append(states, order.State)
		if len(states) == 1 { // the first comes at once, before anything was paid
			f.press(text(placed, "payment.next_action.url"), "pay")
			go func() {
				for range 6 { // all that it takes to be delivered
					if f.Drain() != nil || f.Move(10e9) != nil {
						return
					}
				}
			}()
		}
	})
	if states[0] != "pending_payment" || states[len(states)-1] != "completed" {
		t.Errorf("states %v, want pending_payment first and completed last", states)
	}
	var last []string
	f.signIn("anna@example.com").stream("/v1/orders/"+id+"/events", func(e event) { last = append(last, e.data) })
	if len(last) != 1 || !strings.Contains(last[0], `"state":"completed"`) {
		t.Errorf("a stream of a completed order tells %v", last)
	}
	f.signIn("anna@example.com").refused(http.MethodGet, "/v1/orders/ord_none/events", nil, http.StatusNotFound, "not_found")
	f.visitor().get("/healthz") // the shop is as it was
}

func TestAStreamEndsWhenTheShopStops(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	quote := text(buyer.post("/v1/quotes", cart(f.monthly(), "anna-visser.nl"), http.StatusCreated), "id")
	placed := buyer.once("order").post("/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusCreated)
	events := 0
	buyer.stream("/v1/orders/"+text(placed, "order.id")+"/events", func(event) {
		events++
		go f.App.Stop()
	})
	if events != 1 {
		t.Errorf("%d events, want the first alone", events)
	}
}
