package ljpc

import "hostfront/upstream"

func assumed(names ...string) field { return field{names: names} }

// maybe is an assumed field that a good answer may well leave out.
func maybe(names ...string) field { return field{names: names, optional: true} }

// Everything in this file is ASSUMED: the document does not give it. Answers are
// read under any of the names, best guess first; what is sent goes by the first.
// `hostfront doctor` with a real key shows which of them hold.

// Assumed: the path of the auth code, after the name.
const pathAuthCode = "/auth-code"

// Assumed: how an array of names is spelt in a query (one name is documented as
// "domain").
const queryDomains = "domain[]"

// Assumed: the words of an availability answer, besides the documented
// "available" and "unknown". Any other word is Uncertain.
var takenWords = []string{"unavailable", "not_available", "not available", "taken", "registered", "in_use", "in use", "active", "occupied"}

// Assumed: the wrappers of lists, when data is not the list itself.
var (
	listTLDs     = maybe("tlds", "items", "data")
	listDomains  = maybe("domains", "domain_names", "items", "data")
	listContacts = maybe("contacts", "items", "data")
	listSites    = maybe("sites", "items", "data")

	fieldMeta       = maybe("meta")
	fieldPagination = maybe("pagination")
	fieldLastPage   = maybe("last_page", "total_pages", "pages")
)

// Assumed: second names of documented things. That the state of an order's line
// goes by "state" is itself only how the document's prose reads.
var (
	fieldProductUUID = field{names: []string{"product_uuid", "uuid"}, documented: true}
	fieldLineState   = field{names: []string{"state", "status"}, documented: true}
)

// Assumed: a TLD's name; the document shows only price and transfer_supported.
var fieldTLDName = assumed("tld", "name", "extension")

// Assumed: the inside of the "nested money object" and the premium flag. An
// amount is read as whole euros: should it turn out to be cents, the shop is too
// dear until that is mended here, and never too cheap.
var (
	fieldMoney    = assumed("price", "account_price", "money")
	fieldAmount   = assumed("amount", "value", "price")
	fieldCurrency = assumed("currency", "currency_code")
	fieldPremium  = assumed("premium", "is_premium")
)

// Assumed: a domain's fields, except status.
var (
	fieldDomainWrapper = maybe("domain_name", "domain_info")
	fieldDomainName    = assumed("domain", "domain_name", "name", "hostname")
	fieldDomainStatus  = assumed("status")
	fieldExpires       = assumed("expires_at", "expiry_date", "expiration_date", "expires", "expire_date", "renewal_date", "valid_until")
	fieldAutoRenew     = assumed("auto_renew", "autorenew", "auto_renewal")
	fieldNameservers   = assumed("nameservers", "name_servers", "ns")
	fieldNSName        = maybe("hostname", "host", "name")
	fieldDomainHandle  = assumed("contact_handle", "registrant_handle", "owner_handle", "handle")
	fieldAuthCode      = assumed("auth_code", "authcode", "code", "epp_code", "transfer_code")
)

// Assumed: the words of a name's status that say that it is held, with what they mean;
// the document calls the status opaque and possibly several words with commas between.
// They are compared in lower case, without spaces, dashes and underscores; the first
// that is found counts. Any other word holds nothing.
var holdWords = []struct {
	word string
	hold upstream.Hold
}{
	{"pendingverification", upstream.HoldVerification},
	{"verificationpending", upstream.HoldVerification},
	{"verificationrequired", upstream.HoldVerification},
	{"verificationfailed", upstream.HoldVerification},
	{"unverified", upstream.HoldVerification},
	{"clienthold", upstream.HoldRegistrar},
	{"registrarhold", upstream.HoldRegistrar},
	{"serverhold", upstream.HoldRegistry},
	{"registryhold", upstream.HoldRegistry},
}

// Assumed: words of a refused registration that say that the holder's details are to be
// mended, by the customer. Any other refusal is for the operator.
var registrantHints = []string{
	"contact", "handle", "registrant", "holder", "owner", "country", "postal", "postcode", "zip", "phone", "email", "e-mail",
	"address", "street", "city", "first name", "last name", "first_name", "last_name", "company",
}

// Assumed: a WHOIS contact's fields, except handle and country.
var (
	fieldContact       = maybe("contact")
	fieldFirstName     = assumed("first_name", "firstname")
	fieldLastName      = assumed("last_name", "lastname")
	fieldCompany       = assumed("company_name", "company", "organization")
	fieldCompanyNumber = maybe("company_number", "coc_number", "kvk_number")
	fieldEmail         = assumed("email", "email_address")
	fieldPhone         = assumed("phone", "phone_number", "telephone")
	fieldStreet        = assumed("street", "address")
	fieldNumber        = assumed("house_number", "number")
	fieldPostcode      = assumed("postal_code", "zip_code", "zipcode", "postcode")
	fieldCity          = assumed("city")
	fieldRegion        = maybe("state", "region", "province")
)

// Assumed: a site's fields, except its id and usage.
var (
	fieldSite       = maybe("site")
	fieldSiteDomain = assumed("domain", "hostname", "name")
	fieldSiteStatus = assumed("status", "state")
	fieldCreatedAt  = maybe("created_at")
)

// Assumed: a product's fields, except its uuid, category and monthly price.
var (
	fieldProductName   = assumed("name", "title")
	fieldDescription   = maybe("description", "short_description")
	fieldYearlyPrice   = assumed("yearly_price", "year_price", "annual_price")
	fieldBillingPeriod = assumed("billing_period", "billing_cycle", "billing_type", "billing")
	fieldDiskSpace     = maybe("disk_space_gb", "disk_gb")
)

// Assumed: why a line failed, and where an order keeps its reference.
var (
	fieldOrderMeta   = maybe("meta")
	fieldLineReason  = maybe("error", "message", "reason", "failure_reason", "error_message")
	fieldLineCode    = maybe("error_code", "code")
	authCodeHints    = []string{"auth_code", "authcode", "auth code", "authorization code", "authinfo", "epp code"}
	transferLockHint = []string{"transfer_lock", "transferprohibited", "locked", "transfer lock"}
)
