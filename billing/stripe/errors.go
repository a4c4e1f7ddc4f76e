package stripe

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"hostfront/billing/wire"
	"hostfront/fault"

	stripego "github.com/stripe/stripe-go/v76"
)

// Codes of outcomes that are the gateway's own; others are Stripe's.
const (
	codeNotSent  = "not_sent"
	codeNoAnswer = "no_answer"
)

// effect tells a call that may change something from one that only reads: without
// a readable answer the first is Unknown, the second simply Unavailable.
type effect bool

const (
	reads   effect = false
	changes effect = true
)

// outcome says what became of a call to Stripe. The cause never holds the raw error:
// that prints the whole intent with its client secret, or a URL with a mail address.
func outcome(err error, e effect) error {
	if err == nil {
		return nil
	}
	var o *fault.Outcome
	if errors.As(err, &o) {
		return err
	}
	var refused *stripego.Error
	if errors.As(err, &refused) {
		return answered(refused, e)
	}
	cause := errors.New("the answer could not be read")
	var transport *url.Error
	if errors.As(err, &transport) {
		cause = transport.Err
	}
	if wire.NotSent(err) {
		return fault.Came(fault.Unavailable, codeNotSent, "Stripe could not be reached.").Because(cause)
	}
	return lost(e, codeNoAnswer, "Stripe gave no readable answer.").Because(cause)
}

// answered is the outcome of an error that Stripe itself sent.
func answered(e *stripego.Error, kind effect) *fault.Outcome {
	code := errorCode(e)
	cause := errors.New(describe(e))
	switch {
	case e.HTTPStatusCode == http.StatusTooManyRequests:
		o := fault.Came(fault.RateLimited, code, "Stripe asks for fewer calls.").Because(cause)
		o.RetryAfter = retryAfter(e)
		return o
	case e.HTTPStatusCode == http.StatusConflict:
		// Another call with this key is under way: its effect is not known yet.
		return lost(kind, code, "Stripe is still working on the same call.").Because(cause)
	case e.HTTPStatusCode >= 500:
		return lost(kind, code, "Stripe failed at its side.").Because(cause)
	case e.HTTPStatusCode == http.StatusUnauthorized, e.HTTPStatusCode == http.StatusForbidden:
		return fault.Came(fault.Rejected, "gateway_not_authorised", "Stripe does not accept the secret key, or the key lacks a permission.").Because(cause)
	}
	return fault.Came(fault.Rejected, code, "Stripe refused the call.").Because(cause)
}

func lost(e effect, code, message string) *fault.Outcome {
	if e == reads {
		return fault.Came(fault.Unavailable, code, message)
	}
	return fault.Came(fault.Unknown, code, message)
}

func errorCode(e *stripego.Error) string {
	switch {
	case e.Code != "":
		return string(e.Code)
	case e.Type != "":
		return string(e.Type)
	}
	return "http_" + strconv.Itoa(e.HTTPStatusCode)
}

// secrets matches what must not be repeated: keys, client secrets, mail addresses.
var secrets = regexp.MustCompile(`(sk|rk|pk|whsec)_[A-Za-z0-9_*]+|[A-Za-z0-9]+_secret_[A-Za-z0-9]+|[^\s'"<>]+@[^\s'"<>]+`)

// describe is what an operator needs to find the call in Stripe's dashboard.
func describe(e *stripego.Error) string {
	text := "stripe answered " + strconv.Itoa(e.HTTPStatusCode) + " " + errorCode(e)
	if e.Param != "" {
		text += " about " + e.Param
	}
	if e.RequestID != "" {
		text += " (" + e.RequestID + ")"
	}
	if e.Type == stripego.ErrorTypeInvalidRequest {
		text += ": " + secrets.ReplaceAllString(e.Msg, "…")
	}
	return text
}

func retryAfter(e *stripego.Error) time.Duration {
	if e.LastResponse == nil {
		return 0
	}
	n, err := strconv.Atoi(e.LastResponse.Header.Get("Retry-After"))
	if err != nil || n < 0 || n > 3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// failedAtStripe is true for a 5xx; replayed when Stripe gave it again for the same
// key, which it does for as long as it keeps the key.
func failedAtStripe(err error) (failed, replayed bool) {
	var e *stripego.Error
	if !errors.As(err, &e) || e.HTTPStatusCode < 500 {
		return false, false
	}
	return true, e.LastResponse != nil && e.LastResponse.Header.Get("Idempotent-Replayed") == "true"
}

// sameKeyOtherCall is true when Stripe has the key with other parameters.
func sameKeyOtherCall(err error) bool {
	var e *stripego.Error
	return errors.As(err, &e) && e.Type == stripego.ErrorTypeIdempotency && e.HTTPStatusCode != http.StatusConflict
}
