package order_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
)

// till is a provider of payments in the test's hand.
type till struct {
	mu       sync.Mutex
	payments map[string]*billing.Status
	amounts  map[string]money.Amount
	refunds  map[string]money.Amount
}

var (
	_ billing.Gateway         = (*till)(nil)
	_ billing.WebhookReceiver = (*till)(nil)
)

func newTill() *till {
	return &till{payments: map[string]*billing.Status{}, amounts: map[string]money.Amount{}, refunds: map[string]money.Amount{}}
}

func (*till) Name() string { return "till" }

func (t *till) Begin(_ context.Context, c billing.Charge) (billing.Status, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	reference := "till-" + c.ID
	if t.payments[reference] == nil {
		t.amounts[reference] = c.Amount
		t.payments[reference] = &billing.Status{
			Reference: reference, State: billing.PaymentRequiresAction, PaymentID: c.ID, Received: money.Zero(c.Amount.Currency),
			Next: &billing.NextAction{Type: "redirect", URL: "https://pay.example/" + c.ID},
		}
	}
	return *t.payments[reference], nil
}

func (t *till) Fetch(_ context.Context, reference string) (billing.Status, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.payments[reference]; p != nil {
		return *p, nil
	}
	return billing.Status{}, fault.Came(fault.Rejected, "unknown_payment", reference)
}

func (t *till) Cancel(ctx context.Context, reference string) (billing.Status, error) {
	t.mu.Lock()
	p := t.payments[reference]
	if p != nil && (p.State == billing.PaymentRequiresAction || p.State == billing.PaymentPending) {
		p.State, p.Next = billing.PaymentCancelled, nil
	}
	t.mu.Unlock()
	return t.Fetch(ctx, reference)
}

func (t *till) Refund(_ context.Context, r billing.RefundRequest) (billing.RefundStatus, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refunds[r.ID] = r.Amount
	return billing.RefundStatus{Reference: "refund-" + r.ID, State: "succeeded"}, nil
}

func (t *till) Receive(h http.Header, body []byte, _ time.Time) (billing.Notice, error) {
	var reference string
	if err := json.Unmarshal(body, &reference); err != nil {
		return billing.Notice{}, err
	}
	return billing.Notice{EventID: h.Get("Event"), Kind: "moved", Payments: []string{reference}}, nil
}

// move brings a payment to a state, with its money when it succeeded.
func (t *till) move(reference string, state billing.PaymentState) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.payments[reference]
	p.State, p.Next = state, nil
	if state == billing.PaymentSucceeded {
		p.Received = t.amounts[reference]
	}
}

// sentBack is all that was refunded.
func (t *till) sentBack() money.Amount {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := money.Zero(money.EUR)
	for _, a := range t.refunds {
		sum = sum.Add(a)
	}
	return sum
}
