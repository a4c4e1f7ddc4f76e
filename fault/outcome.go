package fault

import (
	"errors"
	"time"
)

// Result is what became of a call to the outside world.
type Result string

// The results (design, section 4). Only Unknown leaves open whether the call
// took effect.
const (
	// Rejected: the other side said no. Final; nothing happened.
	Rejected Result = "rejected"
	// Unavailable: nothing happened (refused or failed before the request was
	// written). Try again later, also for a call that buys.
	Unavailable Result = "unavailable"
	// RateLimited: nothing happened; try again after RetryAfter.
	RateLimited Result = "rate_limited"
	// ActionRequired: nothing happened, and the customer can mend it (a wrong
	// auth code, a refused registrant field).
	ActionRequired Result = "action_required"
	// Held: nothing happened and a person must decide, such as a price above
	// what the customer paid for.
	Held Result = "held"
	// Unknown: the request was written and no readable answer came. It may have
	// happened: reconcile, never simply try again.
	Unknown Result = "unknown"
)

// Outcome is an error that tells the task engine what became of a call. An error
// without an Outcome in its chain counts as Unknown when a request may have been
// written.
type Outcome struct {
	Result Result
	// Code is stable: "auth_code_refused", "price_above_quote".
	Code string
	// Message is for the customer in ActionRequired, else for the operator. Never an
	// upstream's raw text to a customer.
	Message string
	// Fields names what the customer must mend, for ActionRequired.
	Fields     []Field
	RetryAfter time.Duration

	cause error
}

// Error is the text for logs and the task journal.
func (o *Outcome) Error() string {
	text := string(o.Result) + " (" + o.Code + ")"
	if o.Message != "" {
		text += ": " + o.Message
	}
	if o.cause != nil {
		text += ": " + o.cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (o *Outcome) Unwrap() error { return o.cause }

// Because keeps the cause with the outcome, for the journal.
func (o *Outcome) Because(cause error) *Outcome { o.cause = cause; return o }

// Came is the outcome of a call: its result, a stable code and a message.
func Came(result Result, code, message string) *Outcome {
	return &Outcome{Result: result, Code: code, Message: message}
}

// OutcomeOf finds the Outcome in a chain; an error that carries none is Unknown,
// since only a typed error can promise that nothing happened.
func OutcomeOf(err error) *Outcome {
	var o *Outcome
	if errors.As(err, &o) {
		return o
	}
	return &Outcome{Result: Unknown, Code: "untyped_error", cause: err}
}
