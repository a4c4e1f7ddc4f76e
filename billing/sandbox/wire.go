package sandbox

import (
	"hostfront/billing"
	"hostfront/money"
)

// payRequest opens a payment, or charges Method.
type payRequest struct {
	PaymentID   string       `json:"payment_id"`
	Amount      money.Amount `json:"amount"`
	Customer    string       `json:"customer"`
	Description string       `json:"description,omitempty"`
	ReturnURL   string       `json:"return_url,omitempty"`
	SaveMethod  bool         `json:"save_method,omitempty"`
	Method      string       `json:"method,omitempty"`
}

type refundRequest struct {
	RefundID string       `json:"refund_id"`
	Payment  string       `json:"payment"`
	Amount   money.Amount `json:"amount"`
	Reason   string       `json:"reason,omitempty"`
}

type refund struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

// payment is a payment as the stand-in shows it.
type payment struct {
	ID        string       `json:"id"`
	PaymentID string       `json:"payment_id"`
	Amount    money.Amount `json:"amount"`
	Customer  string       `json:"customer"`
	State     string       `json:"state"`
	Decline   struct {
		Class billing.DeclineClass `json:"class"`
		Code  string               `json:"code"`
	} `json:"decline"`
	Fee      money.Amount `json:"fee"`
	Refunded money.Amount `json:"refunded"`
	URL      string       `json:"url"`
	Saved    *saved       `json:"saved_method"`
}

// saved is a method that the customer left for later.
type saved struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Label    string `json:"label"`
	ExpMonth int    `json:"exp_month"`
	ExpYear  int    `json:"exp_year"`
}

func (m *saved) method() *billing.SavedMethod {
	if m == nil {
		return nil
	}
	return &billing.SavedMethod{Reference: m.ID, Kind: m.Kind, Label: m.Label, ExpMonth: m.ExpMonth, ExpYear: m.ExpYear}
}

// states translates the stand-in's states; one that is not here is processing, which
// decides nothing.
var states = map[string]billing.PaymentState{
	"open":       billing.PaymentRequiresAction,
	"challenged": billing.PaymentRequiresAction,
	"paid":       billing.PaymentSucceeded,
	"declined":   billing.PaymentFailed,
	"cancelled":  billing.PaymentCancelled,
}

func (p payment) status() billing.Status {
	s := billing.Status{
		Reference: p.ID, State: states[p.State], PaymentID: p.PaymentID, ProviderCustomer: p.Customer,
		Fee: p.Fee, Refunded: p.Refunded, Received: money.Zero(p.Amount.Currency),
		Decline: billing.Decline{Class: p.Decline.Class, Code: p.Decline.Code},
	}
	switch s.State {
	case billing.PaymentRequiresAction:
		s.Next = &billing.NextAction{Type: "redirect", URL: p.URL}
	case billing.PaymentSucceeded:
		s.Received = p.Amount
	case "":
		s.State = billing.PaymentProcessing
	}
	s.Method = p.Saved.method()
	return s
}
