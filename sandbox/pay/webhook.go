package pay

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

// SignatureHeader carries "t=<unix seconds>,v1=<hex>": the HMAC-SHA256 of
// "<t>.<body>" under the webhook secret.
const SignatureHeader = "Sandbox-Signature"

// Event is the body of a webhook: it names what changed and says nothing of how.
type Event struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Payment   string `json:"payment,omitempty"`
	Refund    string `json:"refund,omitempty"`
	Setup     string `json:"setup,omitempty"`
	CreatedAt int64  `json:"created_at"`
}

// paymentEvent and refundEvent say what became of a payment and of a refund.
func paymentEvent(p Payment) Event { return Event{Type: "payment." + string(p.State), Payment: p.ID} }

func refundEvent(r Refund) Event {
	return Event{Type: "refund." + r.State, Payment: r.Payment, Refund: r.ID}
}

// notify sends an event about a payment, a refund or a setup.
func (s *Server) notify(e Event) {
	id, err := s.newID("sbe_")
	if err != nil {
		return
	}
	e.ID, e.CreatedAt = id, s.now()
	body, err := json.Marshal(e)
	if err != nil {
		return
	}
	s.courier.Send(courier.Message{ID: id, Body: body})
}

func (s *Server) sign(h http.Header, body []byte, at time.Time) {
	h.Set(SignatureHeader, Sign(s.options.WebhookSecret, body, at))
}

// Sign makes the value of SignatureHeader.
func Sign(secret string, body []byte, at time.Time) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
