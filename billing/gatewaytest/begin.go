package gatewaytest

import (
	"testing"

	"hostfront/billing"
	"hostfront/fault"
	"hostfront/money"
)

func pays(h Harness) bool    { return h.Pay != nil }
func travels(h Harness) bool { return h.LoseCall != nil }

var beginCases = []testCase{
	{"BeginTellsTheCustomerWhatToDo", nil, beginTellsWhatToDo},
	{"BeginRepeatedGivesTheSamePayment", nil, beginRepeated},
	{"BeginWhoseAnswerWasLostIsFoundAgain", travels, beginLost},
	{"BeginThatWasNeverSeenIsMadeOnce", travels, beginUnseen},
	{"BeginRefusesNothingToPay", nil, beginNothing},
	{"PaidPaymentIsSeenByFetch", pays, paidIsSeen},
	{"PaymentDeclinedByTheCustomer", pays, declinedOnSession},
	{"CancelEndsAPayment", nil, cancelEnds},
	{"CancelOfAPaidPaymentTellsThatItIsPaid", pays, cancelPaid},
	{"UnknownReferenceIsRejected", travels, unknownReference},
	{"EndedContextIsAnOutcome", travels, endedContext},
	{"FindKnowsThePaymentByTheShopsID", finds, findKnows},
	{"RateLimitAndServerErrorAreToldApart", travels, serverErrors},
}

func finds(h Harness) bool { _, ok := h.Gateway.(billing.Finder); return ok }

func beginTellsWhatToDo(t *testing.T, h Harness) {
	if h.Gateway.Name() == "" {
		t.Fatal("the gateway has no name")
	}
	s := h.begin(t, h.charge("pay_1"))
	if s.Reference == "" || s.Next == nil || s.PaymentID != "pay_1" {
		t.Fatalf("Begin = %+v", s)
	}
	if s.State != billing.PaymentRequiresAction && s.State != billing.PaymentPending {
		t.Fatalf("state %s before the customer did anything", s.State)
	}
	switch n := s.Next; n.Type {
	case "stripe":
		if n.ClientSecret == "" || n.PublishableKey == "" {
			t.Fatalf("next action %+v cannot be followed", n)
		}
	case "redirect":
		if n.URL == "" {
			t.Fatalf("next action %+v cannot be followed", n)
		}
	case "transfer":
		if n.IBAN == "" || n.Beneficiary == "" || n.Reference == "" {
			t.Fatalf("next action %+v cannot be followed", n)
		}
	default:
		t.Fatalf("next action of unknown type %q", n.Type)
	}
	if again := h.fetch(t, s.Reference); again.Reference != s.Reference || again.State != s.State || *again.Next != *s.Next {
		t.Fatalf("Fetch = %+v, Begin was %+v", again, s)
	}
}

func beginRepeated(t *testing.T, h Harness) {
	first, second := h.begin(t, h.charge("pay_1")), h.begin(t, h.charge("pay_1"))
	if first.Reference != second.Reference || second.PaymentID != "pay_1" {
		t.Fatalf("%s, then %s", first.Reference, second.Reference)
	}
}

func beginLost(t *testing.T, h Harness) {
	c := h.charge("pay_1")
	h.LoseAnswer()
	_, err := h.Gateway.Begin(t.Context(), c)
	outcome(t, err, fault.Unknown)
	first := h.begin(t, c)
	if second := h.begin(t, c); second.Reference != first.Reference {
		t.Fatalf("%s, then %s", first.Reference, second.Reference)
	}
}

func beginUnseen(t *testing.T, h Harness) {
	c := h.charge("pay_1")
	h.LoseCall()
	_, err := h.Gateway.Begin(t.Context(), c)
	outcome(t, err, fault.Unknown, fault.Unavailable)
	if s := h.begin(t, c); s.Reference == "" {
		t.Fatalf("Begin = %+v", s)
	}
}

func beginNothing(t *testing.T, h Harness) {
	c := h.charge("pay_1")
	c.Amount = money.Zero(money.EUR)
	_, err := h.Gateway.Begin(t.Context(), c)
	outcome(t, err, fault.Rejected)
}

func paidIsSeen(t *testing.T, h Harness) {
	s := h.paid(t, h.charge("pay_1"))
	if s.State != billing.PaymentSucceeded || s.Received != money.New(1210, money.EUR) || s.Next != nil || s.PaymentID != "pay_1" {
		t.Fatalf("Fetch = %+v", s)
	}
	if s.Method != nil {
		t.Fatalf("%+v was saved, and nobody asked", s.Method)
	}
	if n := h.Moved("pay_1"); n != 1 {
		t.Fatalf("money was taken %d times", n)
	}
}

func declinedOnSession(t *testing.T, h Harness) {
	s := h.begin(t, h.charge("pay_1"))
	h.Decline(t, s)
	after := h.fetch(t, s.Reference)
	if h.DeclinedIsFinal && (after.State != billing.PaymentFailed || after.Decline.Class == "" || after.Decline.Code == "") {
		t.Fatalf("Fetch = %+v", after)
	}
	if !h.DeclinedIsFinal && (after.State != billing.PaymentRequiresAction || after.Next == nil) {
		t.Fatalf("Fetch = %+v", after)
	}
	if n := h.Moved("pay_1"); n != 0 {
		t.Fatalf("money was taken %d times", n)
	}
}
