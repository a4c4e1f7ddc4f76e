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
	CreatedAt int64  `json:"created_at"`
}

// notify sends an event about a payment or a refund.
func (s *Server) notify(what State, payment, refund string) {
	id, err := s.newID("sbe_")
	if err != nil {
		return
	}
	kind := "payment." + string(what)
	if refund != "" {
		kind = "refund." + string(what)
	}
	body, err := json.Marshal(Event{ID: id, Type: kind, Payment: payment, Refund: refund, CreatedAt: s.now()})
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
