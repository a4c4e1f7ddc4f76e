package upstream

import (
	"fmt"
	"net/http"
	"strings"

	"hostfront/fault"
)

// Refusal is an upstream's readable no. It matches one of the Err values with
// errors.Is.
type Refusal struct {
	Op     string
	Status int
	// Message is the upstream's text, for the operator: never shown to a customer.
	Message string
}

// Error is the text for logs and the task journal.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s refused with status %d: %s", r.Op, r.Status, r.Message)
}

// Is tells the refusals apart by their status.
func (r *Refusal) Is(target error) bool {
	switch r.Status {
	case http.StatusUnauthorized:
		return target == ErrUnauthorized
	case http.StatusForbidden:
		return target == ErrForbidden
	case http.StatusNotFound, http.StatusGone:
		return target == ErrNotFound
	case http.StatusConflict:
		return target == ErrConflict
	case http.StatusUnprocessableEntity, http.StatusBadRequest:
		return target == ErrInvalid
	}
	return false
}

// Outcome is what a refusal means for the task engine. A key that is not
// accepted is the operator's to mend and says nothing about the order: the call
// is tried again. A missing permission waits for a person where the call would
// have had an effect. Everything else is final.
func (r *Refusal) Outcome(call Call) *fault.Outcome {
	switch {
	case r.Status == http.StatusUnauthorized:
		return fault.Came(fault.Unavailable, "upstream_key_refused", call.Op).Because(r)
	case r.Status == http.StatusForbidden && call.Effect:
		return fault.Came(fault.Held, "upstream_permission_missing", call.Op).Because(r)
	case r.Status == http.StatusForbidden:
		return fault.Came(fault.Rejected, "upstream_permission_missing", call.Op).Because(r)
	case r.Status == http.StatusNotFound || r.Status == http.StatusGone:
		return fault.Came(fault.Rejected, "upstream_not_found", call.Op).Because(r)
	case r.Status == http.StatusConflict:
		return fault.Came(fault.Rejected, "upstream_conflict", call.Op).Because(r)
	}
	return fault.Came(fault.Rejected, "upstream_refused", call.Op).Because(r)
}

// Refuse is the outcome of an answer with an error status that could be read.
func (c *Client) Refuse(call Call, status int, message string) error {
	const longest = 500
	message = c.scrubText(call, message) // before it is cut: half a secret is one too
	if len(message) > longest {
		message = strings.ToValidUTF8(message[:longest], "")
	}
	r := &Refusal{Op: c.config.Name + " " + call.Op, Status: status, Message: message}
	return r.Outcome(call)
}
