package stripe

// testCard is what one of Stripe's test numbers does
// (https://docs.stripe.com/testing).
type testCard struct {
	brand string
	// decline is how a charge is refused; empty: it is not.
	decline string
	// attaches says that it can be saved although its charges are refused.
	attaches bool
	// authenticate says when the bank wants the customer.
	authenticate demand
	// dispute is why a charge that succeeds is disputed at once; with inquiry only asked about.
	dispute string
	inquiry bool
}

// demand is when a card needs the customer to authenticate.
type demand int

const (
	never demand = iota
	unlessPrepared
	always
)

var testCards = map[string]testCard{
	"4242424242424242": {brand: "visa"},
	"5555555555554444": {brand: "mastercard"},
	"378282246310005":  {brand: "amex"},
	"4000000000000002": {brand: "visa", decline: "generic_decline"},
	"4000000000009995": {brand: "visa", decline: "insufficient_funds"},
	"4000000000009987": {brand: "visa", decline: "lost_card"},
	"4000000000009979": {brand: "visa", decline: "stolen_card"},
	"4000000000000069": {brand: "visa", decline: "expired_card"},
	"4000000000000127": {brand: "visa", decline: "incorrect_cvc"},
	"4000000000000119": {brand: "visa", decline: "processing_error"},
	"4000000000000259": {brand: "visa", dispute: "fraudulent"},
	"4000000000002685": {brand: "visa", dispute: "product_not_received"},
	"4000000000001976": {brand: "visa", dispute: "fraudulent", inquiry: true},
	"4000000000000341": {brand: "visa", decline: "generic_decline", attaches: true},
	"4000002500003155": {brand: "visa", authenticate: unlessPrepared},
	"4000002760003184": {brand: "visa", authenticate: always},
	"4000008260003178": {brand: "visa", authenticate: always, decline: "insufficient_funds", attaches: true},
}

// testMethods are Stripe's names for methods with those numbers.
var testMethods = map[string]string{
	"pm_card_visa":                                 "4242424242424242",
	"pm_card_mastercard":                           "5555555555554444",
	"pm_card_amex":                                 "378282246310005",
	"pm_card_chargeDeclined":                       "4000000000000002",
	"pm_card_visa_chargeDeclined":                  "4000000000000002",
	"pm_card_chargeDeclinedInsufficientFunds":      "4000000000009995",
	"pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
	"pm_card_visa_chargeDeclinedLostCard":          "4000000000009987",
	"pm_card_visa_chargeDeclinedStolenCard":        "4000000000009979",
	"pm_card_chargeDeclinedExpiredCard":            "4000000000000069",
	"pm_card_chargeDeclinedProcessingError":        "4000000000000119",
	"pm_card_createDispute":                        "4000000000000259",
	"pm_card_createDisputeProductNotReceived":      "4000000000002685",
	"pm_card_createDisputeInquiry":                 "4000000000001976",
	"pm_card_chargeCustomerFail":                   "4000000000000341",
	"pm_card_authenticationRequiredOnSetup":        "4000002500003155",
	"pm_card_authenticationRequired":               "4000002760003184",
	"pm_card_threeDSecure2Required":                "4000002760003184",
}

// ownCode are declines that Stripe also gives as the code, not as card_declined.
var ownCode = map[string]bool{"expired_card": true, "incorrect_cvc": true, "processing_error": true}

// refusal is the error of a charge that a card's bank refuses.
func refusal(decline string) *apiError {
	code := "card_declined"
	if ownCode[decline] {
		code = decline
	}
	e := &apiError{status: 402, kind: kindCard, code: code, message: "Your card was declined."}
	if code == "card_declined" {
		e.declineCode = decline
	}
	return e
}

// authenticationNeeded is the error of an off-session charge that needs the customer.
func authenticationNeeded() *apiError {
	return &apiError{
		status: 402, kind: kindCard, code: "authentication_required", declineCode: "authentication_required",
		message: "Your card was declined. This transaction requires authentication.",
	}
}
