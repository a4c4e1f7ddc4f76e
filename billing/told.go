package billing

import (
	"fmt"

	"hostfront/fault"
	"hostfront/money"
)

// told is what a gateway said about a payment, in the form that is kept with a
// task: amounts in minor units of the payment's currency, and what the customer must
// do sealed.
type told struct {
	Reference        string       `json:"reference,omitempty"`
	PaymentID        string       `json:"payment_id,omitempty"`
	State            PaymentState `json:"state"`
	Currency         string       `json:"currency,omitempty"`
	Received         int64        `json:"received,omitempty"`
	Fee              int64        `json:"fee,omitempty"`
	Refunded         int64        `json:"refunded,omitempty"`
	Next             string       `json:"next,omitempty"`
	Method           *SavedMethod `json:"method,omitempty"`
	ProviderCustomer string       `json:"provider_customer,omitempty"`
	Decline          Decline      `json:"decline"`
}

// toldOf keeps a status. Money of another currency than the shop's is for a person
// to look at: it cannot pay a document of this shop.
func (b *Billing) toldOf(s Status) (told, error) {
	for _, a := range []money.Amount{s.Received, s.Fee, s.Refunded} {
		if !a.IsZero() && a.Currency != b.currency {
			return told{}, fault.Came(fault.Held, "currency_mismatch",
				fmt.Sprintf("The gateway reports %s for %s; the shop's currency is %s.", a, s.Reference, b.currency))
		}
	}
	if !s.State.known() {
		return told{}, errUnknownState(string(s.State), s.Reference)
	}
	next, err := b.sealNext(s.Next)
	if err != nil {
		return told{}, fmt.Errorf("seal the next action of %s: %w", s.Reference, err)
	}
	return told{
		Reference: s.Reference, PaymentID: s.PaymentID, State: s.State, Currency: string(b.currency),
		Received: s.Received.Minor, Fee: s.Fee.Minor, Refunded: s.Refunded.Minor, Next: next,
		Method: s.Method, ProviderCustomer: s.ProviderCustomer, Decline: s.Decline,
	}, nil
}

// errUnknownState is for a person to look at: what a gateway says and nobody understands.
func errUnknownState(state, reference string) error {
	return fault.Came(fault.Held, "unknown_payment_state", fmt.Sprintf("The gateway reports state %q for %s.", state, reference))
}
