package upstream

import "context"

// Orderer is an upstream that delivers orders over time. PlaceOrder buys.
type Orderer interface {
	// PlaceOrder places an order and gives its id. There is no idempotency key: after an
	// Unknown outcome nothing proves that the order does not exist.
	PlaceOrder(ctx context.Context, r OrderRequest) (orderID string, err error)
	// Order reads where an order stands.
	Order(ctx context.Context, orderID string) (OrderStatus, error)
}

// OrderRequest is an order to place.
type OrderRequest struct {
	Summary string
	// Reference is the shop's own id, kept by the upstream with the order.
	Reference string
	Lines     []OrderItem
}

// The types of an order's line.
const (
	ItemHosting    = "hosting"
	ItemDomain     = "domain"
	ItemHostingOwn = "hosting_own"
)

// OrderItem is one line of an order.
type OrderItem struct {
	Description string
	// Type is hosting, domain or hosting_own.
	Type string
	// ProductRef is the product to order (hosting).
	ProductRef string
	// Category is the product's category, when known: what it requires is then checked
	// before anything is sent.
	Category string
	// Domain is the name that the line is about, A-labels.
	Domain string
	// Cycle is "month" or "year" for a product billed by client_choice, else empty.
	Cycle string
	// TargetURL is an absolute http or https URL, for a forward.
	TargetURL string
	// Action is register or transfer (domain); AuthCode goes with a transfer.
	Action, AuthCode string
	// SpaceID is one of the operator's spaces (hosting_own).
	SpaceID int64
}

// The states of an order upstream.
const (
	OrderPending    = "pending"
	OrderProcessing = "processing"
	OrderCompleted  = "completed"
	OrderFailed     = "failed"
)

// The states of an order's line upstream.
const (
	LinePending = "pending"
	LineDone    = "done"
	LineFailed  = "failed"
)

// OrderStatus is where an order stands. It may be failed while a line of it is
// done: each line counts for itself.
type OrderStatus struct {
	State     string
	Reference string
	Lines     []OrderLine
	// NeedsPayment and NeedsSubscription point at the bill that follows delivery; they
	// are normal on a completed order.
	NeedsPayment, NeedsSubscription bool
}

// OrderLine is where one line stands, in the order of the request.
type OrderLine struct {
	State string
	// SiteID is set once a hosting line is done.
	SiteID string
	// Cause says why a line failed when that can be told: see the Cause constants.
	Cause string
	// Reason is the upstream's text, for the operator only.
	Reason string
}

// Why a line failed, as far as it can be told; empty when it cannot.
const (
	CauseAuthCode     = "auth_code"     // the transfer's code was refused
	CauseTransferLock = "transfer_lock" // the name is locked at its present registrar
)
