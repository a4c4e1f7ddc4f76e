package stripe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"hostfront/billing"

	stripego "github.com/stripe/stripe-go/v76"
)

// keyTrusted is for how long an idempotency key is relied on: Stripe forgets it
// after 24 hours.
const keyTrusted = 23 * time.Hour

// keysTried bounds how many keys one creation goes through, see once.
const keysTried = 4

// creation is one thing that must exist at Stripe at most once.
type creation[T any] struct {
	// id is the shop's own, the first key; madeAt is when the shop made it.
	id     string
	madeAt time.Time
	send   func(key string) (T, error)
	// look finds the thing by its metadata.
	look func() (T, bool, error)
}

// once creates a thing, or gives the one that an earlier call made.
//
// Stripe answers a repeated key with what it stored, a 5xx too. So after a 5xx the
// thing is looked up; when it is not there and the 5xx was a stored one (the first
// call is over), the next key takes its place: "pay_1", "pay_1.2". Which key is due
// follows from Stripe's answers alone, so that a crash in between changes nothing.
func once[T any](g *Gateway, c creation[T]) (T, error) {
	var none T
	if g.clock.Now().Sub(c.madeAt) > keyTrusted {
		if found, ok, err := c.look(); err != nil || ok {
			return found, err
		}
	}
	var last error
	for n := 1; n <= keysTried; n++ {
		made, err := c.send(nthKey(c.id, n))
		failed, replayed := failedAtStripe(err)
		if err == nil || !failed && !sameKeyOtherCall(err) {
			return made, err
		}
		found, ok, lookErr := c.look()
		if lookErr == nil && ok {
			return found, nil
		}
		if lookErr != nil || !replayed {
			return none, err
		}
		last = err
	}
	return none, last
}

func nthKey(id string, n int) string {
	if n == 1 {
		return id
	}
	return id + "." + strconv.Itoa(n)
}

// makeIntent creates the intent of a charge once; params is called for each try,
// since stripe-go keeps the key in them.
func (g *Gateway) makeIntent(ctx context.Context, c billing.Charge, customer string, params func() *stripego.PaymentIntentParams) (*stripego.PaymentIntent, error) {
	return once(g, creation[*stripego.PaymentIntent]{
		id:     c.ID,
		madeAt: c.CreatedAt,
		send: func(key string) (*stripego.PaymentIntent, error) {
			p := params()
			p.Context = ctx
			p.SetIdempotencyKey(key)
			return g.api.PaymentIntents.New(p)
		},
		look: func() (*stripego.PaymentIntent, bool, error) { return g.intentOf(ctx, customer, c) },
	})
}

// customer is Stripe's id of the customer: the known one, or one made now.
func (g *Gateway) customer(ctx context.Context, c billing.Charge) (string, error) {
	if c.ProviderCustomer != "" {
		return c.ProviderCustomer, nil
	}
	made, err := once(g, creation[*stripego.Customer]{
		id:     customerKey(c),
		madeAt: c.CreatedAt,
		send: func(key string) (*stripego.Customer, error) {
			p := &stripego.CustomerParams{
				Email: optional(c.Email), Name: optional(c.Name),
				Metadata: map[string]string{metaCustomer: c.CustomerID},
			}
			p.Context = ctx
			p.SetIdempotencyKey(key)
			return g.api.Customers.New(p)
		},
		look: func() (*stripego.Customer, bool, error) { return g.customerOf(ctx, c) },
	})
	if err != nil {
		return "", outcome(err, changes)
	}
	if made == nil || made.ID == "" {
		return "", outcome(errors.New("a customer without an id"), changes)
	}
	return made.ID, nil
}

// customerKey is one for each customer and what is told of them: two first payments
// at once get the same customer, and a corrected address is not a mismatch.
func customerKey(c billing.Charge) string {
	sum := sha256.Sum256([]byte(c.Email + "\x00" + c.Name))
	return "customer." + c.CustomerID + "." + hex.EncodeToString(sum[:6])
}

func itoa(n int) string { return strconv.Itoa(n) }
