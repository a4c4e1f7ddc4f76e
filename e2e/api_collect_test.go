package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/sandbox/pay"
)

const aDay = 24 * time.Hour

// charged are the off-session payments of a method at the provider, oldest first.
func (f *front) charged(method string) []pay.Payment {
	var all []pay.Payment
	for _, p := range f.Pay.Payments() {
		if p.OffSession && (method == "" || p.Method == method) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b pay.Payment) int { return int(a.CreatedAt - b.CreatedAt) })
	return all
}

// behaves says how every saved method behaves from now on.
func (f *front) behaves(how pay.Behaviour) {
	f.t.Helper()
	for _, m := range f.Pay.Methods() {
		if err := f.Pay.SetMethod(m.ID, how); err != nil {
			f.t.Fatal(err)
		}
	}
}

// owed is the newest invoice of a customer.
func (c caller) owed() string { return text(c.get("/v1/invoices?limit=1"), "items[0].id") }

// token is that of the last link in the mails.
func (f *front) token() string {
	f.t.Helper()
	links := regexp.MustCompile(`/pay\?token=([A-Za-z0-9._-]+)`)
	found := ""
	for _, letter := range f.letters(f.t) {
		letter = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(letter, "=\r\n", ""), "=\n", ""), "=3D", "=")
		if m := links.FindStringSubmatch(letter); m != nil {
			found = m[1]
		}
	}
	if found == "" {
		f.t.Fatal("no mail has a link that pays")
	}
	return found
}

func TestASoftDeclineIsTriedAgainOnItsDaysAtNine(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.bought("anna@example.com", "anna-visser.nl")
	f.behaves(pay.Decliner)
	f.pass(50 * aDay)
	first := time.Time{}
	var days []int
	for i, p := range f.charged("") {
		at := time.UnixMilli(p.CreatedAt).UTC()
		if i == 0 {
			first = at.Truncate(aDay)
			continue
		}
		if at.Hour() != 9 || at.Minute() != 0 {
			t.Errorf("tried again at %s", at)
		}
		days = append(days, int(at.Truncate(aDay).Sub(first)/aDay))
		if len(days) == 6 {
			break
		}
	}
	if !slices.Equal(days, []int{1, 3, 5, 7, 10, 14}) {
		t.Fatalf("tried again on days %v", days)
	}
}

func TestAHardDeclineGoesOnWithTheNextCardAndNeverTriesTheFirstAgain(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	f.behaves(pay.HardDecline)
	_, second := p.buyer.saves("card 2", map[string]any{"gateway": "sandbox", "make_default": false})
	f.pass(60 * aDay)
	buyer := f.signIn(p.email)
	methods := buyer.get("/v1/payment-methods")
	methods.Path("$.items[*].refused").IsEqual([]bool{true, false})
	methods.Path("$.items[1].id").IsEqual(second)
	reference := ""
	for _, c := range f.charged("") {
		if c.Decline.Class == "hard" {
			reference = c.Method
		}
	}
	if n := len(f.charged(reference)); n != 1 {
		t.Fatalf("the lost card was charged %d times", n)
	}
	buyer.get("/v1/invoices?limit=1").Path("$.items[0].state").IsEqual("paid")
	buyer.post("/v1/payment-methods/"+p.method+"/default", nil, http.StatusNoContent)
	buyer.get("/v1/payment-methods").Path("$.items[0].refused").IsEqual(false)
}

func TestAPaymentThatMustBeConfirmedIsPaidByTheLinkInTheMail(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	f.behaves(pay.Authenticate)
	f.pass(29 * aDay)
	invoice := f.signIn(p.email).owed()
	token := f.token()
	body := map[string]any{"token": token}
	shown := f.visitor().post("/v1/payment-links/show", body, http.StatusOK)
	shown.Path("$.state").IsEqual("open")
	shown.Path("$.lines").Array().NotEmpty()
	if strings.Contains(token, invoice) {
		t.Fatal("the link shows the invoice's id")
	}
	for _, bad := range []string{"x", token + "A", strings.ToUpper(token)} {
		f.visitor().refused(http.MethodPost, "/v1/payment-links/show", map[string]any{"token": bad}, http.StatusUnauthorized, "link_invalid")
		f.visitor().refused(http.MethodPost, "/v1/payment-links/pay", map[string]any{"token": bad, "gateway": "sandbox"}, http.StatusUnauthorized, "link_invalid")
	}
	body["gateway"], body["return_url"], body["save_method"] = "sandbox", "https://storefront.example/paid", true
	begun := f.visitor().post("/v1/payment-links/pay", body, http.StatusOK)
	begun.Path("$.invoice_id").IsEqual(invoice)
	f.visitor().post("/v1/payment-links/pay", body, http.StatusOK).Path("$.id").IsEqual(begun.Path("$.id").Raw())
	f.press(text(begun, "next_action.url"), "challenge")
	f.press(text(begun, "next_action.url"), "confirm")
	f.drain()
	f.visitor().post("/v1/payment-links/show", map[string]any{"token": token}, http.StatusOK).Path("$.state").IsEqual("paid")
	f.visitor().refused(http.MethodPost, "/v1/payment-links/pay", body, http.StatusConflict, "invoice_paid")
	f.pass(31 * aDay)
	f.visitor().refused(http.MethodPost, "/v1/payment-links/show", map[string]any{"token": token}, http.StatusUnauthorized, "link_invalid")
}

