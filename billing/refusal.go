package billing

import (
	"errors"

	"hostfront/fault"
)

// CodeKeyRefused is the code of a gateway's outcome when the provider does not accept the
// shop's own key: it says nothing about the payment.
const CodeKeyRefused = "gateway_not_authorised"

// later makes the refusal of the shop's key an outcome that is tried again: no renewal is
// taken to be declined, no refund to be refused and no webhook to be about nothing while
// an operator exchanges a key. The engine alarms when it lasts.
func later(err error) error {
	var o *fault.Outcome
	if !errors.As(err, &o) || o.Result != fault.Rejected || o.Code != CodeKeyRefused {
		return err
	}
	return fault.Came(fault.Unavailable, o.Code, o.Message).Because(o.Unwrap())
}
