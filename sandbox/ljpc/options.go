package ljpc

import (
	"log/slog"
	"time"

	"hostfront/clock"
)

// The defaults of Options.
const (
	DefaultAPIKey  = "sandbox-ljpc-key"
	DefaultAccount = "demo"
	// DefaultStep is how long, by the clock, each stage of a delivery takes.
	DefaultStep = 2 * time.Second
)

// Options is how to set the sandbox up. The zero value works.
type Options struct {
	// Clock is the business clock that deliveries and expiries follow.
	Clock clock.Clock
	// APIKey is the one key, with every permission, when Keys is empty.
	APIKey string
	Keys   []Key
	// Seed makes the catalogue, its prices and every id the same again.
	Seed uint64
	// Products and TLDs replace the catalogue of real size.
	Products []Product
	TLDs     []TLD
	// Spaces are the ids of the first account's own spaces.
	Spaces []int64
	// Step is how long each stage of a delivery takes; each look at the order does too.
	Step time.Duration
	// Delay slows every answer down, in real time.
	Delay time.Duration
	// PanelURL is where single sign-on leads; the sandbox's own /panel/sso when empty.
	PanelURL string
	// StateFile keeps the state over a restart: read by New, written before a call that
	// changes it is answered, and by Close.
	StateFile string
	Faults    []Fault
	Log       *slog.Logger
}

// Key is an API key of an account.
type Key struct {
	Secret, Account string
	// Without are the permissions that the key lacks, in the document's words.
	Without []string
}

// The permissions of a key: in the document's words where it gives them.
const (
	PermissionTLDs          = "List TLDs"
	PermissionCheck         = "Check domain availability"
	PermissionPrice         = "Check domain price"
	PermissionShowDomains   = "Show own domains through the API"
	PermissionRegister      = "Register domains through the API"
	PermissionUpdateDomains = "Update domains through the API"
	PermissionAuthCodes     = "Fetch auth codes through the API"
	PermissionShowContacts  = "Show WHOIS contacts through the API"
	PermissionNewContacts   = "Create WHOIS contacts through the API"
	PermissionContacts      = "Update WHOIS contacts through the API"
	PermissionDNS           = "Manage DNS through the API"
	PermissionSites         = "Show own sites through the API"
	PermissionLogin         = "Login to sites"
	PermissionOrders        = "Create orders"
	PermissionViewOrders    = "View own orders"
)

func (o *Options) fillDefaults() {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.APIKey == "" {
		o.APIKey = DefaultAPIKey
	}
	if len(o.Keys) == 0 {
		o.Keys = []Key{{Secret: o.APIKey, Account: DefaultAccount}}
	}
	if o.Step <= 0 {
		o.Step = DefaultStep
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.TLDs == nil {
		o.TLDs = allTLDs(o.Seed)
	}
	if o.Products == nil {
		o.Products = allProducts(o.Seed)
	}
	if o.Spaces == nil {
		o.Spaces = []int64{101, 102}
	}
}