func TestANewCardPaysWhatIsOpenAtOnceAndOnce(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	f.behaves(pay.HardDecline)
	f.pass(29 * aDay)
	buyer := f.signIn(p.email)
	buyer.get("/v1/invoices?limit=1").Path("$.items[0].state").IsEqual("open")
	before := len(f.charged(""))
	buyer.saves("new card", map[string]any{"gateway": "sandbox"})
	buyer.get("/v1/invoices?limit=1").Path("$.items[0].state").IsEqual("paid")
	f.pass(time.Hour)
	if n := len(f.charged("")) - before; n != 1 {
		t.Fatalf("the new card was charged %d times", n)
	}
}

func TestANewCardLeavesAloneWhatIsPaidByHandAndWhoIsNotChargedByItself(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	f.behaves(pay.HardDecline)
	f.pass(29 * aDay)
	buyer := f.signIn(p.email)
	before := len(f.charged(""))
	begun := buyer.post("/v1/invoices/"+buyer.owed()+"/pay", map[string]any{"gateway": "sandbox"}, http.StatusOK)
	buyer.saves("new card", map[string]any{"gateway": "sandbox"})
	if n := len(f.charged("")); n != before {
		t.Fatal("a card was charged beside a payment that is under way")
	}
	f.press(text(begun, "next_action.url"), "decline")
	f.drain()
	customer := text(buyer.get("/v1/account"), "id")
	flags := f.staff().get("/v1/admin/customers/" + customer).Path("$.flags").Object().Raw()
	flags["no_automatic_payment"] = true
	f.staff().put("/v1/admin/customers/"+customer+"/flags", flags, http.StatusOK)
	buyer.saves("another card", map[string]any{"gateway": "sandbox"})
	if n := len(f.charged("")); n != before {
		t.Fatal("a customer was charged whom staff exempted")
	}
}

func TestAPaymentThatItsCustomerLeavesGivesTheChargesTheirPlaceBack(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	f.behaves(pay.Decliner)
	f.pass(29 * aDay)
	buyer := f.signIn(p.email)
	invoice := buyer.owed()
	buyer.post("/v1/invoices/"+invoice+"/pay", map[string]any{"gateway": "sandbox"}, http.StatusOK)
	f.behaves(pay.Succeed)
	f.pass(4 * aDay)
	f.signIn(p.email).get("/v1/invoices/" + invoice).Path("$.state").IsEqual("paid")
}

func TestACustomerIsToldThatTheirCardEndsOncePerNotice(t *testing.T) {
	t.Parallel()
	ends := time.March
	f := openWith(t, func(options ...apptest.Option) *apptest.World {
		return apptest.NewSmall(t, apptest.Outside{Pay: func(o *pay.Options) {
			o.CardEnds = func() (month, year int) { return int(ends), 2026 }
		}}, options...)
	})
	p := f.bought("anna@example.com", "anna-visser.nl")
	notices := func() (n int) {
		mails, _, err := f.App.Mailer.Mails(t.Context(), "", "", 200)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mails {
			if m.Event == "method.expiring" && m.State == "sent" {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		day  time.Time
		told int
	}{
		{time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), 0},
		{time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC), 1},
		{time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC), 1},
		{time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC), 2},
		{time.Date(2026, 3, 26, 12, 0, 0, 0, time.UTC), 3},
	} {
		f.pass(step.day.Sub(f.App.Now()))
		if got := notices(); got != step.told {
			t.Fatalf("on %s %d notices were sent, want %d", step.day, got, step.told)
		}
	}
	ends = time.December
	f.signIn(p.email).saves("new card", map[string]any{"gateway": "sandbox"})
	f.pass(10 * aDay)
	if got := notices(); got != 3 {
		t.Fatalf("a card that was replaced had a notice: %d", got)
	}
	f.signIn(p.email).get("/v1/payment-methods").Path("$.items[*].expired").IsEqual([]bool{false, true})
}
