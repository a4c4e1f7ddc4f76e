package billing

import (
	"context"
	"net/http"
	"time"

	"hostfront/money"
)

// Gateway is a way to take money: one package each under billing/, one
// registration in app. A gateway speaks to its provider and nothing else: it
// never touches the database and never decides what a payment settles.
//
// Every method makes calls to the outside and is run by the task engine; errors
// are *fault.Outcome, so that the engine knows whether a call may have taken
// effect.
type Gateway interface {
	// Name is the gateway's stable name: "stripe", "transfer", "sandbox".
	Name() string
	// Begin opens a payment that the customer completes on-session. It is
	// repeated with the same Charge.ID after a crash and must then find what the
	// first call made: it is idempotent by Charge.ID.
	Begin(ctx context.Context, c Charge) (Status, error)
	// Fetch reads the payment as the provider has it now: the truth that
	// webhooks only hint at. Reference is Status.Reference.
	Fetch(ctx context.Context, reference string) (Status, error)
	// Cancel ends a payment that is not yet processing. When it turns out to have
	// succeeded or to be processing, that status is returned without an error.
	Cancel(ctx context.Context, reference string) (Status, error)
	// Refund sends money back. Idempotent by Refund.ID.
	Refund(ctx context.Context, r RefundRequest) (RefundStatus, error)
}

// WebhookReceiver is a Gateway whose provider calls back.
type WebhookReceiver interface {
	// Receive verifies a webhook and says which objects it is about. A signature
	// that does not hold, or a stale one, is fault code "webhook_signature".
	Receive(h http.Header, body []byte, now time.Time) (Notice, error)
}

// MandateCharger is a Gateway that can charge a saved method while the customer
// is away.
type MandateCharger interface {
	// Charge charges off-session. Idempotent by Charge.ID.
	Charge(ctx context.Context, m Mandate, c Charge) (Status, error)
}

// Finder is a Gateway that can look a payment up by the shop's own id, for when
// an idempotency key is too old to be trusted (Stripe: 24 hours) or a call ended
// in a 5xx.
type Finder interface {
	// Find gives the payment begun or charged with Charge.ID == id; found is
	// false when the provider has none.
	Find(ctx context.Context, id string) (s Status, found bool, err error)
}

// RefundFetcher is a Gateway that can read a refund again.
type RefundFetcher interface {
	FetchRefund(ctx context.Context, reference string) (RefundStatus, error)
}

// DisputeFetcher is a Gateway whose provider tells of payments that customers dispute at their
// bank.
type DisputeFetcher interface {
	FetchDispute(ctx context.Context, reference string) (DisputeStatus, error)
}

// DisputeState is where a dispute stands.
type DisputeState string

// The states of a dispute. An inquiry has moved no money; open, the provider has taken it; won
// and lost are final.
const (
	DisputeInquiry DisputeState = "inquiry"
	DisputeOpen    DisputeState = "open"
	DisputeWon     DisputeState = "won"
	DisputeLost    DisputeState = "lost"
)

// DisputeStatus is a dispute as the provider has it.
type DisputeStatus struct {
	Reference, PaymentReference string
	State                       DisputeState
	// Amount is what is disputed, Fee what the provider keeps for it as of now.
	Amount, Fee money.Amount
	// Reason is the provider's code, such as "fraudulent".
	Reason string
	// AnswerBy is until when evidence is taken, zero when it is not.
	AnswerBy time.Time
}

// Charge is what is asked for by one payment.
type Charge struct {
	// ID is the payment's id in the shop: the provider's idempotency key and metadata.
	ID          string
	InvoiceID   string
	CustomerID  string
	Email       string
	Name        string
	Amount      money.Amount
	Description string
	// Reference is what the customer sees on a bank statement or must quote in a
	// transfer: short, unique, such as "HF7K3Q9".
	Reference string
	// ReturnURL is where a redirect brings the customer back.
	ReturnURL string
	// SaveMethod asks the provider to keep the method for off-session charges.
	SaveMethod bool
	// ProviderCustomer is the provider's id of this customer, empty when it has none yet.
	ProviderCustomer string
	// CreatedAt is when the payment row was made: a key older than 23 hours is not trusted.
	CreatedAt time.Time
}

// Mandate is a saved method: a card or a SEPA mandate at the provider.
type Mandate struct {
	// Reference is the provider's id of the method, ProviderCustomer of the customer.
	Reference, ProviderCustomer string
	// Kind is SavedMethod.Kind; empty when the shop does not know it, which costs
	// a gateway that needs it one more call.
	Kind string
}

