package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/sandbox/courier"
	"hostfront/sandbox/mishap"
)

// setUp asks for a method to be saved and gives the setup and its SetupIntent.
func (r *stripeRoad) setUp(key string) (id, intent string) {
	r.t.Helper()
	var made struct {
		ID         string `json:"id"`
		NextAction struct {
			Type         string `json:"type"`
			ClientSecret string `json:"client_secret"`
		} `json:"next_action"`
	}
	r.decode(r.ask(http.MethodPost, "/v1/payment-methods", map[string]any{"gateway": "stripe"}, key), &made)
	intent, _, found := strings.Cut(made.NextAction.ClientSecret, "_secret_")
	if made.NextAction.Type != "stripe_setup" || !found {
		r.t.Fatalf("the storefront is told %+v", made)
	}
	return made.ID, intent
}

// quiet lets the webhooks arrive and the shop work.
func (r *stripeRoad) quiet() {
	r.t.Helper()
	r.must(r.stripe.Quiet(r.t.Context()))
	r.must(r.w.Drain())
}

type methodSeen struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Label   string `json:"label"`
	Default bool   `json:"default"`
}

func (r *stripeRoad) methods() []methodSeen {
	r.t.Helper()
	var page list[methodSeen]
	r.read("/v1/payment-methods", &page)
	return page.Items
}

func (r *stripeRoad) setupState(id string) string {
	r.t.Helper()
	var seen struct {
		State string `json:"state"`
	}
	r.read("/v1/payment-method-setups/"+id, &seen)
	return seen.State
}

func TestASetupIntentSavesACardAndARemovedOneIsDetached(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	id, intent := r.setUp("setup 1")
	if err := r.stripe.ConfirmSetup(intent, "pm_card_visa_chargeDeclined"); err == nil {
		t.Fatal("a card that declines was saved")
	}
	r.quiet()
	if state := r.setupState(id); state != "requires_action" {
		t.Fatalf("after a decline the setup is %s", state)
	}
	r.must(r.stripe.ConfirmSetup(intent, "4000002500003155"))
	r.must(r.stripe.AuthenticateSetup(intent))
	r.quiet()
	saved := r.methods()
	if len(saved) != 1 || saved[0].Label != "Visa •••• 3155" || r.setupState(id) != "succeeded" {
		t.Fatalf("saved %+v", saved)
	}
	customer := r.stripe.Customers()[0]
	if n := len(r.stripe.Attached(customer)); n != 1 {
		t.Fatalf("Stripe has %d methods of the customer", n)
	}
	if said := r.ask(http.MethodDelete, "/v1/payment-methods/"+saved[0].ID, nil, ""); !said.ok() {
		t.Fatalf("remove: %s", said)
	}
	r.quiet()
	if left := r.stripe.Attached(customer); len(left) != 0 {
		t.Fatalf("Stripe still has %v", left)
	}
}

func TestASetupWhoseWebhookNeverComesIsReadAgain(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	r.must(r.stripe.Webhooks().Misdirect(courier.Order{Kind: courier.Never, Times: 1000}))
	_, intent := r.setUp("setup 1")
	r.must(r.stripe.ConfirmSetup(intent, "ideal"))
	r.must(r.stripe.AuthenticateSetup(intent))
	r.must(r.w.Move(time.Hour))
	if saved := r.methods(); len(saved) != 1 || saved[0].Kind != "sepa_debit" {
		t.Fatalf("saved %+v, want the mandate that iDEAL left", saved)
	}
}

// hosting is the renewal of the hosting: its subscription.
func (r *stripeRoad) hostingSubscription() subscriptionSeen {
	r.t.Helper()
	var page list[subscriptionSeen]
	r.read("/v1/subscriptions", &page)
	for _, s := range page.Items {
		if s.Cycle == "month" {
			return s
		}
	}
	r.t.Fatal("nothing is billed by the month")
	return subscriptionSeen{}
}

func (r *stripeRoad) subjects(words string) (n int) {
	for _, letter := range r.w.Post.Letters() {
		if strings.Contains(letter.Subject, words) {
			n++
		}
	}
	return n
}

func (r *stripeRoad) renewals() []invoiceSeen {
	r.t.Helper()
	var page list[invoiceSeen]
	r.read("/v1/invoices", &page)
	var renewals []invoiceSeen
	for _, i := range page.Items {
		if i.Kind == "renewal" {
			renewals = append(renewals, i)
		}
	}
	return renewals
}

