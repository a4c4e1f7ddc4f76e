package mishap

import (
	"errors"
	"sync"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults.
const (
	DropBefore  Kind = "drop_before"  // the connection is cut and nothing happened
	DropAfter   Kind = "drop_after"   // it happened, and the connection is cut before the answer
	ErrorBefore Kind = "error_before" // a 500 and nothing happened
	ErrorAfter  Kind = "error_after"  // it happened, and a 500 is answered
	RateLimit   Kind = "rate_limit"   // a 429 and nothing happened
	Refuse      Kind = "refuse"       // a 400 for a reason of the account's, and nothing happened
	Slow        Kind = "slow"         // it happens after Delay, or when the client has gone
)

// Fault is one thing that is to go wrong.
type Fault struct {
	// Op is the operation it strikes, in the stand-in's own names; empty: every one.
	Op   string `json:"op"`
	Kind Kind   `json:"kind"`
	// Times is how often it strikes; 0: until Clear.
	Times int `json:"times"`
	// DelayMS is how long Slow waits, in milliseconds.
	DelayMS int64 `json:"delay_ms"`
}

// Plan is the faults still to come. The zero value has none. Safe for concurrent use.
type Plan struct {
	mu     sync.Mutex
	faults []Fault
}

// Add puts faults at the end of the plan.
func (p *Plan) Add(faults ...Fault) error {
	for _, f := range faults {
		switch f.Kind {
		case DropBefore, DropAfter, ErrorBefore, ErrorAfter, RateLimit, Refuse, Slow:
		default:
			return errors.New("unknown kind of fault: " + string(f.Kind))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, faults...)
	return nil
}

// Clear forgets all faults.
func (p *Plan) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = nil
}

// Next takes the first fault that strikes an operation.
func (p *Plan) Next(op string) (Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, f := range p.faults {
		if f.Op != "" && f.Op != op {
			continue
		}
		if f.Times == 1 {
			p.faults = append(p.faults[:i:i], p.faults[i+1:]...)
		} else if f.Times > 1 {
			p.faults[i].Times--
		}
		return f, true
	}
	return Fault{}, false
}

func (f Fault) delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }
