package billing

import (
	"context"
	"time"

	"hostfront/money"
)

// PayoutLister is a Gateway whose provider keeps the money for a while, pays it out to the
// shop's bank by itself, and tells which movements each payout is made of. All of it reads.
type PayoutLister interface {
	// Payouts are those made at or after since, in any order: a complete answer, or an error.
	Payouts(ctx context.Context, since time.Time) ([]PayoutStatus, error)
	// FetchPayout reads one again. One that the provider does not know is Rejected.
	FetchPayout(ctx context.Context, reference string) (PayoutStatus, error)
	// PayoutMovements is a page of what an automatic payout is made of, behind the movement with
	// the reference after (empty for the first page), and whether there are more.
	PayoutMovements(ctx context.Context, reference, after string) (page []Movement, more bool, err error)
}

// PayoutState is where a payout stands.
type PayoutState string

// The states of a payout. Failed and cancelled are final; one that was paid may still fail, some
// days later.
const (
	PayoutPending   PayoutState = "pending"
	PayoutInTransit PayoutState = "in_transit"
	PayoutPaid      PayoutState = "paid"
	PayoutFailed    PayoutState = "failed"
	PayoutCancelled PayoutState = "cancelled"
)

// PayoutStatus is a payout as the provider has it.
type PayoutStatus struct {
	Reference string
	State     PayoutState
	// Amount is what goes to the bank; below zero, what the provider takes from it. Fee is what
	// it keeps for paying out.
	Amount, Fee money.Amount
	// Automatic says that the provider tells what it is made of, Complete that it can tell
	// already.
	Automatic, Complete bool
	// Code is the provider's word for why it failed.
	Code string
	// MadeAt is when the money left the balance, ArrivesAt when it is to be on the bank.
	MadeAt, ArrivesAt time.Time
	// Live tells real money from a provider's test mode.
	Live bool
}

// MovementKind is what moved a provider's balance.
type MovementKind string

// The kinds of movement. A charge below zero takes back one that failed after all; a fee is one that belongs to no payment; a payout failure is a payout
// that came back; other is all that a person must look at, such as a reserve or a top-up.
const (
	MovedCharge          MovementKind = "charge"
	MovedRefund          MovementKind = "refund"
	MovedRefundFailure   MovementKind = "refund_failure"
	MovedDispute         MovementKind = "dispute"
	MovedDisputeReversal MovementKind = "dispute_reversal"
	MovedFee             MovementKind = "fee"
	MovedPayoutFailure   MovementKind = "payout_failure"
	MovedOther           MovementKind = "other"
)

// Movement is one line of a provider's balance.
type Movement struct {
	// Reference is the provider's id of the movement: it happens once.
	Reference string
	Kind      MovementKind
	// Source is the reference of the payment, refund, dispute or payout that it is of, Payment
	// that of the payment behind a refund or dispute.
	Source, Payment string
	Description     string
	// Gross is what moved, below zero when it left the balance; Fee what the provider kept of it.
	// The balance moved by the difference.
	Gross, Fee money.Amount
	At         time.Time
}