func TestASEPADebitIsAnnouncedMadeEarlyAndItsLateFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("sepa-early.nl")
	r.must(r.confirm(intent, "ideal"))
	r.must(r.stripe.Authenticate(intent, true))
	r.quiet()
	r.waitFor(p.Order.ID, "completed")
	sub := r.hostingSubscription()
	ends := sub.CurrentPeriodEnd
	if got := ends.Sub(sub.NextInvoiceAt); got != 21*24*time.Hour {
		t.Fatalf("it is billed %s before the period, want 21 days", got)
	}
	r.must(r.w.Move(ends.Add(-20 * 24 * time.Hour).Sub(r.w.App.Now())))
	if r.subjects("will be debited") != 1 || len(r.renewals()) != 1 {
		t.Fatalf("announced %d times, %d renewals", r.subjects("will be debited"), len(r.renewals()))
	}
	before := len(r.stripe.Charges())
	r.must(r.w.Move(ends.Add(-13 * 24 * time.Hour).Sub(r.w.App.Now())))
	if n := len(r.stripe.Charges()) - before; n != 1 {
		t.Fatalf("%d debits were made 14 days before", n)
	}
	r.must(r.w.Move(ends.Add(36 * time.Hour).Sub(r.w.App.Now())))
	if s := r.hostingSubscription(); s.State != "active" {
		t.Fatalf("while the debit is processing the subscription is %s", s.State)
	}
	intents := r.stripe.Intents()
	r.must(r.stripe.SettleDebit(intents[len(intents)-1], false))
	r.quiet()
	if r.subjects("did not go through") != 1 {
		t.Fatal("the customer was not told that the debit came back")
	}
	r.must(r.w.Move(48 * time.Hour))
	intents = r.stripe.Intents()
	r.must(r.stripe.SettleDebit(intents[len(intents)-1], true))
	r.quiet()
	r.ledgerIsZero()
	renewals := r.renewals()
	if first := renewals[len(renewals)-1]; first.State != "paid" {
		t.Fatalf("the renewal is %s", first.State)
	}
}

func TestACardInTheMandatesPlaceIsBilledAtItsOwnTime(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("from-sepa-to-card.nl")
	r.must(r.confirm(intent, "ideal"))
	r.must(r.stripe.Authenticate(intent, true))
	r.quiet()
	r.waitFor(p.Order.ID, "completed")
	early := r.hostingSubscription()
	_, setup := r.setUp("card")
	r.must(r.stripe.ConfirmSetup(setup, "pm_card_visa"))
	r.quiet()
	late := r.hostingSubscription()
	if got := late.NextInvoiceAt.Sub(early.NextInvoiceAt); got != 14*24*time.Hour {
		t.Fatalf("with a card it is billed %s later, want 14 days", got)
	}
	r.must(r.w.Move(time.Minute))
	methods := r.methods()
	if said := r.ask(http.MethodPost, "/v1/payment-methods/"+methods[1].ID+"/default", nil, ""); !said.ok() {
		t.Fatalf("choose: %s", said)
	}
	if again := r.hostingSubscription(); !again.NextInvoiceAt.Equal(early.NextInvoiceAt) {
		t.Fatalf("with the mandate again it is billed at %s, want %s", again.NextInvoiceAt, early.NextInvoiceAt)
	}
}

func TestARefusalThatIsNotTheBanksIsNotBlamedOnIt(t *testing.T) {
	t.Parallel()
	r := openStripeRoad(t)
	p, intent := r.checkOut("our-own-fault.nl")
	r.must(r.confirm(intent, "pm_card_visa"))
	r.waitFor(p.Order.ID, "completed")
	r.must(r.stripe.Faults().Add(mishap.Fault{Op: "POST /v1/payment_intents", Kind: mishap.Refuse, Times: 1}))
	r.must(r.w.Move(29 * 24 * time.Hour))
	if got := r.succeeded(); got != 2 {
		t.Fatalf("Stripe moved money %d times, want the order and the renewal a day late", got)
	}
	var alarms list[struct {
		Code string `json:"code"`
	}]
	r.staff(http.MethodGet, "/v1/admin/alarms", nil, &alarms)
	for _, a := range alarms.Items {
		if a.Code == "payment_refused" {
			return
		}
	}
	t.Fatalf("no operator was told: %+v", alarms.Items)
}
