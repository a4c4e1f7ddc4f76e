package upstream

import "errors"

// What an upstream's refusal means, for errors.Is. They are found inside the
// *fault.Outcome that every capability returns.
var (
	// ErrUnauthorized: the key is missing, unknown or withdrawn. Nothing happened.
	ErrUnauthorized = errors.New("the upstream does not accept the key")
	// ErrForbidden: the key has no permission for this feature, or the thing is
	// somebody else's. The rest of the upstream works on.
	ErrForbidden = errors.New("the key has no permission for this")
	// ErrNotFound: it does not exist, or is not ours.
	ErrNotFound = errors.New("the upstream does not have it")
	// ErrConflict: the state of things upstream does not allow it.
	ErrConflict = errors.New("the state upstream does not allow it")
	// ErrInvalid: the content was refused; Refusal.Message says why, for the operator.
	ErrInvalid = errors.New("the upstream refused the content")
	// ErrRegistrant: the content that was refused is the registrant's; it comes with
	// ErrInvalid.
	ErrRegistrant = errors.New("the upstream refused the registrant's details")
	// ErrUnreadable: an answer that is not what the upstream's document promises.
	ErrUnreadable = errors.New("the upstream's answer cannot be read")
	// ErrNotSent marks a failure of a http.RoundTripper that happened before anything
	// was written. A transport that is not net/http's wraps it to be believed.
	ErrNotSent = errors.New("the request was not sent")
)
