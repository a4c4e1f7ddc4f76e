package stripe

import (
	"context"
	"errors"
	"time"

	"hostfront/billing"
	"hostfront/fault"

	stripego "github.com/stripe/stripe-go/v76"
)

var _ billing.DisputeFetcher = (*Gateway)(nil)

// FetchDispute reads a dispute, with what its balance transactions have moved so far.
func (g *Gateway) FetchDispute(ctx context.Context, reference string) (billing.DisputeStatus, error) {
	if reference == "" {
		return billing.DisputeStatus{}, fault.Came(fault.Rejected, "reference_missing", "The dispute has no object at Stripe.")
	}
	p := &stripego.DisputeParams{}
	p.Context = ctx
	d, err := g.api.Disputes.Get(reference, p)
	if err != nil {
		return billing.DisputeStatus{}, outcome(err, reads)
	}
	if d == nil || d.ID == "" {
		return billing.DisputeStatus{}, outcome(errors.New("a dispute without an id"), reads)
	}
	s := billing.DisputeStatus{
		Reference: d.ID, State: disputeState(d.Status), Amount: fromStripe(d.Amount, d.Currency), Reason: string(d.Reason),
	}
	if d.PaymentIntent != nil {
		s.PaymentReference = d.PaymentIntent.ID
	}
	if d.EvidenceDetails != nil && d.EvidenceDetails.DueBy > 0 {
		s.AnswerBy = time.Unix(d.EvidenceDetails.DueBy, 0).UTC()
	}
	fee := int64(0)
	for _, bt := range d.BalanceTransactions {
		if bt.Currency == d.Currency {
			fee += bt.Fee
		}
	}
	s.Fee = fromStripe(fee, d.Currency)
	return s, nil
}

// disputeState is where a dispute stands. A warning is an inquiry: no money has moved; closed, it
// came to nothing.
func disputeState(s stripego.DisputeStatus) billing.DisputeState {
	switch s {
	case stripego.DisputeStatusWarningNeedsResponse, stripego.DisputeStatusWarningUnderReview:
		return billing.DisputeInquiry
	case stripego.DisputeStatusWon, stripego.DisputeStatusWarningClosed:
		return billing.DisputeWon
	case stripego.DisputeStatusLost:
		return billing.DisputeLost
	}
	return billing.DisputeOpen
}
