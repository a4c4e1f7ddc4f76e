// Package demo runs a whole shop with nothing but itself: the real server, the
// stand-in upstream and payment provider over real HTTP, a realistic catalogue,
// accounts to sign in with, and a clock that can be moved.
//
// Its tour walks the main road as a storefront would, over HTTP alone, and holds
// every step to what a customer must see. It owns no rule of the shop: what it
// shows is what app does.
package demo
