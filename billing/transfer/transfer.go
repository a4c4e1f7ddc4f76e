package transfer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hostfront/billing"
	"hostfront/fault"
)

// Config is the shop's own bank account.
type Config struct {
	// IBAN is where the money is to go; spaces are taken out. BIC may be empty.
	IBAN, BIC string
	// Beneficiary is the name of the account's holder.
	Beneficiary string
	// Live says that the account is a real one, not a demo's.
	Live bool
}

// Gateway takes money by bank transfer. Safe for concurrent use.
type Gateway struct{ account Config }

var _ billing.Gateway = (*Gateway)(nil)

// New checks the account and makes the gateway.
func New(c Config) (*Gateway, error) {
	c.IBAN, c.BIC = compact(c.IBAN), compact(c.BIC)
	if err := checkIBAN(c.IBAN); err != nil {
		return nil, err
	}
	if c.BIC != "" && len(c.BIC) != 8 && len(c.BIC) != 11 {
		return nil, errors.New("the BIC of the bank account must have 8 or 11 characters")
	}
	if strings.TrimSpace(c.Beneficiary) == "" {
		return nil, errors.New("the bank account needs its holder's name")
	}
	return &Gateway{account: c}, nil
}

// Name is "transfer".
func (g *Gateway) Name() string { return "transfer" }

// Begin tells the customer where to pay. The payment's reference is the one that the
// customer quotes, so that nothing else needs to be kept.
func (g *Gateway) Begin(_ context.Context, c billing.Charge) (billing.Status, error) {
	if c.Reference == "" {
		return billing.Status{}, fault.Came(fault.Rejected, "reference_missing", "A bank transfer needs a reference to be found by.")
	}
	if !c.Amount.IsPositive() {
		return billing.Status{}, fault.Came(fault.Rejected, "amount_not_chargeable", "Only an amount above zero can be paid.")
	}
	s := g.pending(c.Reference)
	s.PaymentID = c.ID
	return s, nil
}

// Fetch answers pending: no bank is asked. The operator's settlement is the truth.
func (g *Gateway) Fetch(_ context.Context, reference string) (billing.Status, error) {
	if reference == "" {
		return billing.Status{}, fault.Came(fault.Rejected, "reference_missing", "The payment has no reference.")
	}
	return g.pending(reference), nil
}

// Cancel ends the payment. A transfer that comes in all the same is for billing's
// suspense account.
func (g *Gateway) Cancel(_ context.Context, reference string) (billing.Status, error) {
	if reference == "" {
		return billing.Status{}, fault.Came(fault.Rejected, "reference_missing", "The payment has no reference.")
	}
	return billing.Status{Reference: reference, State: billing.PaymentCancelled, Live: g.account.Live}, nil
}

// Refund is held for a person, code "manual_refund": nothing was sent, and nothing is
// wrong either. The operator pays at the bank and settles the task with what was done.
// It is not refused, since that would end the refund as failed while it is owed, nor
// pending, since no later Fetch would ever see it succeed.
func (g *Gateway) Refund(_ context.Context, r billing.RefundRequest) (billing.RefundStatus, error) {
	return billing.RefundStatus{}, fault.Came(fault.Held, "manual_refund",
		fmt.Sprintf("Pay %s of transfer %s back at the bank (%s), then settle this task.", r.Amount, r.PaymentReference, r.ID))
}

func (g *Gateway) pending(reference string) billing.Status {
	return billing.Status{
		Reference: reference,
		State:     billing.PaymentPending,
		Live:      g.account.Live,
		Next: &billing.NextAction{
			Type: "transfer", IBAN: g.account.IBAN, BIC: g.account.BIC,
			Beneficiary: g.account.Beneficiary, Reference: reference,
		},
	}
}
