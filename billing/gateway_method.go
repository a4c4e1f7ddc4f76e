package billing

import (
	"context"
	"time"
)

// MethodKeeper is a Gateway whose provider keeps a method without a payment, and lets one
// go. A gateway that is none keeps what a payment leaves behind, if it can charge that.
type MethodKeeper interface {
	// Setup opens the saving of a method, which the customer completes on-session.
	// Idempotent by SetupRequest.ID.
	Setup(ctx context.Context, r SetupRequest) (SetupStatus, error)
	// FetchSetup reads a setup as the provider has it now. Reference is
	// SetupStatus.Reference.
	FetchSetup(ctx context.Context, reference string) (SetupStatus, error)
	// CancelSetup ends a setup that the customer has not completed. When it turns out to
	// have succeeded, that status is returned without an error.
	CancelSetup(ctx context.Context, reference string) (SetupStatus, error)
	// Detach has the provider forget a method, so that nobody can charge it any more. One
	// that is gone already is no error.
	Detach(ctx context.Context, m Mandate) error
}

// SetupRequest asks for a method to be saved for charges while the customer is away.
type SetupRequest struct {
	// ID is the setup's id in the shop: the provider's idempotency key and metadata.
	ID         string
	CustomerID string
	Email      string
	Name       string
	// ReturnURL is where a redirect brings the customer back.
	ReturnURL string
	// ProviderCustomer is the provider's id of this customer, empty when it has none yet.
	ProviderCustomer string
	// CreatedAt is when the setup was asked for: a key older than 23 hours is not trusted.
	CreatedAt time.Time
}

// SetupStatus is a setup as the provider has it.
type SetupStatus struct {
	// Reference is the provider's id of the setup, SetupID the SetupRequest.ID that the
	// provider keeps with it.
	Reference, SetupID string
	// State is as that of a payment; a setup that succeeded has its Method.
	State PaymentState
	// Next is what the customer must do, nil when nothing.
	Next *NextAction
	// Method is what was saved, nil until then.
	Method           *SavedMethod
	ProviderCustomer string
	// Decline says why it failed, empty otherwise.
	Decline Decline
}
