// Package pay is a stand-in payment provider over real HTTP: an API for payments,
// off-session charges and refunds, a hosted page where the customer pays, declines or
// is asked for 3-D Secure, and signed webhooks. The demo and the tests pay with it; no
// money moves.
//
// It owns its payments, refunds and saved methods, and nothing of the shop: it knows
// the shop by a key, a webhook address and a secret.
//
//	POST /v1/payments                 open a payment, or charge a saved method ("method")
//	GET  /v1/payments/{id}            read it
//	GET  /v1/payments?payment_id=     find it by the shop's own id
//	POST /v1/payments/{id}/cancel     end it, unless it is paid
//	POST /v1/setups                   open the saving of a method without a payment
//	GET  /v1/setups/{id}              read it
//	POST /v1/setups/{id}/cancel       end it, unless it is decided
//	POST /v1/methods/{id}/detach      forget a method
//	POST /v1/refunds                  send money back
//	GET  /v1/refunds/{id}             read it
//	GET  /pay/{id}, /setup/{id}       the pages for the customer; POST: what they chose
//	GET  /methods                     the saved methods and how each behaves, as a page
//	GET  /_sandbox/methods            the same as JSON
//	POST /_sandbox/methods/{id}       {"behaviour": "decline"}: from the next charge on
//	POST /_sandbox/faults             {"faults": […], "webhooks": […]}; DELETE forgets them
package pay