// PaymentState is where a payment stands.
type PaymentState string

// The states of a payment (design, section 5). Only Succeeded, Failed and
// Cancelled are final.
const (
	PaymentPending        PaymentState = "pending"
	PaymentRequiresAction PaymentState = "requires_action"
	PaymentProcessing     PaymentState = "processing"
	PaymentSucceeded      PaymentState = "succeeded"
	PaymentFailed         PaymentState = "failed"
	PaymentCancelled      PaymentState = "cancelled"
)

// Status is a payment as the provider has it.
type Status struct {
	// Reference is the provider's id of the payment (Stripe: the intent).
	Reference string
	State     PaymentState
	// Received is what has arrived; on success normally the amount asked for.
	Received money.Amount
	// Fee is what the provider keeps, when it says so.
	Fee money.Amount
	// Refunded is what has gone back in all, as far as the provider says.
	Refunded money.Amount
	// Next is what the customer must do, nil when nothing.
	Next *NextAction
	// Method is the method that was saved for later, nil when none was.
	Method *SavedMethod
	// ProviderCustomer is the provider's id of the customer, empty when unknown.
	ProviderCustomer string
	// Decline says why a payment failed, empty otherwise.
	Decline Decline
	// PaymentID is the Charge.ID that the provider keeps with the payment.
	PaymentID string
	// Live tells real money from a provider's test mode.
	Live bool
}

// DeclineClass says what can be done about a declined payment.
type DeclineClass string

// The classes of a decline (lessons, section 2.2).
const (
	DeclineSoft           DeclineClass = "soft"           // funds, limits: try again another day
	DeclineHard           DeclineClass = "hard"           // lost, stolen, closed, expired: a new method is needed
	DeclineAuthentication DeclineClass = "authentication" // the customer must confirm on-session
	// The provider would not do it for a reason that is not the method's (the shop's
	// account, a parameter): nobody's bank said no, and an operator is told.
	DeclineTransport DeclineClass = "transport"
)

// Decline is why a payment failed.
type Decline struct {
	Class DeclineClass
	// Code is the provider's code, such as "insufficient_funds".
	Code string
	// Unlisted says that the gateway does not know the code and guessed the class.
	Unlisted bool `json:",omitempty"`
}

// NextAction is what the customer must do to pay. Its JSON is what a storefront
// gets as payment.next_action.
type NextAction struct {
	Type string `json:"type" enum:"stripe,stripe_setup,redirect,transfer" doc:"What the storefront does next"`
	// Stripe: confirm the intent with Stripe.js (stripe_setup: a SetupIntent).
	ClientSecret   string `json:"client_secret,omitempty"`
	PublishableKey string `json:"publishable_key,omitempty"`
	// Redirect: send the customer here.
	URL string `json:"url,omitempty"`
	// Transfer: the customer's own bank transfer.
	IBAN        string `json:"iban,omitempty"`
	BIC         string `json:"bic,omitempty"`
	Beneficiary string `json:"beneficiary,omitempty"`
	Reference   string `json:"reference,omitempty"`
}

// SavedMethod is a method that the provider keeps for off-session charges.
type SavedMethod struct {
	Reference string
	// Kind is "card" or "sepa_debit"; Label is fit for the customer: "Visa •••• 4242".
	Kind, Label string
	// ExpMonth and ExpYear are zero for what does not expire.
	ExpMonth, ExpYear int
}

// RefundRequest sends an amount of a payment back.
type RefundRequest struct {
	// ID is the refund's id in the shop: the idempotency key and metadata.
	ID string
	// PaymentReference is the provider's id of the payment.
	PaymentReference string
	Amount           money.Amount
	Reason           string
	CreatedAt        time.Time
}

// RefundStatus is a refund as the provider has it.
type RefundStatus struct {
	Reference string
	// State is "pending", "succeeded" or "failed".
	State string
	Code  string
}

// Notice is a verified webhook: the event's id, and the objects to read again.
type Notice struct {
	// EventID is the provider's unique id of the event; Kind its type, for the record.
	EventID, Kind string
	// Payments are the references of the payments to fetch.
	Payments []string
	// Refunds are the references of refunds to look at, Setups those of saved methods' setups.
	Refunds []string
	Setups  []string
	// Disputes are the references of disputes to look at, Payouts those of payouts.
	Disputes []string
	Payouts  []string
}
