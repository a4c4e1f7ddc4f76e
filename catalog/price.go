package catalog

import (
	"hostfront/money"
)

// Basis is whether the shop shows its prices without or with VAT.
type Basis string

// The bases.
const (
	Net   Basis = "net"   // prices are without VAT
	Gross Basis = "gross" // prices include VAT at the home rate
)

// Price is what something costs the customer, for one year (domains) or one
// cycle (products).
type Price struct {
	// Price is what the customer is shown, in the shop's basis.
	Price money.Amount
	// Net is the price without VAT: what an invoice line carries. In a gross shop,
	// Net plus VAT at the home rate is Price exactly.
	Net money.Amount
	// Cost is what the account pays upstream, without VAT.
	Cost money.Amount
	// CostAssumed: nobody quoted this cost; it was taken from a list price or
	// from the price of another action.
	CostAssumed bool
}

// Why something has no price.
const (
	unpricedNoCost     = "no_cost"                // the upstream does not offer it now
	unpricedNoRule     = "no_rule"                // no price rule matches
	unpricedZero       = "price_is_nothing"       // the rule makes nothing of it: not free, not sold
	unpricedRange      = "out_of_range"           // the number does not fit
	unpricedHeld       = "cost_jumped_up"         // waits for the operator
	unpricedCurrency   = "other_currency"         // the cost is not in the shop's currency
	unpricedNoRenew    = "no_renewal_price"       // a name that could not be renewed is not sold
	unpricedNoTerm     = "no_term"                // the upstream sells the action for no number of years
	unpricedRegistrant = "registrant_not_carried" // the TLD asks what the upstream cannot carry
)
