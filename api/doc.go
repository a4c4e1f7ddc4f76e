// Package api is the shop over HTTP: routes, authentication, problems,
// pagination, idempotency and streaming.
//
// No business rule lives here. A handler reads the request, calls one domain
// package, and renders the answer; what may be bought, paid or delivered is
// decided below. Every error leaves as application/problem+json (RFC 9457) with
// a stable code; an error that is not a *fault.Error leaves as a 500 that says
// nothing, and is logged once, here.
package api
