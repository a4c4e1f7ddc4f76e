package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind is the class of an Error; each has one HTTP status.
type Kind string

// The kinds, with the HTTP status the API gives each.
const (
	Invalid         Kind = "invalid"           // 422: the request is well formed and its content is not acceptable
	Malformed       Kind = "malformed"         // 400: the request cannot be read
	Unauthenticated Kind = "unauthenticated"   // 401
	Forbidden       Kind = "forbidden"         // 403
	NotFound        Kind = "not_found"         // 404: also what belongs to somebody else
	Conflict        Kind = "conflict"          // 409: the state of things does not allow it now
	TooLarge        Kind = "too_large"         // 413
	TooMany         Kind = "too_many_requests" // 429
	Internal        Kind = "internal"          // 500: the cause is logged, never shown
	Away            Kind = "unavailable"       // 503: something this needs is away; try again
)

// Field is one field of a request that is not acceptable, and why.
type Field struct {
	// Name is the field as the client sent it: "lines[0].domain".
	Name string `json:"field"`
	// Code is stable and for programs: "required", "not_available".
	Code string `json:"code"`
	// Message says what is allowed, to a person.
	Message string `json:"message"`
}

// Error is a failure that a client is told about. Message and Fields are fit
// for a customer; the cause is for the log alone.
type Error struct {
	Kind       Kind
	Code       string
	Message    string
	Fields     []Field
	RetryAfter time.Duration
	// Extra is added to the problem as members of its own, such as the new
	// price that is offered; its values must marshal to JSON.
	Extra map[string]any

	cause error
}

// Error is the text for logs: code, message and cause.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Code + ": " + e.Message
	}
	return e.Code + ": " + e.Message + ": " + e.cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// New is an Error of a kind with a stable code and a message for the customer.
func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Because keeps the cause with the error, for the log.
func (e *Error) Because(cause error) *Error { e.cause = cause; return e }

// After says how long to wait before trying again.
func (e *Error) After(d time.Duration) *Error { e.RetryAfter = d; return e }

// With adds a member to the problem that the client gets.
func (e *Error) With(name string, value any) *Error {
	if e.Extra == nil {
		e.Extra = map[string]any{}
	}
	e.Extra[name] = value
	return e
}

// InvalidField is an Invalid error about one field.
func InvalidField(name, code, format string, args ...any) *Error {
	return InvalidFields(Field{Name: name, Code: code, Message: fmt.Sprintf(format, args...)})
}

// InvalidFields is an Invalid error about several fields.
func InvalidFields(fields ...Field) *Error {
	return &Error{Kind: Invalid, Code: "invalid_fields", Message: "Some fields are not acceptable.", Fields: fields}
}

// BadCursor is an Invalid error about the cursor of a list, one that no page gave.
func BadCursor() *Error {
	e := InvalidField("cursor", "invalid_cursor", "Take the cursor from next_cursor of the page before, unchanged.")
	e.Code, e.Message = "invalid_cursor", "No page of this list gave this cursor."
	return e
}

// Missing is a NotFound error: "There is no invoice inv_01…".
func Missing(what, id string) *Error {
	return New(NotFound, "not_found", "There is no %s %s.", what, id)
}

// As finds the Error in a chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is tells whether err is an Error with this code.
func Is(err error, code string) bool {
	e, ok := As(err)
	return ok && e.Code == code
}
