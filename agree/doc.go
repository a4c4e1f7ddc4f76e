// Package agree owns the nightly comparison of what upstreams have for the account with
// what customers have here, both ways: what is paid for and nobody has, what a customer
// has and is gone, an expiry that differs, a name that is renewed and should not be, or
// should be and will not.
//
//	read upstream ──▶ compare with the services, a page at a time ──▶ differences
//	   │ fails, empty                                                    │ more than the limit
//	   ▼                                                                 ▼
//	an alarm, nothing changes                                     an alarm, nothing changes
//
// An expiry is followed. A renewal that is not wanted any more is switched off by a task.
// Everything else is a question to the operator (package review), put before it is too
// late, and it ends by itself once the two agree again. What the operator has for himself
// is put on a list and passed over.
//
// Invariants: a read that fails, or an answer that is empty or looks halved, changes
// nothing; one row that cannot be dealt with stops no other; what is asked was seen
// twice, once in the list and once by itself.
//
// It does not own services and their expiry (package service), what is billed (package
// billing), nor an upstream's dialect (packages under upstream).
package agree
