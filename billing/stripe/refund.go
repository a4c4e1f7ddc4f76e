package stripe

import (
	"context"
	"errors"

	"hostfront/billing"
	"hostfront/fault"

	stripego "github.com/stripe/stripe-go/v76"
)

// The states of billing.RefundStatus.
const (
	refundPending   = "pending"
	refundSucceeded = "succeeded"
	refundFailed    = "failed"
)

// Refund sends money back to the method it came from.
func (g *Gateway) Refund(ctx context.Context, r billing.RefundRequest) (billing.RefundStatus, error) {
	amount, _, err := toStripe(r.Amount)
	if err != nil {
		return billing.RefundStatus{}, err
	}
	if r.PaymentReference == "" {
		return billing.RefundStatus{}, fault.Came(fault.Rejected, "reference_missing", "The payment has no intent at Stripe.")
	}
	made, err := once(g, creation[*stripego.Refund]{
		id:     r.ID,
		madeAt: r.CreatedAt,
		send: func(key string) (*stripego.Refund, error) {
			p := &stripego.RefundParams{
				PaymentIntent: &r.PaymentReference,
				Amount:        &amount,
				Metadata:      map[string]string{metaRefund: r.ID, metaReason: clip(r.Reason, 500)},
			}
			p.Context = ctx
			p.SetIdempotencyKey(key)
			return g.api.Refunds.New(p)
		},
		look: func() (*stripego.Refund, bool, error) { return g.refundOf(ctx, r) },
	})
	if err != nil {
		return billing.RefundStatus{}, outcome(err, changes)
	}
	return refundStatus(made)
}

// FetchRefund reads a refund again: a bank may refuse it days later.
func (g *Gateway) FetchRefund(ctx context.Context, reference string) (billing.RefundStatus, error) {
	if reference == "" {
		return billing.RefundStatus{}, fault.Came(fault.Rejected, "reference_missing", "The refund has no object at Stripe.")
	}
	p := &stripego.RefundParams{}
	p.Context = ctx
	found, err := g.api.Refunds.Get(reference, p)
	if err != nil {
		return billing.RefundStatus{}, outcome(err, reads)
	}
	return refundStatus(found)
}

// refundOf finds a refund among its payment's.
func (g *Gateway) refundOf(ctx context.Context, r billing.RefundRequest) (*stripego.Refund, bool, error) {
	p := &stripego.RefundListParams{PaymentIntent: &r.PaymentReference}
	p.Context = ctx
	p.Limit = stripego.Int64(100)
	list := g.api.Refunds.List(p)
	for list.Next() {
		if found := list.Refund(); found.Metadata[metaRefund] == r.ID {
			return found, true, nil
		}
	}
	return nil, false, list.Err()
}

func refundStatus(r *stripego.Refund) (billing.RefundStatus, error) {
	if r == nil || r.ID == "" {
		return billing.RefundStatus{}, outcome(errors.New("a refund without an id"), changes)
	}
	s := billing.RefundStatus{Reference: r.ID, State: refundPending}
	switch r.Status {
	case stripego.RefundStatusSucceeded:
		s.State = refundSucceeded
	case stripego.RefundStatusFailed, stripego.RefundStatusCanceled:
		s.State, s.Code = refundFailed, string(r.FailureReason)
		if s.Code == "" {
			s.Code = string(r.Status)
		}
	}
	return s, nil
}

// clip keeps a metadata value within Stripe's length, in whole characters.
func clip(s string, most int) string {
	runes := []rune(s)
	if len(runes) > most {
		runes = runes[:most]
	}
	return string(runes)
}
