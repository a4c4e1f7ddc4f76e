package stripe

import (
	"context"
	"errors"
	"time"

	"hostfront/billing"
	"hostfront/fault"

	stripego "github.com/stripe/stripe-go/v76"
)

var _ billing.PayoutLister = (*Gateway)(nil)

// Payouts lists the account's payouts of the key's mode.
func (g *Gateway) Payouts(ctx context.Context, since time.Time) ([]billing.PayoutStatus, error) {
	p := &stripego.PayoutListParams{}
	if !since.IsZero() {
		p.CreatedRange = &stripego.RangeQueryParams{GreaterThanOrEqual: since.Unix()}
	}
	p.Context, p.Limit = ctx, stripego.Int64(100)
	p.AddExpand("data.balance_transaction")
	list := g.api.Payouts.List(p)
	var found []billing.PayoutStatus
	for list.Next() {
		if po := list.Payout(); po.Livemode == g.live {
			found = append(found, payoutStatus(po))
		}
	}
	return found, outcome(list.Err(), reads)
}

// FetchPayout reads a payout again.
func (g *Gateway) FetchPayout(ctx context.Context, reference string) (billing.PayoutStatus, error) {
	if reference == "" {
		return billing.PayoutStatus{}, fault.Came(fault.Rejected, "reference_missing", "The payout has no object at Stripe.")
	}
	p := &stripego.PayoutParams{}
	p.Context = ctx
	p.AddExpand("balance_transaction")
	po, err := g.api.Payouts.Get(reference, p)
	if err != nil {
		return billing.PayoutStatus{}, outcome(err, reads)
	}
	if po == nil || po.ID == "" {
		return billing.PayoutStatus{}, outcome(errors.New("a payout without an id"), reads)
	}
	if po.Livemode != g.live {
		return billing.PayoutStatus{}, fault.Came(fault.Rejected, "other_mode", "The payout is of Stripe's other mode.")
	}
	return payoutStatus(po), nil
}

// payoutStatus is a payout as billing knows it. Stripe tells what one is made of only where it
// made it itself, and some time later.
func payoutStatus(po *stripego.Payout) billing.PayoutStatus {
	s := billing.PayoutStatus{
		Reference: po.ID, State: payoutState(po.Status), Amount: fromStripe(po.Amount, po.Currency), Code: string(po.FailureCode),
		Fee: fromStripe(0, po.Currency), Automatic: po.Automatic,
		// A version or a stand-in that does not tell has it at once.
		Complete: po.ReconciliationStatus != stripego.PayoutReconciliationStatusInProgress,
		MadeAt:   time.Unix(po.Created, 0).UTC(), Live: po.Livemode,
	}
	if po.ArrivalDate > 0 {
		s.ArrivesAt = time.Unix(po.ArrivalDate, 0).UTC()
	}
	if bt := po.BalanceTransaction; bt != nil && bt.Currency == po.Currency {
		s.Fee = fromStripe(bt.Fee, bt.Currency)
	}
	return s
}

func payoutState(s stripego.PayoutStatus) billing.PayoutState {
	switch s {
	case stripego.PayoutStatusPaid:
		return billing.PayoutPaid
	case stripego.PayoutStatusFailed:
		return billing.PayoutFailed
	case stripego.PayoutStatusCanceled:
		return billing.PayoutCancelled
	case stripego.PayoutStatusInTransit:
		return billing.PayoutInTransit
	}
	return billing.PayoutPending
}

// PayoutMovements is a page of the balance transactions of a payout, without the one that is the
// payout itself.
func (g *Gateway) PayoutMovements(ctx context.Context, reference, after string) ([]billing.Movement, bool, error) {
	p := &stripego.BalanceTransactionListParams{Payout: &reference}
	p.Context, p.Limit, p.Single = ctx, stripego.Int64(100), true
	if after != "" {
		p.StartingAfter = &after
	}
	p.AddExpand("data.source")
	list := g.api.BalanceTransactions.List(p)
	var page []billing.Movement
	for list.Next() {
		if bt := list.BalanceTransaction(); bt.Type != stripego.BalanceTransactionTypePayout {
			page = append(page, movement(bt))
		}
	}
	if err := list.Err(); err != nil {
		return nil, false, outcome(err, reads)
	}
	return page, list.Meta().HasMore, nil
}

// kinds are Stripe's reporting categories, which are made for bookkeeping, as billing knows them;
// any other is for a person. VAT on Stripe's own fees is booked with the fees.
var kinds = map[stripego.BalanceTransactionReportingCategory]billing.MovementKind{
	stripego.BalanceTransactionReportingCategoryCharge:                 billing.MovedCharge,
	stripego.BalanceTransactionReportingCategoryChargeFailure:          billing.MovedCharge, // taken back: below zero
	stripego.BalanceTransactionReportingCategoryRefund:                 billing.MovedRefund,
	stripego.BalanceTransactionReportingCategoryPartialCaptureReversal: billing.MovedRefund,
	stripego.BalanceTransactionReportingCategoryRefundFailure:          billing.MovedRefundFailure,
	stripego.BalanceTransactionReportingCategoryDispute:                billing.MovedDispute,
	stripego.BalanceTransactionReportingCategoryDisputeReversal:        billing.MovedDisputeReversal,
	stripego.BalanceTransactionReportingCategoryFee:                    billing.MovedFee,
	stripego.BalanceTransactionReportingCategoryTax:                    billing.MovedFee,
	stripego.BalanceTransactionReportingCategoryPayoutReversal:         billing.MovedPayoutFailure,
}

func movement(bt *stripego.BalanceTransaction) billing.Movement {
	m := billing.Movement{
		Reference: bt.ID, Kind: billing.MovedOther, Description: bt.Description, Gross: fromStripe(bt.Amount, bt.Currency),
		Fee: fromStripe(bt.Fee, bt.Currency), At: time.Unix(bt.Created, 0).UTC(),
	}
	if kind, known := kinds[bt.ReportingCategory]; known {
		m.Kind = kind
	}
	if bt.Source == nil {
		return m
	}
	m.Source = bt.Source.ID
	switch s := bt.Source; {
	case s.Charge != nil && s.Charge.PaymentIntent != nil:
		m.Source, m.Payment = s.Charge.PaymentIntent.ID, s.Charge.PaymentIntent.ID
	case s.Refund != nil && s.Refund.PaymentIntent != nil:
		m.Payment = s.Refund.PaymentIntent.ID
	case s.Dispute != nil && s.Dispute.PaymentIntent != nil:
		m.Payment = s.Dispute.PaymentIntent.ID
	}
	return m
}
