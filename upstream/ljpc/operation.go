package ljpc

// The operations, as metrics, time-outs and the sandbox's faults name them.
const (
	OpTLDs          = "tlds.list"
	OpCheck         = "domains.check"
	OpPrice         = "domains.price"
	OpDomains       = "domains.list"
	OpDomain        = "domains.get"
	OpRegister      = "domains.register"
	OpUpdateDomain  = "domains.update"
	OpAuthCode      = "domains.auth_code"
	OpContacts      = "contacts.list"
	OpCreateContact = "contacts.create"
	OpUpdateContact = "contacts.update"
	OpZone          = "dns.get"
	OpReplaceZone   = "dns.replace"
	OpSites         = "sites.list"
	OpSite          = "sites.get"
	OpLogin         = "sites.login"
	OpProducts      = "products.list"
	OpPlaceOrder    = "orders.create"
	OpOrder         = "orders.get"
)

// The documented paths. What follows a path is escaped by the caller.
const (
	pathTLDs     = "/api/hosting/v1/tlds"
	pathCheck    = "/api/hosting/v1/domain-names/check"
	pathPrice    = "/api/hosting/v1/domain-names/price"
	pathDomains  = "/api/hosting/v1/domain-names"
	pathContacts = "/api/hosting/v1/contacts"
	pathZones    = "/api/hosting/v1/dns/zones/"
	pathSites    = "/api/hosting/v1/sites"
	pathProducts = "/api/v1/products"
	pathOrders   = "/api/v1/orders"
)

// permissions names what a key must hold for each operation: in the document's
// words where it gives them, otherwise in words like them.
var permissions = map[string]string{
	OpTLDs:          "List TLDs",
	OpCheck:         "Check domain availability",
	OpPrice:         "Check domain price",
	OpDomains:       "Show own domains through the API",
	OpDomain:        "Show own domains through the API",
	OpRegister:      "Register domains through the API",
	OpUpdateDomain:  "Update domains through the API",
	OpAuthCode:      "Fetch auth codes through the API",
	OpContacts:      "Show WHOIS contacts through the API",
	OpCreateContact: "Create WHOIS contacts through the API",
	OpUpdateContact: "Update WHOIS contacts through the API",
	OpZone:          "Manage DNS through the API",
	OpReplaceZone:   "Manage DNS through the API",
	OpSites:         "Show own sites through the API",
	OpSite:          "Show own sites through the API",
	OpLogin:         "Login to sites",
	OpPlaceOrder:    "Create orders",
	OpOrder:         "View own orders",
}
