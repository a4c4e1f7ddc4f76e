package upstream

import (
	"context"
	"time"

	"hostfront/money"
)

// Availability is an upstream's word on whether a name can be registered. Only
// Available is a promise of anything.
type Availability string

// The availabilities of a name.
const (
	Available   Availability = "available"
	Taken       Availability = "taken"
	Unsupported Availability = "unsupported" // a TLD that the upstream does not sell
	Uncertain   Availability = "uncertain"   // the upstream did not say, or said a word that is not known
)

// The actions on a domain name that are sold.
const (
	ActionRegister = "register"
	ActionTransfer = "transfer"
)

// DomainChecker is an upstream that says whether names are free.
type DomainChecker interface {
	// CheckDomains answers for every name asked (A-labels, lower case), keyed by that
	// name; more than MaxCheck names take several calls.
	CheckDomains(ctx context.Context, names []string) (map[string]Availability, error)
	// MaxCheck is how many names go in one call.
	MaxCheck() int
}

// DomainPricer is an upstream that prices a single name exactly.
type DomainPricer interface {
	// PriceDomains answers for every name asked; a nil value is not sellable, never free.
	PriceDomains(ctx context.Context, names []string) (map[string]*DomainPrice, error)
}

// DomainPrice is the exact cost of a name for the account: one year, excluding VAT.
type DomainPrice struct {
	Cost    money.Amount
	Premium bool
}

// DomainRegistrar is an upstream that registers names. The call buys.
type DomainRegistrar interface {
	// RegisterDomain registers a name on a contact that CreateContact made. A name that
	// is already registered is refused with ErrConflict, so that reading the name back
	// settles an unknown outcome.
	RegisterDomain(ctx context.Context, name, contactHandle string) error
}

// Domains is an upstream whose account can see and manage its names.
type Domains interface {
	// Domain reads one name of the account; ErrNotFound when it is not there or not ours.
	Domain(ctx context.Context, name string) (Domain, error)
	// Domains lists all names of the account.
	Domains(ctx context.Context) ([]Domain, error)
	// UpdateDomain changes what is set in the update and leaves the rest.
	UpdateDomain(ctx context.Context, name string, u DomainUpdate) error
	// AuthCode reads the code that lets the name be moved away. Seal it, never log it.
	AuthCode(ctx context.Context, name string) (string, error)
}

// Domain is a registered name as the upstream has it.
type Domain struct {
	Name string
	// Status is opaque, possibly several words with commas between them.
	Status string
	// ExpiresAt is zero when the upstream did not say.
	ExpiresAt time.Time
	// AutoRenew is nil when the upstream did not say.
	AutoRenew *bool
	// Hold is why the name does not work although it is registered; empty when it does,
	// or when the status has no word for it that is known.
	Hold          Hold
	Nameservers   []string
	ContactHandle string
}

// Hold is what keeps a registered name from working.
type Hold string

// The holds.
const (
	// HoldVerification: the registrant's e-mail address or data are not verified.
	HoldVerification Hold = "verification"
	// HoldRegistrar and HoldRegistry: taken out of the DNS, for another reason.
	HoldRegistrar Hold = "registrar"
	HoldRegistry  Hold = "registry"
)

// DomainUpdate is what is to change about a name; nil leaves a thing as it is.
type DomainUpdate struct {
	Nameservers   []string
	AutoRenew     *bool
	ContactHandle *string
}
