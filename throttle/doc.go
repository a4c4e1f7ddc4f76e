// Package throttle owns counting how often something is tried, by a key: a mail
// address, a client's address, a customer.
//
// It does not own which tries are counted, how many are allowed or what a refused
// one is told. Counts are kept in the memory of one process: with n replicas a
// key gets up to n times as many, and a restart forgets them.
package throttle
