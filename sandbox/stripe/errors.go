package stripe

import (
	"fmt"
	"net/http"
)

// apiError is an error in Stripe's shape.
type apiError struct {
	status      int
	kind        string
	code        string
	declineCode string
	message     string
	param       string
	charge      string
	// intent and method are shown with it, by id.
	intent, method string
}

// The types of errors.
const (
	kindRequest     = "invalid_request_error"
	kindCard        = "card_error"
	kindIdempotency = "idempotency_error"
	kindAPI         = "api_error"
)

func invalid(param, code, format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, kind: kindRequest, code: code, param: param, message: fmt.Sprintf(format, args...)}
}

func noSuch(what, param, id string) *apiError {
	return &apiError{
		status: http.StatusNotFound, kind: kindRequest, code: "resource_missing", param: param,
		message: fmt.Sprintf("No such %s: '%s'", what, id),
	}
}

// noSuchParam is a 400 where the missing thing was named by a parameter, not the path.
func noSuchParam(what, param, id string) *apiError {
	e := noSuch(what, param, id)
	e.status = http.StatusBadRequest
	return e
}

func unexpectedState(i *intent, doing string) *apiError {
	e := invalid("", "payment_intent_unexpected_state", "You cannot %s this PaymentIntent because it has a status of %s.", doing, i.status)
	e.intent = i.id
	return e
}

func told() *apiError {
	return &apiError{status: http.StatusInternalServerError, kind: kindAPI, message: "An unknown error occurred"}
}

func tooMany() *apiError {
	return &apiError{status: http.StatusTooManyRequests, kind: kindRequest, code: "rate_limit", message: "Too many requests hit the API too quickly."}
}

func unauthorized() *apiError {
	return &apiError{status: http.StatusUnauthorized, kind: kindRequest, message: "Invalid API Key provided."}
}

// body is the error as JSON. The lock is held.
func (s *Server) errorBody(e *apiError) object {
	return object{"error": s.errorObject(e)}
}

func (s *Server) errorObject(e *apiError) object {
	o := object{"type": e.kind, "message": e.message}
	for name, value := range map[string]string{"code": e.code, "decline_code": e.declineCode, "param": e.param, "charge": e.charge} {
		if value != "" {
			o[name] = value
		}
	}
	if e.code != "" {
		o["doc_url"] = "https://stripe.com/docs/error-codes/" + e.code
	}
	if i, ok := s.intents.get(e.intent); ok {
		o["payment_intent"] = s.showIntent(i, nil)
	}
	if m, ok := s.methods.get(e.method); ok {
		o["payment_method"] = s.showMethod(m)
	}
	return o
}
