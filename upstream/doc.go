// Package upstream owns the vocabulary that every supplier shares: small
// capability interfaces (an adapter implements what its API has), the types they
// speak in, the errors they give, and the one HTTP client with its honest answer
// to "was the request written?".
//
// It does not own any supplier's dialect (packages under upstream/), prices for
// customers (package catalog), or what is done about an outcome (package task).
// It knows no database.
//
// Errors of every capability carry a *fault.Outcome. A call that changes nothing
// upstream is Unavailable, RateLimited or Rejected. A call that changes something
// may be Unknown: it was written and no readable answer came.
package upstream
