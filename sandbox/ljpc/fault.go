package ljpc

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hostfront/fault"
)

// FaultKind is a way to misbehave.
type FaultKind string

// The ways to misbehave. "After" means that the call took effect first.
const (
	FaultSlow             FaultKind = "slow"               // answers after Delay
	FaultServerError      FaultKind = "server_error"       // 5xx, nothing happened
	FaultServerErrorAfter FaultKind = "server_error_after" // 5xx, and it took effect
	FaultRateLimited      FaultKind = "rate_limited"       // 429 with Retry-After, nothing happened
	FaultDropBefore       FaultKind = "drop_before"        // the connection is cut, nothing happened
	FaultDropAfter        FaultKind = "drop_after"         // the connection is cut, and it took effect
	FaultHTML             FaultKind = "html"               // 200 with a web page, and it took effect
	FaultHTMLBefore       FaultKind = "html_before"        // 200 with a web page, nothing happened
	FaultCutJSON          FaultKind = "cut_json"           // half the JSON, and it took effect
	FaultRedirect         FaultKind = "redirect"           // 302 elsewhere, nothing happened
	FaultLoseKey          FaultKind = "lose_key"           // 401 whatever the key
	FaultStuckOrder       FaultKind = "stuck_order"        // the next order never gets on
	FaultFailLine         FaultKind = "fail_line"          // the next line ordered fails in delivery
	FaultRefuseAuthCode   FaultKind = "refuse_auth_code"   // the next transfer's code is refused by the registry
)

var callFaults = []FaultKind{
	FaultSlow, FaultServerError, FaultServerErrorAfter, FaultRateLimited, FaultDropBefore, FaultDropAfter,
	FaultHTML, FaultHTMLBefore, FaultCutJSON, FaultRedirect, FaultLoseKey,
}

var orderFaults = []FaultKind{FaultStuckOrder, FaultFailLine, FaultRefuseAuthCode}

// Fault tells the sandbox to misbehave.
type Fault struct {
	// Op is the operation it hits ("orders.create"); empty or "*" for any.
	Op   string    `json:"op,omitempty"`
	Kind FaultKind `json:"kind"`
	// Times is how often: 0 is once, a negative number until the faults are cleared.
	Times int `json:"times,omitempty"`
	// Delay is how long a slow answer takes. In JSON "1.5s", or milliseconds.
	Delay Wait `json:"delay,omitempty"`
	// Status is the 5xx to answer with; 502 when zero.
	Status int `json:"status,omitempty"`
	// Domain limits the faults of orders to lines about this name.
	Domain string `json:"domain,omitempty"`
}

// Wait is a duration that JSON gives as "1.5s" or in milliseconds.
type Wait time.Duration

// UnmarshalJSON reads "1.5s" or 1500.
func (w *Wait) UnmarshalJSON(b []byte) error {
	var millis int64
	if json.Unmarshal(b, &millis) == nil {
		*w = Wait(time.Duration(millis) * time.Millisecond)
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("a delay is a text such as 1.5s, or milliseconds")
	}
	d, err := time.ParseDuration(text)
	*w = Wait(d)
	return err
}

// MarshalJSON writes "1.5s".
func (w Wait) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(w).String()) }

// Faults tells the sandbox to misbehave. A fault it does not know is ignored
// here; POST /_sandbox/faults refuses it.
func (s *Server) Faults(faults ...Fault) {
	for _, f := range faults {
		if err := s.addFault(f); err != nil {
			s.options.Log.Error("sandbox ljpc: fault refused", "error", err)
		}
	}
}

// ClearFaults ends all misbehaviour. Orders that are stuck stay so: see Release.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *Server) addFault(f Fault) error {
	if !slices.Contains(callFaults, f.Kind) && !slices.Contains(orderFaults, f.Kind) {
		return fault.New(fault.Invalid, "kind_unknown", "Kinds are %v and %v.", callFaults, orderFaults)
	}
	if f.Op == "" {
		f.Op = "*"
	}
	if f.Op != "*" && !knownOperation(f.Op) {
		return fault.New(fault.Invalid, "op_unknown", "There is no operation %s.", f.Op)
	}
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
	return nil
}

func knownOperation(name string) bool {
	for _, op := range operations() {
		if op.name == name {
			return true
		}
	}
	return false
}
