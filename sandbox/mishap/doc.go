// Package mishap makes a stand-in misbehave as the outside world does: slow, 5xx,
// 429, or a connection dropped before or after the call took effect.
//
// It owns the plan of faults and how they look on the wire. It knows nothing of the
// stand-in it wraps but the names of its operations.
package mishap
