package stripe

import (
	"strings"
	"testing"

	"hostfront/billing"
	"hostfront/money"

	stripego "github.com/stripe/stripe-go/v76"
)

// Others multiplied every amount by a hundred: yen were charged a hundredfold, dinars a tenth.
func TestEveryCurrencyIsChargedInTheDecimalsThatStripeHasForIt(t *testing.T) {
	t.Parallel()
	// https://docs.stripe.com/currencies: all that have not two, and some that have.
	for decimals, codes := range map[int]string{
		0: "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
		2: "EUR USD GBP CHF DKK SEK NOK PLN CZK HUF RON BGN TRY UAH TZS TWD ISK UGX AUD CAD NZD INR BRL MXN ZAR",
		3: "BHD JOD KWD OMR TND",
	} {
		for code := range strings.FieldsSeq(codes) {
			a, err := money.Parse("1500", money.Currency(code))
			if err != nil {
				t.Fatal(err)
			}
			want := int64(1500)
			for range decimals {
				want *= 10
			}
			n, lower, err := toStripe(a)
			if err != nil || n != want || lower != strings.ToLower(code) {
				t.Errorf("%s is %d %s at Stripe, %v; want %d", a, n, lower, err, want)
			}
			if back := fromStripe(n, stripego.Currency(lower)); back != a {
				t.Errorf("%s came back as %s", a, back)
			}
		}
	}
}

func TestAmountsAreInStripesSmallestUnit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		amount   string
		currency money.Currency
		want     int64
	}{
		{"12.10", "EUR", 1210},
		{"500", "JPY", 500},
		{"500", "KRW", 500},
		{"1.230", "KWD", 1230},
		{"5", "UGX", 500},
		{"5", "ISK", 500},
		{"5.00", "MGA", 5},
		{"12.10", "HUF", 1210},
	} {
		a, err := money.Parse(tt.amount, tt.currency)
		if err != nil {
			t.Fatal(err)
		}
		n, code, err := toStripe(a)
		if err != nil || n != tt.want {
			t.Errorf("%s is %d at Stripe, %v; want %d", a, n, err, tt.want)
		}
		if back := fromStripe(n, stripego.Currency(code)); back != a {
			t.Errorf("%s came back as %s", a, back)
		}
	}
}

func TestAmountsThatStripeCannotChargeAreRefused(t *testing.T) {
	t.Parallel()
	for _, a := range []money.Amount{
		money.New(0, "EUR"), money.New(-1, "EUR"), money.New(1, ""), money.New(1231, "KWD"), money.New(1, "MGA"), money.Max("UGX"),
	} {
		if n, _, err := toStripe(a); err == nil {
			t.Errorf("%s was taken as %d", a, n)
		}
	}
}

func TestEveryDeclineOfStripesLibraryHasAClass(t *testing.T) {
	t.Parallel()
	for _, code := range []stripego.DeclineCode{
		stripego.DeclineCodeApproveWithID, stripego.DeclineCodeAuthenticationRequired, stripego.DeclineCodeCallIssuer,
		stripego.DeclineCodeCardNotSupported, stripego.DeclineCodeCardVelocityExceeded, stripego.DeclineCodeCurrencyNotSupported,
		stripego.DeclineCodeDoNotHonor, stripego.DeclineCodeDoNotTryAgain, stripego.DeclineCodeDuplicateTransaction,
		stripego.DeclineCodeExpiredCard, stripego.DeclineCodeFraudulent, stripego.DeclineCodeGenericDecline,
		stripego.DeclineCodeIncorrectCVC, stripego.DeclineCodeIncorrectNumber, stripego.DeclineCodeIncorrectPIN,
		stripego.DeclineCodeIncorrectZip, stripego.DeclineCodeInsufficientFunds, stripego.DeclineCodeInvalidAccount,
		stripego.DeclineCodeInvalidAmount, stripego.DeclineCodeInvalidCVC, stripego.DeclineCodeInvalidExpiryMonth,
		stripego.DeclineCodeInvalidExpiryYear, stripego.DeclineCodeInvalidNumber, stripego.DeclineCodeInvalidPIN,
		stripego.DeclineCodeIssuerNotAvailable, stripego.DeclineCodeLostCard, stripego.DeclineCodeMerchantBlacklist,
		stripego.DeclineCodeNewAccountInformationAvailable, stripego.DeclineCodeNoActionTaken, stripego.DeclineCodeNotPermitted,
		stripego.DeclineCodeOfflinePINRequired, stripego.DeclineCodeOnlineOrOfflinePINRequired, stripego.DeclineCodePINTryExceeded,
		stripego.DeclineCodePickupCard, stripego.DeclineCodeProcessingError, stripego.DeclineCodeReenterTransaction,
		stripego.DeclineCodeRestrictedCard, stripego.DeclineCodeRevocationOfAllAuthorizations,
		stripego.DeclineCodeRevocationOfAuthorization, stripego.DeclineCodeSecurityViolation,
		stripego.DeclineCodeServiceNotAllowed, stripego.DeclineCodeStolenCard, stripego.DeclineCodeStopPaymentOrder,
		stripego.DeclineCodeTestModeDecline, stripego.DeclineCodeTransactionNotAllowed, stripego.DeclineCodeTryAgainLater,
		stripego.DeclineCodeWithdrawalCountLimitExceeded,
	} {
		if _, ok := declines[string(code)]; !ok {
			t.Errorf("%s has no class", code)
		}
	}
	if d := declined("a_code_of_tomorrow"); d.Class != billing.DeclineSoft || d.Code != "a_code_of_tomorrow" || !d.Unlisted {
		t.Errorf("an unknown code is %+v", d)
	}
	if d := declineOf(&stripego.Error{Code: "authentication_required", DeclineCode: "generic_decline"}); d.Class != billing.DeclineAuthentication {
		t.Errorf("a wish for the customer is %+v", d)
	}
}

func TestStatementShowsOnlyWhatStripeTakes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"HF7K3Q9": "HF7K3Q9", "": "", "12345": "", "HF*1": "", "HF7K3Q9HF7K3Q9": "", "HFé": "",
	} {
		if got := statementSuffix(in); got != want {
			t.Errorf("statementSuffix(%q) = %q", in, got)
		}
	}
}
