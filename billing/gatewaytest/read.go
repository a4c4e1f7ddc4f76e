package gatewaytest

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/fault"
)

func cancelEnds(t *testing.T, h Harness) {
	s := h.begin(t, h.charge("pay_1"))
	for range 2 {
		c, err := h.Gateway.Cancel(t.Context(), s.Reference)
		if err != nil || c.State != billing.PaymentCancelled || c.Reference != s.Reference || c.Next != nil {
			t.Fatalf("Cancel = %+v, %v", c, err)
		}
	}
	if h.Pay == nil {
		return
	}
	if c := h.fetch(t, s.Reference); c.State != billing.PaymentCancelled {
		t.Fatalf("Fetch = %+v", c)
	}
}

func cancelPaid(t *testing.T, h Harness) {
	s := h.paid(t, h.charge("pay_1"))
	c, err := h.Gateway.Cancel(t.Context(), s.Reference)
	if err != nil || c.State != billing.PaymentSucceeded || c.Received != s.Received {
		t.Fatalf("Cancel = %+v, %v", c, err)
	}
}

func unknownReference(t *testing.T, h Harness) {
	for _, reference := range []string{"", "nothing_of_the_kind"} {
		_, err := h.Gateway.Fetch(t.Context(), reference)
		outcome(t, err, fault.Rejected)
		_, err = h.Gateway.Cancel(t.Context(), reference)
		outcome(t, err, fault.Rejected)
	}
}

func endedContext(t *testing.T, h Harness) {
	_, err := h.Gateway.Begin(cancelled(), h.charge("pay_1"))
	outcome(t, err, fault.Unknown, fault.Unavailable)
	_, err = h.Gateway.Fetch(cancelled(), "x")
	outcome(t, err, fault.Unavailable)
}

func findKnows(t *testing.T, h Harness) {
	f := h.Gateway.(billing.Finder)
	if _, found, err := f.Find(t.Context(), "pay_1"); found || err != nil {
		t.Fatalf("found %v, %v before anything was made", found, err)
	}
	begun := h.begin(t, h.charge("pay_1"))
	s, found, err := f.Find(t.Context(), "pay_1")
	if err != nil || !found || s.Reference != begun.Reference || s.PaymentID != "pay_1" {
		t.Fatalf("Find = %+v, %v, %v", s, found, err)
	}
	h.Advance(90 * 24 * time.Hour)
	if s, found, err = f.Find(t.Context(), "pay_1"); err != nil || !found || s.Reference != begun.Reference {
		t.Fatalf("three months later: %+v, %v, %v", s, found, err)
	}
}

func serverErrors(t *testing.T, h Harness) {
	s := h.begin(t, h.charge("pay_1"))
	h.Fail(429)
	_, err := h.Gateway.Fetch(t.Context(), s.Reference)
	if o := outcome(t, err, fault.RateLimited); o.RetryAfter <= 0 {
		t.Fatalf("nothing says when to try again: %+v", o)
	}
	h.Fail(500)
	_, err = h.Gateway.Fetch(t.Context(), s.Reference)
	outcome(t, err, fault.Unavailable)
	h.Fail(500)
	_, err = h.Gateway.Cancel(t.Context(), s.Reference)
	outcome(t, err, fault.Unknown)
}
