// Package task owns every effect on the outside world: placing an order upstream,
// charging a card, refunding, mailing. One effect is one task, and there is no
// other way to cause one. The engine survives a crash at any instruction and knows
// what to do when it cannot tell whether a call took effect.
//
//	blocked ──invoice paid──▶ ready ──claim──▶ running ──▶ done
//	   │ voided                 ▲                 │├──────▶ waiting (poll again at run_at) ──▶ running
//	   ▼                        └──── retry ──────┘├──────▶ failed      (the handler's Failed runs)
//	cancelled                                      ├──────▶ action_required (the customer can mend it) ──▶ ready
//	                                               ├──────▶ unknown ──reconcile──▶ done | ready | held
//	                                               └──────▶ settling (the call is over, Done is tried again)
//
// What holds, whatever happens:
//
//   - A task is claimed by one worker at a time: the claim is one commit that
//     repeats its whole condition, an outcome is a compare-and-set on its token.
//   - Of a subject only the first unfinished task can be claimed. A blocked task
//     does not count until its invoice is paid, when it takes the last place.
//   - A task waits for the one it names as its predecessor to come to its end.
//   - A call that must not happen twice is made again only after a provable no.
//   - The answer of a call is stored even when what follows from it cannot be.
//   - No network call is made inside a transaction; handlers that get a
//     *db.Queries run inside one and do nothing else.
//
// Business times (run_at) are of the shop's clock; leases and breakers are of the
// steady clock. Payloads and results are never logged.
//
// It does not own what a task means (the kinds' handlers do, in service, billing
// and mail) nor alarms (package event keeps them; the engine is handed a function).
package task
