package billing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
)

// memory is a gateway whose provider is a map: the seam by which tests play the provider.
type memory struct {
	mu      sync.Mutex
	name    string
	intents map[string]*billing.Status // by charge id
	refunds map[string]*billing.RefundStatus
	// disputes are those that customers have opened, by reference.
	disputes map[string]billing.DisputeStatus
	charges  int
	// decline makes off-session charges fail; state is what a charge comes to otherwise.
	decline *billing.Decline
	state   billing.PaymentState
	// onBegin runs inside Begin, after the intent exists: a webhook that is faster.
	onBegin func(ref string)
	// lost makes the next call take effect and lose its answer.
	lost bool
	// refundState is what a refund comes to.
	refundState string
}

var (
	_ billing.Gateway         = (*memory)(nil)
	_ billing.WebhookReceiver = (*memory)(nil)
	_ billing.MandateCharger  = (*memory)(nil)
	_ billing.Finder          = (*memory)(nil)
	_ billing.RefundFetcher   = (*memory)(nil)
	_ billing.DisputeFetcher  = (*memory)(nil)
)

func newMemory(name string) *memory {
	return &memory{
		name: name, intents: map[string]*billing.Status{}, refunds: map[string]*billing.RefundStatus{}, disputes: map[string]billing.DisputeStatus{},
		state: billing.PaymentSucceeded, refundState: "succeeded",
	}
}

func (m *memory) Name() string { return m.name }

func (m *memory) Begin(_ context.Context, c billing.Charge) (billing.Status, error) {
	s, hook, err := m.begin(c)
	if hook != nil {
		hook(s.Reference)
	}
	return s, err
}

func (m *memory) begin(c billing.Charge) (billing.Status, func(string), error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.intents[c.ID]
	if !ok {
		s = &billing.Status{
			Reference: "pi_" + c.ID, PaymentID: c.ID, State: billing.PaymentRequiresAction,
			Next: &billing.NextAction{Type: "stripe", ClientSecret: "secret_" + c.ID}, ProviderCustomer: "cus_" + c.CustomerID,
		}
		if c.SaveMethod {
			s.Method = &billing.SavedMethod{Reference: "pm_" + c.ID, Kind: "card", Label: "Visa •••• 4242", ExpMonth: 12, ExpYear: 2030}
		}
		m.intents[c.ID] = s
	}
	return *s, m.onBegin, m.answer()
}

// answer is the error of a call whose answer is lost.
func (m *memory) answer() error {
	if !m.lost {
		return nil
	}
	m.lost = false
	return fault.Came(fault.Unknown, "cut", "the connection was cut")
}

func (m *memory) Charge(_ context.Context, _ billing.Mandate, c billing.Charge) (billing.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.intents[c.ID]; ok {
		return *s, nil
	}
	m.charges++
	s := &billing.Status{Reference: "pi_" + c.ID, PaymentID: c.ID, State: m.state, Received: c.Amount}
	if m.decline != nil {
		s.State, s.Decline, s.Received = billing.PaymentFailed, *m.decline, money.Amount{}
	}
	if s.State != billing.PaymentSucceeded {
		s.Received = money.Amount{}
	}
	m.intents[c.ID] = s
	return *s, m.answer()
}

func (m *memory) Fetch(_ context.Context, reference string) (billing.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.intents {
		if s.Reference == reference {
			return *s, nil
		}
	}
	return billing.Status{}, fault.Came(fault.Rejected, "no_such_payment", "")
}

func (m *memory) Find(_ context.Context, id string) (billing.Status, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.intents[id]
	if !ok {
		return billing.Status{}, false, nil
	}
	return *s, true, nil
}

func (m *memory) Cancel(ctx context.Context, reference string) (billing.Status, error) {
	s, err := m.Fetch(ctx, reference)
	if err != nil {
		return s, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.intents[s.PaymentID]
	if kept.State == billing.PaymentPending || kept.State == billing.PaymentRequiresAction {
		kept.State, kept.Next = billing.PaymentCancelled, nil
	}
	return *kept, nil
}

func (m *memory) Refund(_ context.Context, r billing.RefundRequest) (billing.RefundStatus, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.refunds[r.ID]
	if !ok {
		s = &billing.RefundStatus{Reference: "re_" + r.ID, State: m.refundState}
		m.refunds[r.ID] = s
	}
	return *s, m.answer()
}

func (m *memory) FetchRefund(_ context.Context, reference string) (billing.RefundStatus, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.refunds {
		if s.Reference == reference {
			return *s, nil
		}
	}
	return billing.RefundStatus{}, fault.Came(fault.Rejected, "no_such_refund", "")
}

func (m *memory) Receive(_ http.Header, body []byte, _ time.Time) (billing.Notice, error) {
	var n billing.Notice
	if err := json.Unmarshal(body, &n); err != nil {
		return n, fault.New(fault.Malformed, "webhook_signature", "The signature does not hold.")
	}
	return n, nil
}

func (m *memory) FetchDispute(_ context.Context, reference string) (billing.DisputeStatus, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.disputes[reference]
	if !ok {
		return d, fault.Came(fault.Rejected, "no_such_dispute", "")
	}
	return d, nil
}

// dispute puts a dispute of a payment at the provider into a state.
func (m *memory) dispute(reference, paymentID string, state billing.DisputeState, amount, fee int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.disputes[reference] = billing.DisputeStatus{
		Reference: reference, PaymentReference: "pi_" + paymentID, State: state, Amount: eur(amount), Fee: eur(fee), Reason: "fraudulent",
	}
}

// pay lets the customer complete a payment at the provider.
func (m *memory) pay(id string, received, fee money.Amount) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.intents[id]
	s.State, s.Received, s.Fee, s.Next = billing.PaymentSucceeded, received, fee, nil
}

// set puts a payment at the provider into a state.
func (m *memory) set(id string, state billing.PaymentState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.intents[id].State = state
}

func (m *memory) notice(event string, refs ...string) []byte {
	body, err := json.Marshal(billing.Notice{EventID: event, Kind: "payment", Payments: refs})
	if err != nil {
		panic(fmt.Sprint("notice: ", err))
	}
	return body
}

func (m *memory) refundNotice(event string, refs ...string) []byte {
	body, err := json.Marshal(billing.Notice{EventID: event, Kind: "refund", Refunds: refs})
	if err != nil {
		panic(fmt.Sprint("notice: ", err))
	}
	return body
}
