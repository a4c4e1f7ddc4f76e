// Package account owns who somebody is: customers and their details, how they
// sign in (passwords, links by mail, rotating refresh tokens), the registrants
// that domain names are registered to and what each TLD asks of them, the shop's
// staff, and the audit log of what staff changed.
//
// It does not send mail (it appends events, package mail subscribes), does not
// decide tax (it keeps a VAT number and whether it was confirmed; package tax
// decides) and knows nothing of HTTP: the client's address is handed in.
//
// # What a stranger can learn
//
// Signing in, asking for a reset and asking for a link cost the same work and
// answer the same for an address that nobody has. Registering answers with a
// session, so that it must refuse an address that is taken: there, and only
// there, it can be learned that an address has an account, at the pace that the
// limits by client address allow.
//
// # Limits
//
// Limits on tries are kept in the memory of one process: with n replicas a
// client gets up to n times as many, and a restart forgets them. Somebody who
// tries a customer's address often enough keeps the customer from signing in with
// the password for half a minute at a time; a sign-in link still works.
package account
