package stripe

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hostfront/billing"
	"hostfront/fault"

	"github.com/stripe/stripe-go/v76/webhook"
)

// tolerance is how far a signature's time may be from now: what is older may be a replay,
// and what is from the future was not signed by the provider.
const tolerance = 300 * time.Second

// Receive verifies a webhook over its raw bytes with each secret in turn, and says
// which objects it is about. Nothing else of it is used: the objects are read again
// from Stripe, so that its order, its age and its API version do not matter.
func (g *Gateway) Receive(h http.Header, body []byte, now time.Time) (billing.Notice, error) {
	signature := h.Get("Stripe-Signature")
	if !g.signed(signature, body) {
		return billing.Notice{}, fault.New(fault.Malformed, "webhook_signature", "The signature of the webhook does not hold.")
	}
	if at, ok := signedAt(signature); !ok || now.Sub(at).Abs() > tolerance {
		return billing.Notice{}, fault.New(fault.Malformed, "webhook_signature", "The webhook was not signed at this time: too long ago, or in the future.")
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" {
		return billing.Notice{}, fault.New(fault.Malformed, "webhook_unreadable", "The webhook is not an event.").Because(err)
	}
	n := billing.Notice{EventID: e.ID, Kind: e.Type}
	if e.Livemode != g.live {
		return n, nil
	}
	if read, ok := readers[e.Data.Object.Object]; ok {
		read(e.Data.Object, &n)
	}
	return n, nil
}

// signed is true when one of the secrets made the signature. The library compares it
// with the wall clock otherwise, hence without its tolerance.
func (g *Gateway) signed(signature string, body []byte) bool {
	for _, secret := range g.secrets {
		if webhook.ValidatePayloadIgnoringTolerance(body, signature, secret) == nil {
			return true
		}
	}
	return false
}

// signedAt is the time in the header: "t=1495999758,v1=…". The last one counts, as it
// does for the signature.
func signedAt(signature string) (at time.Time, ok bool) {
	for _, pair := range strings.Split(signature, ",") {
		if value, found := strings.CutPrefix(pair, "t="); found {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return time.Time{}, false
			}
			at, ok = time.Unix(n, 0), true
		}
	}
	return at, ok
}

// event is what is read of an event, of whatever API version.
type event struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Livemode bool   `json:"livemode"`
	Data     struct {
		Object object `json:"object"`
	} `json:"data"`
}

// object is the thing an event is about.
type object struct {
	ID            string    `json:"id"`
	Object        string    `json:"object"`
	PaymentIntent reference `json:"payment_intent"`
}

// reference is an id, given as a string or as a whole object.
type reference string

// UnmarshalJSON reads either; anything else is no reference.
func (r *reference) UnmarshalJSON(b []byte) error {
	var id string
	if json.Unmarshal(b, &id) == nil {
		*r = reference(id)
		return nil
	}
	var whole struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(b, &whole) == nil {
		*r = reference(whole.ID)
	}
	return nil
}

// readers tell by the type of the object what is to be read again. The object, not
// the event's name, decides: "charge.refund.updated" is about a refund. What is not
// here gives an empty notice.
var readers = map[string]func(o object, n *billing.Notice){
	"payment_intent": func(o object, n *billing.Notice) { n.Payments = ids(o.ID) },
	"setup_intent":   func(o object, n *billing.Notice) { n.Setups = ids(o.ID) },
	"charge":         func(o object, n *billing.Notice) { n.Payments = ids(string(o.PaymentIntent)) },
	"dispute": func(o object, n *billing.Notice) {
		n.Disputes, n.Payments = ids(o.ID), ids(string(o.PaymentIntent))
	},
	"refund": func(o object, n *billing.Notice) {
		n.Refunds, n.Payments = ids(o.ID), ids(string(o.PaymentIntent))
	},
	"payout": func(o object, n *billing.Notice) { n.Payouts = ids(o.ID) },
}

func ids(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
