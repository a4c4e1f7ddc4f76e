// Command tldgen writes the list of TLDs that the sandbox sells, from the rules
// that golang.org/x/net/publicsuffix ships with its tests. The package has no
// call that lists its table; each name is checked with the call that it has.
//
// It owns nothing at run time: the list is committed and embedded.
package main
