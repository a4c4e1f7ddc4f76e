// Package fault is the one vocabulary of errors.
//
// It has two halves. An Error is what went wrong with a request: a Kind (which
// decides the HTTP status), a stable Code, a message fit for a customer, field
// errors, a time to wait. An Outcome is what became of a call to the outside
// world, as the task engine must know it: refused, nothing happened, may have
// happened, the customer can mend it.
//
// It does not own how errors look on the wire (package api writes problems) nor
// what is done about an outcome (package task). Errors are told apart by type
// and code, never by their text.
package fault
