package stripe

import (
	"net/http"
	"slices"
)

// call is one request, read.
type call struct {
	// id is the object's, from the path.
	id     string
	form   form
	expand expansion
}

// handler does a call, with the server's lock held.
type handler func(s *Server, c call) (object, *apiError)

// endpoint is a call of the API with the parameters it has.
type endpoint struct {
	pattern string
	params  []string
	do      handler
}

var paging = []string{
	"limit", "starting_after", "ending_before",
	"created", "created[gt]", "created[gte]", "created[lt]", "created[lte]",
}

// intentParams are those of a new intent; what the stand-in does not act on is
// nevertheless Stripe's, and taken.
var intentParams = []string{
	"amount", "currency", "customer", "payment_method", "payment_method_types[]", "automatic_payment_methods[enabled]",
	"automatic_payment_methods[allow_redirects]", "excluded_payment_method_types[]", "payment_method_configuration",
	"setup_future_usage", "confirm", "off_session", "description", "statement_descriptor_suffix", "statement_descriptor",
	"receipt_email", "return_url", "mandate", "error_on_requires_action", "capture_method", "metadata",
}

func endpoints() []endpoint {
	return []endpoint{
		{"POST /v1/customers", []string{"email", "name", "description", "phone", "metadata"}, (*Server).createCustomer},
		{"GET /v1/customers", append([]string{"email"}, paging...), (*Server).listCustomers},
		{"GET /v1/customers/{id}", nil, (*Server).getCustomer},
		{"GET /v1/customers/{id}/payment_methods", append([]string{"type"}, paging...), (*Server).listMethods},
		{"POST /v1/payment_methods", []string{"type", "card[number]", "card[exp_month]", "card[exp_year]", "card[cvc]", "card[token]", "sepa_debit[iban]", "billing_details[email]", "billing_details[name]"}, (*Server).createMethod},
		{"GET /v1/payment_methods/{id}", nil, (*Server).getMethod},
		{"POST /v1/payment_methods/{id}/attach", []string{"customer"}, (*Server).attachMethod},
		{"POST /v1/payment_methods/{id}/detach", nil, (*Server).detachMethod},
		{"POST /v1/payment_intents", intentParams, (*Server).createIntent},
		{"GET /v1/payment_intents", append([]string{"customer"}, paging...), (*Server).listIntents},
		{"GET /v1/payment_intents/search", []string{"query", "limit", "page"}, (*Server).searchIntents},
		{"GET /v1/payment_intents/{id}", []string{"client_secret"}, (*Server).getIntent},
		{"POST /v1/payment_intents/{id}/confirm", []string{"payment_method", "off_session", "return_url", "setup_future_usage", "client_secret", "mandate"}, (*Server).confirmCall},
		{"POST /v1/payment_intents/{id}/cancel", []string{"cancellation_reason"}, (*Server).cancelIntent},
		{"POST /v1/setup_intents", []string{"customer", "payment_method", "payment_method_types[]", "usage", "confirm", "automatic_payment_methods[enabled]", "automatic_payment_methods[allow_redirects]", "payment_method_configuration", "return_url", "description", "metadata"}, (*Server).createSetup},
		{"GET /v1/setup_intents", append([]string{"customer"}, paging...), (*Server).listSetups},
		{"GET /v1/setup_intents/{id}", nil, (*Server).getSetup},
		{"POST /v1/setup_intents/{id}/confirm", []string{"payment_method", "return_url"}, (*Server).confirmSetupCall},
		{"POST /v1/setup_intents/{id}/cancel", []string{"cancellation_reason"}, (*Server).cancelSetup},
		{"GET /v1/charges/{id}", nil, (*Server).getCharge},
		{"GET /v1/balance_transactions/{id}", nil, (*Server).getBalance},
		{"GET /v1/balance_transactions", append([]string{"payout", "source", "type"}, paging...), (*Server).listBalances},
		{"GET /v1/payouts", append([]string{"status"}, paging...), (*Server).listPayouts},
		{"GET /v1/payouts/{id}", nil, (*Server).getPayout},
		{"POST /v1/refunds", []string{"payment_intent", "charge", "amount", "reason", "metadata"}, (*Server).createRefund},
		{"GET /v1/refunds", append([]string{"payment_intent", "charge"}, paging...), (*Server).listRefunds},
		{"GET /v1/refunds/{id}", nil, (*Server).getRefund},
		{"GET /v1/disputes", append([]string{"payment_intent", "charge"}, paging...), (*Server).listDisputes},
		{"GET /v1/disputes/{id}", nil, (*Server).getDispute},
		{"GET /v1/events", append([]string{"type"}, paging...), (*Server).listEvents},
		{"GET /v1/events/{id}", nil, (*Server).getEvent},
	}
}

func (s *Server) route() {
	s.mux = http.NewServeMux()
	for _, e := range endpoints() {
		e.params = append(slices.Clone(e.params), "expand[]")
		s.mux.HandleFunc(e.pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, e) })
	}
	s.mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, &apiError{
			status: http.StatusNotFound, kind: kindRequest, code: "url_invalid",
			message: "Unrecognized request URL (" + r.Method + ": " + r.URL.Path + ").",
		})
	})
	s.routeControls()
}
