package stripe

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"hostfront/sandbox/courier"
)

// usualEvents are those that a shop subscribes to.
var usualEvents = []string{
	"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing", "payment_intent.canceled",
	"payment_intent.requires_action", "charge.refunded", "charge.dispute.created", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
	"charge.dispute.funds_reinstated",
	"refund.created", "refund.updated", "refund.failed", "setup_intent.succeeded",
	"payout.paid", "payout.failed", "payout.reconciliation_completed",
}

// happen records an event, and sends it where the webhook endpoint wants its type.
// The lock is held, so that events leave in the order they happened.
func (s *Server) happen(kind string, o object) {
	e := &event{id: s.newID("evt_"), kind: kind, created: s.now()}
	body, err := json.Marshal(object{
		"id": e.id, "object": "event", "type": kind, "api_version": s.options.APIVersion, "created": e.created,
		"livemode": false, "pending_webhooks": 1, "request": object{"id": nil, "idempotency_key": nil},
		"data": object{"object": o},
	})
	if err != nil {
		return
	}
	e.body = body
	s.happened.put(e.id, e)
	if !s.events[kind] {
		return
	}
	m := courier.Message{ID: e.id, Body: body}
	if s.options.Deliver != nil {
		s.options.Deliver(m)
		return
	}
	s.courier.Send(m)
}

func (s *Server) getEvent(c call) (object, *apiError) {
	e, ok := s.happened.get(c.id)
	if !ok {
		return nil, noSuch("event", "id", c.id)
	}
	return e.show(), nil
}

func (s *Server) listEvents(c call) (object, *apiError) {
	kind := c.form.text("type")
	found := s.happened.newest(func(e *event) bool {
		return (kind == "" || e.kind == kind) && c.form.createdHolds(e.created)
	})
	return page(c, "/v1/events", found, func(e *event) string { return e.id }, (*event).show)
}

func (e *event) show() object {
	o := object{}
	// The body was marshalled here.
	_ = json.Unmarshal(e.body, &o)
	return o
}

// sign makes the Stripe-Signature header: the HMAC-SHA256 of "<t>.<body>", scheme v1.
func (s *Server) sign(h http.Header, body []byte, at time.Time) {
	h.Set("Stripe-Signature", Sign(s.options.WebhookSecret, body, at))
}

// Sign makes the value of the Stripe-Signature header.
func Sign(secret string, body []byte, at time.Time) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
