package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hostfront/billing"
	"hostfront/fault"
)

// tolerance is how far a signature's time may be from now: what is older may be a replay,
// and what is from the future was not signed by the provider.
const tolerance = 300 * time.Second

// Receive verifies a webhook and says which objects it is about.
func (g *Gateway) Receive(h http.Header, body []byte, now time.Time) (billing.Notice, error) {
	at, ok := g.signedAt(h.Get("Sandbox-Signature"), body)
	if !ok || now.Sub(at).Abs() > tolerance {
		return billing.Notice{}, fault.New(fault.Malformed, "webhook_signature", "The signature of the webhook does not hold, or is not of this time.")
	}
	var e struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Payment string `json:"payment"`
		Refund  string `json:"refund"`
		Setup   string `json:"setup"`
	}
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" {
		return billing.Notice{}, fault.New(fault.Malformed, "webhook_unreadable", "The webhook is not an event.").Because(err)
	}
	n := billing.Notice{EventID: e.ID, Kind: e.Type}
	if e.Payment != "" {
		n.Payments = []string{e.Payment}
	}
	if e.Refund != "" {
		n.Refunds = []string{e.Refund}
	}
	if e.Setup != "" {
		n.Setups = []string{e.Setup}
	}
	return n, nil
}

// signedAt is when the body was signed, if one of the secrets did it.
func (g *Gateway) signedAt(header string, body []byte) (time.Time, bool) {
	stamp, signature, ok := strings.Cut(header, ",")
	if !ok {
		return time.Time{}, false
	}
	t, isTime := strings.CutPrefix(stamp, "t=")
	hexed, isV1 := strings.CutPrefix(signature, "v1=")
	seconds, err := strconv.ParseInt(t, 10, 64)
	given, hexErr := hex.DecodeString(hexed)
	if !isTime || !isV1 || err != nil || hexErr != nil {
		return time.Time{}, false
	}
	for _, secret := range g.secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(t + "."))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), given) {
			return time.Unix(seconds, 0), true
		}
	}
	return time.Time{}, false
}
