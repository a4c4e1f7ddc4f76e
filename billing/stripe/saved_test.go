package stripe_test

import (
	"slices"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/billing/stripe"
	"hostfront/money"
)

func (r room) charge(id string, save bool) billing.Charge {
	return billing.Charge{
		ID: id, InvoiceID: "inv_1", CustomerID: "cus_shop", Email: "ada@example.com", Name: "Ada Lovelace",
		Amount: money.New(1210, money.EUR), Description: "Invoice 1", Reference: "HF7K3Q9", SaveMethod: save,
		CreatedAt: r.at.Now(),
	}
}

func (r room) begin(t *testing.T, c billing.Charge) billing.Status {
	t.Helper()
	s, err := r.gateway.Begin(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (r room) fetch(t *testing.T, reference string) billing.Status {
	t.Helper()
	s, err := r.gateway.Fetch(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// leave pays with a method that is kept.
func (r room) leave(t *testing.T, method string) (billing.Status, billing.Mandate) {
	t.Helper()
	s := r.begin(t, r.charge("pay_first", true))
	r.confirm(t, s, method)
	if r.fetch(t, s.Reference).State == billing.PaymentRequiresAction {
		if err := r.stripe.Authenticate(s.Reference, true); err != nil {
			t.Fatal(err)
		}
	}
	s = r.fetch(t, s.Reference)
	if s.Method == nil {
		t.Fatalf("nothing was saved: %+v", s)
	}
	return s, billing.Mandate{Reference: s.Method.Reference, ProviderCustomer: s.ProviderCustomer, Kind: s.Method.Kind}
}

func TestIDEALAndBancontactLeaveTheirSEPAMandate(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"ideal", "bancontact"} {
		r := open(t)
		s, m := r.leave(t, method)
		if s.State != billing.PaymentSucceeded || s.Method.Kind != "sepa_debit" || s.Method.Label != "SEPA NL •••• 4300" || s.Method.ExpYear != 0 {
			t.Fatalf("%s left %+v", method, s.Method)
		}
		for _, kind := range []string{"sepa_debit", ""} {
			m.Kind = kind
			charged, err := r.gateway.Charge(t.Context(), m, r.charge("pay_later"+kind, false))
			if err != nil || charged.State != billing.PaymentProcessing || !charged.Received.IsZero() {
				t.Fatalf("Charge = %+v, %v", charged, err)
			}
			if c, err := r.gateway.Cancel(t.Context(), charged.Reference); err != nil || c.State != billing.PaymentProcessing {
				t.Fatalf("Cancel of a debit under way = %+v, %v", c, err)
			}
			if err := r.stripe.SettleDebit(charged.Reference, kind == ""); err != nil {
				t.Fatal(err)
			}
			after := r.fetch(t, charged.Reference)
			if kind == "" && after.State != billing.PaymentSucceeded {
				t.Fatalf("a debit that arrived: %+v", after)
			}
			if kind != "" && (after.State != billing.PaymentFailed || after.Decline.Class != billing.DeclineSoft) {
				t.Fatalf("a debit that came back: %+v", after)
			}
		}
	}
}

func TestIDEALWithoutAWishToSaveLeavesNothing(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t, r.charge("pay_1", false))
	r.confirm(t, s, "ideal")
	if err := r.stripe.Authenticate(s.Reference, true); err != nil {
		t.Fatal(err)
	}
	if s = r.fetch(t, s.Reference); s.State != billing.PaymentSucceeded || s.Method != nil {
		t.Fatalf("Fetch = %+v", s)
	}
}

func TestDelayedMethodsAreOfferedOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t, r.charge("pay_1", false))
	if err := r.stripe.Confirm(s.Reference, "sepa_debit"); err == nil {
		t.Fatal("a direct debit was offered at checkout")
	}
	r = open(t, func(c *stripe.Config) { c.AllowDelayed = true })
	s = r.begin(t, r.charge("pay_1", true))
	r.confirm(t, s, "sepa_debit")
	if s = r.fetch(t, s.Reference); s.State != billing.PaymentProcessing || s.Method == nil || s.Method.Kind != "sepa_debit" {
		t.Fatalf("Fetch = %+v", s)
	}
	// The bank refuses it days later: the customer is gone, so the payment has failed.
	r.at.Advance(4 * 24 * time.Hour)
	if err := r.stripe.SettleDebit(s.Reference, false); err != nil {
		t.Fatal(err)
	}
	if s = r.fetch(t, s.Reference); s.State != billing.PaymentFailed || s.Decline.Code != "insufficient_funds" {
		t.Fatalf("Fetch = %+v", s)
	}
}

