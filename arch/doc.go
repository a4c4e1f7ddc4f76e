// Package arch holds the rules of this repository as tests: which room may know
// which, where money, time and the network may be touched, what SQL both engines
// take. Each rule is a function from sources to complaints, so that a second test
// can show that it catches what it is there for.
//
// It owns no code that the program runs.
package arch
