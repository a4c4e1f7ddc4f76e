package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"hostfront/fault"
)

// problemType is the media type of every error (RFC 9457).
const problemType = "application/problem+json"

// Problem is the body of every error response (RFC 9457, section 3). Programs
// branch on Code; Detail and Errors are fit to show to a customer.
type Problem struct {
	Type      string        `json:"type" doc:"A URN of the code" example:"urn:hostfront:problem:not_found"`
	Title     string        `json:"title" doc:"The HTTP status in words"`
	Status    int           `json:"status"`
	Code      string        `json:"code" doc:"Stable, for programs" example:"price_changed"`
	Detail    string        `json:"detail" doc:"What went wrong, for a person"`
	Errors    []fault.Field `json:"errors,omitempty" doc:"The fields that are not acceptable"`
	RequestID string        `json:"request_id,omitempty" doc:"Quote this to support"`

	// extra holds members of one code alone, such as the quote offered with price_changed.
	extra      map[string]any
	retryAfter time.Duration
}

// statuses gives each kind of fault its HTTP status.
var statuses = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Malformed:       http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Internal:        http.StatusInternalServerError,
	fault.Away:            http.StatusServiceUnavailable,
}

// problemOf turns a fault into the problem a client gets.
func problemOf(e *fault.Error) *Problem {
	status, ok := statuses[e.Kind]
	if !ok {
		status = http.StatusInternalServerError
	}
	return &Problem{
		Type: problemURN(e.Code), Title: http.StatusText(status), Status: status,
		Code: e.Code, Detail: e.Message, Errors: e.Fields, extra: e.Extra, retryAfter: e.RetryAfter,
	}
}

// internalProblem is what a client learns of an error that nobody foresaw.
func internalProblem() *Problem {
	return problemOf(fault.New(fault.Internal, "internal", "Something went wrong on our side. Nothing you sent is lost; please try again."))
}

// timeoutProblem is what a client learns of a request that its deadline ended.
func timeoutProblem() *Problem {
	return problemOf(fault.New(fault.Away, "timeout", "This took too long and was given up; please try again.").After(time.Second))
}

func problemURN(code string) string { return "urn:hostfront:problem:" + code }

// Error makes a Problem a huma.StatusError.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders adds Retry-After, in whole seconds and at least one, and to a 401 how
// to authenticate.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		seconds := (p.retryAfter + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="hostfront"`)
	}
	return h
}

// ContentType makes huma send problems as such.
func (p *Problem) ContentType(string) string { return problemType }

// MarshalJSON writes the extra members beside the standard ones.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	if len(p.extra) == 0 {
		return json.Marshal((*plain)(p))
	}
	b, err := json.Marshal((*plain)(p))
	if err != nil {
		return nil, fmt.Errorf("marshal problem %s: %w", p.Code, err)
	}
	members := map[string]any{}
	if err := json.Unmarshal(b, &members); err != nil {
		return nil, fmt.Errorf("marshal problem %s: %w", p.Code, err)
	}
	for name, value := range p.extra {
		members[name] = value
	}
	return json.Marshal(members)
}