func TestThreeDSecureAtCheckoutPreparesACardForLater(t *testing.T) {
	t.Parallel()
	r := open(t)
	s, m := r.leave(t, "4000002500003155")
	if s.Method.Label != "Visa •••• 3155" || s.Method.ExpMonth != 12 || s.Method.ExpYear != 2034 {
		t.Fatalf("saved %+v", s.Method)
	}
	charged, err := r.gateway.Charge(t.Context(), m, r.charge("pay_later", false))
	if err != nil || charged.State != billing.PaymentSucceeded || charged.Method != nil {
		t.Fatalf("Charge = %+v, %v", charged, err)
	}
	// The same card, never prepared: its bank wants the customer.
	if m.Reference, err = r.stripe.Save(m.ProviderCustomer, "4000002500003155"); err != nil {
		t.Fatal(err)
	}
	refused, err := r.gateway.Charge(t.Context(), m, r.charge("pay_unprepared", false))
	if err != nil || refused.State != billing.PaymentFailed || refused.Decline.Class != billing.DeclineAuthentication {
		t.Fatalf("Charge = %+v, %v", refused, err)
	}
	if again := r.fetch(t, refused.Reference); again.State != billing.PaymentFailed || again.Decline != refused.Decline {
		t.Fatalf("Fetch = %+v", again)
	}
}

func TestRefusedThreeDSecureCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	r := open(t)
	s := r.begin(t, r.charge("pay_1", false))
	r.confirm(t, s, "4000002760003184")
	if err := r.stripe.Authenticate(s.Reference, false); err != nil {
		t.Fatal(err)
	}
	if s = r.fetch(t, s.Reference); s.State != billing.PaymentRequiresAction || s.Next == nil {
		t.Fatalf("Fetch = %+v", s)
	}
	r.confirm(t, s, "4242424242424242")
	if s = r.fetch(t, s.Reference); s.State != billing.PaymentSucceeded {
		t.Fatalf("Fetch = %+v", s)
	}
}

func TestSavedCardsThatGoBadAreToldApart(t *testing.T) {
	t.Parallel()
	r := open(t)
	_, m := r.leave(t, "pm_card_visa")
	for number, want := range map[string]billing.Decline{
		"4000000000000341": {Class: billing.DeclineSoft, Code: "generic_decline"},
		"4000000000000002": {Class: billing.DeclineSoft, Code: "generic_decline"},
		"4000000000009995": {Class: billing.DeclineSoft, Code: "insufficient_funds"},
		"4000000000009979": {Class: billing.DeclineHard, Code: "stolen_card"},
		"4000000000000069": {Class: billing.DeclineHard, Code: "expired_card"},
		"4000000000000119": {Class: billing.DeclineSoft, Code: "processing_error"},
	} {
		id, err := r.stripe.Save(m.ProviderCustomer, number)
		if err != nil {
			t.Fatal(err)
		}
		m.Reference = id
		s, err := r.gateway.Charge(t.Context(), m, r.charge("pay_"+number, false))
		if err != nil || s.State != billing.PaymentFailed || s.Decline != want || s.Reference == "" {
			t.Errorf("%s: %+v, %v", number, s, err)
		}
	}
}

func TestTwoFirstPaymentsAtOnceHaveOneCustomer(t *testing.T) {
	t.Parallel()
	r := open(t)
	a, b := r.begin(t, r.charge("pay_1", true)), r.begin(t, r.charge("pay_2", true))
	if a.ProviderCustomer == "" || a.ProviderCustomer != b.ProviderCustomer || len(r.stripe.Customers()) != 1 {
		t.Fatalf("customers %q and %q", a.ProviderCustomer, b.ProviderCustomer)
	}
	c := r.charge("pay_3", true)
	c.Email, c.ProviderCustomer = "new@example.com", a.ProviderCustomer
	if s := r.begin(t, c); s.ProviderCustomer != a.ProviderCustomer || len(r.stripe.Customers()) != 1 {
		t.Fatalf("a known customer was made again: %q", s.ProviderCustomer)
	}
}

func TestFeeAndZeroDecimalCurrencies(t *testing.T) {
	t.Parallel()
	r := open(t)
	c := r.charge("pay_yen", false)
	c.Amount = money.New(5000, "JPY")
	s := r.begin(t, c)
	r.confirm(t, s, "pm_card_visa")
	s = r.fetch(t, s.Reference)
	if s.Received != c.Amount || s.Fee != money.New(100, "JPY") || s.Live {
		t.Fatalf("Fetch = %+v", s)
	}
	if charges := r.stripe.Charges(); len(charges) != 1 || charges[0].Amount != 5000 || charges[0].Currency != "jpy" {
		t.Fatalf("charges %+v", charges)
	}
	if !slices.Contains(r.stripe.Intents(), s.Reference) {
		t.Fatal("the intent is not there")
	}
}

func TestRefundsOfBanksTakeTheirTime(t *testing.T) {
	t.Parallel()
	r := open(t)
	s, _ := r.leave(t, "ideal")
	req := billing.RefundRequest{ID: "ref_1", PaymentReference: s.Reference, Amount: money.New(500, money.EUR), CreatedAt: r.at.Now()}
	made, err := r.gateway.Refund(t.Context(), req)
	if err != nil || made.State != "pending" {
		t.Fatalf("Refund = %+v, %v", made, err)
	}
	if err := r.stripe.SettleRefund(made.Reference, false); err != nil {
		t.Fatal(err)
	}
	after, err := r.gateway.FetchRefund(t.Context(), made.Reference)
	if err != nil || after.State != "failed" || after.Code != "expired_or_canceled_card" {
		t.Fatalf("FetchRefund = %+v, %v", after, err)
	}
}
