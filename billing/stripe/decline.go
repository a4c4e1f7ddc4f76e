package stripe

import (
	"hostfront/billing"

	stripego "github.com/stripe/stripe-go/v76"
)

// declines says what each of Stripe's codes means for collection
// (https://docs.stripe.com/declines/codes). A code that is not here is soft, and an
// operator is told of it: trying again another day costs little, and the ladder of reminders
// ends it.
var declines = map[string]billing.DeclineClass{
	"authentication_required":                billing.DeclineAuthentication,
	"payment_intent_authentication_failure":  billing.DeclineAuthentication,
	"setup_intent_authentication_failure":    billing.DeclineAuthentication,
	"authentication_not_handled":             billing.DeclineAuthentication,
	"online_or_offline_pin_required":         billing.DeclineAuthentication,
	"offline_pin_required":                   billing.DeclineAuthentication,
	"bank_account_bad_routing_numbers":       billing.DeclineHard,
	"bank_account_unusable":                  billing.DeclineHard,
	"bank_ownership_changed":                 billing.DeclineHard,
	"charge_exceeds_source_limit":            billing.DeclineSoft,
	"debit_disputed":                         billing.DeclineHard,
	"elevated_risk_level":                    billing.DeclineSoft,
	"generic_could_not_process":              billing.DeclineSoft,
	"highest_risk_level":                     billing.DeclineHard,
	"incorrect_address":                      billing.DeclineHard,
	"incorrect_cvc":                          billing.DeclineHard,
	"incorrect_pin":                          billing.DeclineAuthentication,
	"incorrect_zip":                          billing.DeclineHard,
	"invalid_amount":                         billing.DeclineSoft,
	"invalid_bank_account_iban":              billing.DeclineHard,
	"invalid_cvc":                            billing.DeclineHard,
	"invalid_pin":                            billing.DeclineAuthentication,
	"live_mode_test_card":                    billing.DeclineHard,
	"mobile_device_authentication_required":  billing.DeclineAuthentication,
	"no_account":                             billing.DeclineHard,
	"pin_try_exceeded":                       billing.DeclineSoft,
	"recipient_deceased":                     billing.DeclineHard,
	"refer_to_customer":                      billing.DeclineSoft,
	"test_mode_live_card":                    billing.DeclineHard,
	"approve_with_id":                        billing.DeclineSoft,
	"call_issuer":                            billing.DeclineSoft,
	"card_velocity_exceeded":                 billing.DeclineSoft,
	"do_not_honor":                           billing.DeclineSoft,
	"duplicate_transaction":                  billing.DeclineSoft,
	"generic_decline":                        billing.DeclineSoft,
	"insufficient_funds":                     billing.DeclineSoft,
	"issuer_not_available":                   billing.DeclineSoft,
	"no_action_taken":                        billing.DeclineSoft,
	"processing_error":                       billing.DeclineSoft,
	"reenter_transaction":                    billing.DeclineSoft,
	"try_again_later":                        billing.DeclineSoft,
	"withdrawal_count_limit_exceeded":        billing.DeclineSoft,
	"card_declined":                          billing.DeclineSoft,
	"debit_not_authorized":                   billing.DeclineHard,
	"bank_account_restricted":                billing.DeclineHard,
	"account_closed":                         billing.DeclineHard,
	"card_not_supported":                     billing.DeclineHard,
	"currency_not_supported":                 billing.DeclineHard,
	"do_not_try_again":                       billing.DeclineHard,
	"expired_card":                           billing.DeclineHard,
	"fraudulent":                             billing.DeclineHard,
	"incorrect_number":                       billing.DeclineHard,
	"invalid_account":                        billing.DeclineHard,
	"invalid_expiry_month":                   billing.DeclineHard,
	"invalid_expiry_year":                    billing.DeclineHard,
	"invalid_number":                         billing.DeclineHard,
	"lost_card":                              billing.DeclineHard,
	"merchant_blacklist":                     billing.DeclineHard,
	"new_account_information_available":      billing.DeclineHard,
	"not_permitted":                          billing.DeclineHard,
	"pickup_card":                            billing.DeclineHard,
	"restricted_card":                        billing.DeclineHard,
	"revocation_of_all_authorizations":       billing.DeclineHard,
	"revocation_of_authorization":            billing.DeclineHard,
	"security_violation":                     billing.DeclineHard,
	"service_not_allowed":                    billing.DeclineHard,
	"stolen_card":                            billing.DeclineHard,
	"stop_payment_order":                     billing.DeclineHard,
	"testmode_decline":                       billing.DeclineHard,
	"transaction_not_allowed":                billing.DeclineHard,
	"payment_method_missing":                 billing.DeclineHard,
	"payment_method_unactivated":             billing.DeclineHard,
	"payment_method_invalid_parameter":       billing.DeclineHard,
	"payment_intent_mandate_invalid":         billing.DeclineHard,
	"mandate_invalid":                        billing.DeclineHard,
	"payment_method_unexpected_state":        billing.DeclineHard,
	"payment_method_customer_decline":        billing.DeclineSoft,
	"payment_method_provider_decline":        billing.DeclineSoft,
	"payment_method_provider_timeout":        billing.DeclineSoft,
	"payment_method_bank_account_blocked":    billing.DeclineHard,
	"payment_method_currency_mismatch":       billing.DeclineHard,
	"payment_method_microdeposit_failed":     billing.DeclineHard,
	"payment_intent_payment_attempt_expired": billing.DeclineSoft,
	"payment_intent_payment_attempt_failed":  billing.DeclineSoft,
}

// declineOf reads a refused payment: the issuer's code where there is one, else
// Stripe's. "authentication_required" wins, since it tells what the customer can do.
func declineOf(e *stripego.Error) billing.Decline {
	if e == nil {
		return billing.Decline{}
	}
	if declines[string(e.Code)] == billing.DeclineAuthentication {
		return declined(string(e.Code))
	}
	if e.DeclineCode != "" {
		return declined(string(e.DeclineCode))
	}
	return declined(string(e.Code))
}

// declined is the decline of a code.
func declined(code string) billing.Decline {
	if code == "" {
		code = "card_declined"
	}
	class, known := declines[code]
	if !known {
		class = billing.DeclineSoft
	}
	return billing.Decline{Class: class, Code: code, Unlisted: !known}
}
