package gatewaytest

import (
	"testing"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
)

func byHand(h Harness) bool { return h.Pay == nil }

var refundCases = []testCase{
	{"RefundSendsAPartBackOnce", pays, refundOnce},
	{"RefundWhoseAnswerWasLostIsNotMadeTwice", pays, refundLost},
	{"RefundOfMoreThanWasPaidIsRejected", pays, refundTooMuch},
	{"RefundOfNothingIsRejected", pays, refundOfNothing},
	{"RefundByHandIsHeldForAPerson", byHand, refundByHand},
}

func (h Harness) refundOf(s billing.Status, id string, minor int64) billing.RefundRequest {
	return billing.RefundRequest{
		ID: id, PaymentReference: s.Reference, Amount: money.New(minor, money.EUR),
		Reason: "The name was taken.", CreatedAt: h.Now(),
	}
}

func refundOnce(t *testing.T, h Harness) {
	s := h.paid(t, h.charge("pay_1"))
	r := h.refundOf(s, "ref_1", 210)
	first, err := h.Gateway.Refund(t.Context(), r)
	if err != nil || first.State != "succeeded" || first.Reference == "" {
		t.Fatalf("Refund = %+v, %v", first, err)
	}
	second, err := h.Gateway.Refund(t.Context(), r)
	if err != nil || second != first {
		t.Fatalf("again: %+v, %v", second, err)
	}
	if back := h.Returned("pay_1"); back != r.Amount {
		t.Fatalf("%s went back", back)
	}
	if after := h.fetch(t, s.Reference); after.State != billing.PaymentSucceeded || after.Refunded != r.Amount || after.Received != s.Received {
		t.Fatalf("Fetch = %+v", after)
	}
	if f, ok := h.Gateway.(billing.RefundFetcher); ok {
		if read, err := f.FetchRefund(t.Context(), first.Reference); err != nil || read != first {
			t.Fatalf("FetchRefund = %+v, %v", read, err)
		}
		_, err := f.FetchRefund(t.Context(), "nothing_of_the_kind")
		outcome(t, err, fault.Rejected)
	}
}

func refundLost(t *testing.T, h Harness) {
	s := h.paid(t, h.charge("pay_1"))
	r := h.refundOf(s, "ref_1", 1210)
	h.LoseAnswer()
	_, err := h.Gateway.Refund(t.Context(), r)
	outcome(t, err, fault.Unknown)
	if again, err := h.Gateway.Refund(t.Context(), r); err != nil || again.State != "succeeded" {
		t.Fatalf("Refund = %+v, %v", again, err)
	}
	if back := h.Returned("pay_1"); back != r.Amount {
		t.Fatalf("%s went back", back)
	}
}

func refundTooMuch(t *testing.T, h Harness) {
	s := h.paid(t, h.charge("pay_1"))
	_, err := h.Gateway.Refund(t.Context(), h.refundOf(s, "ref_1", 1211))
	outcome(t, err, fault.Rejected)
	if _, err := h.Gateway.Refund(t.Context(), h.refundOf(s, "ref_2", 1000)); err != nil {
		t.Fatalf("Refund: %v", err)
	}
	_, err = h.Gateway.Refund(t.Context(), h.refundOf(s, "ref_3", 1000))
	outcome(t, err, fault.Rejected)
	if back := h.Returned("pay_1"); back.Minor != 1000 {
		t.Fatalf("%s went back", back)
	}
}

func refundOfNothing(t *testing.T, h Harness) {
	unpaid := h.begin(t, h.charge("pay_1"))
	_, err := h.Gateway.Refund(t.Context(), h.refundOf(unpaid, "ref_1", 100))
	outcome(t, err, fault.Rejected)
	_, err = h.Gateway.Refund(t.Context(), h.refundOf(billing.Status{Reference: "nothing_of_the_kind"}, "ref_2", 100))
	outcome(t, err, fault.Rejected)
	_, err = h.Gateway.Refund(t.Context(), h.refundOf(unpaid, "ref_3", 0))
	outcome(t, err, fault.Rejected)
}

func refundByHand(t *testing.T, h Harness) {
	s := h.begin(t, h.charge("pay_1"))
	_, err := h.Gateway.Refund(t.Context(), h.refundOf(s, "ref_1", 100))
	if o := outcome(t, err, fault.Held); o.Code != "manual_refund" {
		t.Fatalf("Refund: %v", err)
	}
}
