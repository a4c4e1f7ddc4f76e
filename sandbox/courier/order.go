package courier

import (
	"errors"
	"time"
)

// Kind is what becomes of a message that an Order names.
type Kind string

// The kinds of orders.
const (
	Late    Kind = "late"    // after After on the stand-in's clock
	Twice   Kind = "twice"   // two times, the same event
	Never   Kind = "never"   // lost
	Swapped Kind = "swapped" // after the message that follows it
)

// Order is one misfortune of messages to come.
type Order struct {
	Kind Kind `json:"kind"`
	// Times is how many messages it strikes; 0: every one until Clear.
	Times int `json:"times"`
	// AfterMS is the delay of Late, in milliseconds of the stand-in's clock.
	AfterMS int64 `json:"after_ms"`
}

// Misdirect puts orders at the end of the plan.
func (k *Courier) Misdirect(orders ...Order) error {
	for _, o := range orders {
		switch o.Kind {
		case Late, Twice, Never, Swapped:
		default:
			return errors.New("unknown fate of a webhook: " + string(o.Kind))
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.plan = append(k.plan, orders...)
	return nil
}

// Clear forgets the orders; what was already struck stays so.
func (k *Courier) Clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.plan = nil
}

// dispatch does with a message what the plan says. The lock is held.
func (k *Courier) dispatch(m Message) {
	if len(k.plan) == 0 {
		k.enqueue(m)
		k.release(&k.passed)
		return
	}
	o := k.plan[0]
	if o.Times == 1 {
		k.plan = k.plan[1:]
	} else if o.Times > 1 {
		k.plan[0].Times--
	}
	switch o.Kind {
	case Late:
		after := time.Duration(o.AfterMS) * time.Millisecond
		k.held = append(k.held, held{at: k.config.Clock.Now().Add(after), message: m})
	case Never:
		k.lost = append(k.lost, m)
	case Swapped:
		k.passed = append(k.passed, m)
		return
	case Twice:
		k.enqueue(m)
		k.enqueue(m)
	}
	k.release(&k.passed)
}

// releaseDue queues the late messages whose instant has come. The lock is held.
func (k *Courier) releaseDue() {
	now := k.config.Clock.Now()
	rest := k.held[:0]
	for _, h := range k.held {
		if h.at.After(now) {
			rest = append(rest, h)
			continue
		}
		k.enqueue(h.message)
	}
	k.held = rest
}

// release queues all messages of a list. The lock is held.
func (k *Courier) release(list *[]Message) {
	for _, m := range *list {
		k.enqueue(m)
	}
	*list = nil
}
