package upstream

import (
	"context"

	"hostfront/money"
)

// Catalogue is an upstream that can list what it sells. An answer is complete or
// an error: half a catalogue is never returned.
type Catalogue interface {
	// Products lists the products that this shop can order, with the account's cost.
	Products(ctx context.Context) ([]Product, error)
	// TLDs lists every TLD that is sold.
	TLDs(ctx context.Context) ([]TLD, error)
}

// How an upstream bills a product.
const (
	BillingMonthly      = "monthly"
	BillingYearly       = "yearly"
	BillingClientChoice = "client_choice"
)

// The cycles of a price.
const (
	CycleMonth = "month"
	CycleYear  = "year"
)

// Product is something other than a domain that an upstream sells.
type Product struct {
	// Ref is the upstream's own id, to order by; stable over price changes.
	Ref string
	// Category is the upstream's category ("hosting_10gb"); Kind is the shop's: see the
	// Kind constants.
	Category, Kind    string
	Name, Description string
	// RequiresDomain and RequiresTargetURL say what an order of it must carry.
	RequiresDomain, RequiresTargetURL bool
	// Billing is monthly, yearly or client_choice: the cycles in Prices are never
	// shorter than what the upstream bills.
	Billing string
	Prices  []Price
	// Attributes are facts for the storefront, such as disk_gb.
	Attributes map[string]string
}

// The kinds of a product.
const (
	KindHosting = "hosting" // web hosting with a control panel
	KindForward = "forward" // a redirect of a domain to a URL
	KindDNS     = "dns"     // DNS alone
	KindOwn     = "own"     // a site on a space that the operator already rents; no catalogue lists it
)

// Price is what one cycle costs, excluding VAT.
type Price struct {
	// Cycle is "month" or "year".
	Cycle string
	// Cost is what the account pays; nil: not for sale. Zero is a real price.
	Cost *money.Amount
	// List is the upstream's public price; nil when it gives none.
	List *money.Amount
}

// TLD is a top-level domain (or public suffix such as co.uk) that is sold.
type TLD struct {
	// Name has no leading dot: lower case, A-label ("nl", "co.uk", "xn--p1ai").
	Name string
	// List is the indicative price of a year; nil when the upstream gives none.
	List *money.Amount
	// TransferSupported: names can be moved in with an auth code.
	TransferSupported bool
}

// Terms says for how many years an upstream registers or transfers names.
type Terms interface {
	// DomainYears lists the years that can be ordered at once for an action
	// ("register", "transfer") on a TLD.
	DomainYears(tld, action string) []int
}
