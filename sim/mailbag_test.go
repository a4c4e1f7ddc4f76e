package sim_test

import (
	"net/http"
	"slices"
	"time"

	"hostfront/sandbox/courier"
	"hostfront/sandbox/stripe"
)

// letter is a webhook on its way.
type letter struct {
	body []byte
	at   time.Time
	// tries is how often the shop did not take it.
	tries int
	early bool
}

// mailbag is Stripe's post: it delivers webhooks at once, late, twice, in another
// order, or never, and what the shop does not take again for three days.
type mailbag struct {
	world *world
	dice  *dice
	bag   []*letter
	// swapped waits for the next one to go ahead.
	swapped *letter
}

// pauses are those between Stripe's tries.
var pauses = []time.Duration{5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 12 * time.Hour, 12 * time.Hour, 12 * time.Hour, 12 * time.Hour}

// take is stripe.Options.Deliver.
func (b *mailbag) take(m courier.Message) {
	w, p := b.world, b.world.rates.webhooks
	l := &letter{body: m.Body, at: w.Now()}
	if w.wire.clear {
		b.put(l)
		return
	}
	switch b.dice.choice(p.early, p.twice, p.never, p.late, p.swapped) {
	case 0:
		l.early = true
	case 1:
		b.put(&letter{body: m.Body, at: w.Now().Add(b.dice.within(time.Hour))})
	case 2:
		w.seen["webhooks lost"]++
		return
	case 3:
		w.seen["webhooks late"]++
		l.at = w.Now().Add(b.dice.between(time.Minute, 2*day))
	case 4:
		l, b.swapped = b.swapped, l
		w.seen["webhooks swapped"]++
		if l == nil {
			return
		}
	}
	b.put(l)
}

func (b *mailbag) put(l *letter) {
	b.bag = append(b.bag, l)
	if b.swapped != nil && b.swapped != l {
		b.bag = append(b.bag, b.swapped)
		b.swapped = nil
	}
}

// deliverEarly brings those that overtake the answer of the call they are about.
func (b *mailbag) deliverEarly() {
	for i := 0; i < len(b.bag); i++ {
		if l := b.bag[i]; l.early {
			b.bag = slices.Delete(b.bag, i, i+1)
			i--
			b.deliver(l)
		}
	}
}

// due brings one that is to arrive by now, and says whether there was one.
func (b *mailbag) due() bool {
	for i, l := range b.bag {
		if !l.at.After(b.world.Now()) {
			b.bag = slices.Delete(b.bag, i, i+1)
			b.deliver(l)
			return true
		}
	}
	return false
}

// next is when the first one arrives.
func (b *mailbag) next() (first time.Time, any bool) {
	for _, l := range b.bag {
		if !any || l.at.Before(first) {
			first, any = l.at, true
		}
	}
	return first, any
}

// deliver tries once; what is not taken is tried again, at longer and longer pauses.
func (b *mailbag) deliver(l *letter) {
	w := b.world
	w.seen["webhooks"]++
	header := http.Header{"Content-Type": {"application/json"}, "Stripe-Signature": {stripe.Sign(stripeSecret, l.body, w.Now())}}
	if said := w.call(http.MethodPost, "/v1/webhooks/stripe", header, l.body); said.ok() {
		return
	}
	if l.tries < len(pauses) {
		l.at, l.early = w.Now().Add(pauses[l.tries]), false
		l.tries++
		b.bag = append(b.bag, l)
	}
}
