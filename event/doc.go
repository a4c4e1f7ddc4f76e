// Package event owns what happened: an append-only log, written in the
// transaction that caused it, and the alarms that an operator should look at.
//
// Subscribers run in that same transaction and do nothing but insert a task: what
// follows from an event is there exactly when the event is. There is no cursor,
// no rendering and no delivery here.
//
// It does not own what is done about an event (the subscribers' packages do), nor
// the audit of what people change (package account).
package event
