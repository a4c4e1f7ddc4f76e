// Package storefront stands in for the shop window of the demo: the pages that the
// links in mails lead to, as plain HTML.
//
// Each says what the link is for and which operations of the API a storefront calls
// there, and does it: signs in, sets a password, pays, shows what was ordered. It is a
// client of the shop's API over HTTP like any other and knows nothing of its rooms.
//
// Opening a link changes nothing, for programs that look through mails open them too:
// what a link is for is done by the button on its page.
package storefront
