package demo

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// ids are those in the goldens.
var ids = regexp.MustCompile(`[a-z]{3}_\d+$`)

// The goldens of package mail are every mail there is: wherever one leads, the demo has a page.
func TestEveryLinkInAMailLeadsToAPage(t *testing.T) {
	t.Parallel()
	s := started(t)
	goldens, err := filepath.Glob("../../mail/testdata/*.txt")
	if err != nil || len(goldens) < 40 {
		t.Fatalf("%d mails: %v", len(goldens), err)
	}
	paths := map[string]bool{}
	for _, golden := range goldens {
		content, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range linked.FindAllString(string(content), -1) {
			at, err := url.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			paths[at.Path] = true
			if at.Path == "/pay" {
				continue // shows its invoice: see TestTheLinksOfMailsDoWhatTheySay
			}
			newBrowser(t).open(s.URL + at.RequestURI())
		}
	}
	doc, err := os.ReadFile("../../docs/storefront.md")
	if err != nil || len(paths) < 8 {
		t.Fatalf("only these are linked to: %v: %v", paths, err)
	}
	for path := range paths {
		if place := ids.ReplaceAllString(path, "{id}"); !strings.Contains(string(doc), "| `"+place) {
			t.Errorf("docs/storefront.md does not have %s", place)
		}
	}
	newBrowser(t).open(s.URL + "/domain-fees")
}

func TestTheLinksOfMailsDoWhatTheySay(t *testing.T) {
	t.Parallel()
	s := started(t)
	w := newWalk(s, nil)
	for _, step := range []func(context.Context) (string, error){
		w.products, w.register, w.quoting, w.ordering, w.paying, w.delivered, w.declined,
	} {
		if _, err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	guest := newBrowser(t)
	s.payByLink(t, w, guest)
	s.signInByLink(t, guest)
	s.resetByLink(t, newBrowser(t))
	guest.press(s.URL+"/sign-in", url.Values{"email": {tourEmail}, "password": {"another good password"}}) // a new password ends what was open
	opened := 0
	for _, link := range s.letters(t, "*") {
		if strings.HasPrefix(link, s.URL) && !strings.Contains(link, "token=") {
			opened++
			if page := guest.open(link); strings.Contains(page, `id="password"`) {
				t.Errorf("%s asks to sign in", link)
			}
		}
	}
	if opened < 5 {
		t.Errorf("only %d links were opened", opened)
	}
	s.useService(t, w, guest)
}

// payByLink pays what was declined, and shows that opening the link did not.
func (s *Shop) payByLink(t *testing.T, w *walk, guest *browser) {
	t.Helper()
	links := s.letters(t, "payment_failed")
	if len(links) == 0 {
		t.Fatal("no mail tells of the payment that failed")
	}
	pay, err := url.Parse(links[0])
	if err != nil {
		t.Fatal(err)
	}
	before := s.payments(t, w)
	for range 3 {
		if page := guest.open(pay.String()); !strings.Contains(page, "Pay by sandbox") {
			t.Fatal("the link offers no way to pay")
		}
	}
	if got := s.payments(t, w); got != before {
		t.Fatalf("opening the link made %d payments", got-before)
	}
	form := url.Values{"token": pay.Query()["token"], "gateway": {"transfer"}}
	if page := guest.send(s.URL+"/pay", form, http.StatusOK); !strings.Contains(page, "NL91ABNA0417164300") {
		t.Fatal("a transfer is not told where to go")
	}
	form.Set("gateway", "sandbox")
	to := guest.press(s.URL+"/pay", form)
	if err := s.PressPay(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	err = until(t.Context(), func() (bool, error) {
		bills, err := w.paidInvoices(t.Context())
		return len(bills) == 2, err
	})
	if err != nil {
		t.Fatal(err)
	}
	guest.send(s.URL+"/pay", url.Values{"token": {"made up"}, "gateway": {"sandbox"}}, http.StatusUnauthorized)
}

// payments counts the attempts to pay the customer's newest invoice.
func (s *Shop) payments(t *testing.T, w *walk) int {
	t.Helper()
	bills, err := w.invoices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var made list[struct{ ID string }]
	if err := w.staff.get(t.Context(), "/v1/admin/invoices/"+bills[0].ID+"/payments", &made); err != nil {
		t.Fatal(err)
	}
	return len(made.Items)
}

// tokenOf waits for a mail with a link and gives the token in it.
func (s *Shop) tokenOf(t *testing.T, template string) url.Values {
	t.Helper()
	var links []string
	err := until(t.Context(), func() (bool, error) {
		links = s.letters(t, template)
		return len(links) > 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(links[0])
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		newBrowser(t).open(at.String()) // a program that looks through mails
	}
	return at.Query()
}

func (s *Shop) signInByLink(t *testing.T, guest *browser) {
	t.Helper()
	guest.send(s.URL+"/sign-in", url.Values{"email": {tourEmail}, "ask": {"link"}}, http.StatusOK)
	token := s.tokenOf(t, "sign_in_link")
	if to := guest.press(s.URL+"/sign-in", token); to != "/" {
		t.Errorf("signing in leads to %s", to)
	}
	if page := guest.open(s.URL + "/"); !strings.Contains(page, "tour-example.nl") {
		t.Error("the customer does not see what they have")
	}
	newBrowser(t).send(s.URL+"/sign-in", token, http.StatusUnauthorized)
}

func (s *Shop) resetByLink(t *testing.T, guest *browser) {
	t.Helper()
	guest.send(s.URL+"/reset-password", url.Values{"email": {tourEmail}}, http.StatusOK)
	form := s.tokenOf(t, "password_reset")
	form.Set("password", "short")
	guest.send(s.URL+"/reset-password", form, http.StatusUnprocessableEntity)
	form.Set("password", "another good password")
	guest.press(s.URL+"/reset-password", form)
	s.signOut(t, guest)
	to := guest.press(s.URL+"/sign-in", url.Values{"email": {tourEmail}, "password": {"another good password"}, "to": {"/payment-methods"}})
	if to != "/payment-methods" {
		t.Errorf("it leads to %s", to)
	}
	for _, elsewhere := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "/\t/evil.example", "/\n/evil.example", "///evil.example", "evil.example", ""} {
		to := guest.press(s.URL+"/sign-in", url.Values{"email": {tourEmail}, "password": {"another good password"}, "to": {elsewhere}})
		if to != "/" {
			t.Errorf("%q leads to %s", elsewhere, to)
		}
	}
	if to := guest.press(s.URL+"/payment-methods", url.Values{"gateway": {"sandbox"}}); !strings.HasPrefix(to, s.providerURL) {
		t.Errorf("saving a card leads to %s", to)
	}
}

// signOut ends the session of the API too: what was sent before is worth nothing after.
func (s *Shop) signOut(t *testing.T, guest *browser) {
	t.Helper()
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	kept := newBrowser(t)
	kept.http.Jar.SetCookies(at, guest.http.Jar.Cookies(at))
	if page := kept.open(s.URL + "/payment-methods"); strings.Contains(page, `id="password"`) {
		t.Fatal("nobody is signed in")
	}
	guest.press(s.URL+"/sign-out", nil)
	for who, b := range map[string]*browser{"who signed out": guest, "who kept the cookies": kept} {
		if page := b.open(s.URL + "/payment-methods"); !strings.Contains(page, `id="password"`) {
			t.Errorf("%s is still signed in", who)
		}
	}
}

// useService signs in to the site, and ends the hosting and takes that back.
func (s *Shop) useService(t *testing.T, w *walk, guest *browser) {
	t.Helper()
	var anew tokens
	body := map[string]any{"email": tourEmail, "password": "another good password"}
	if err := w.guest.post(t.Context(), "/v1/auth/login", body, &anew); err != nil {
		t.Fatal(err)
	}
	w.buyer = w.guest.as(anew.AccessToken)
	id, err := w.hostingService(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page := s.URL + "/services/" + id
	if to := guest.press(page, url.Values{"action": {"login"}}); !strings.HasPrefix(to, s.upstreamURL) {
		t.Errorf("the control panel is at %s", to)
	}
	guest.press(page, url.Values{"action": {"cancel"}})
	if shown := guest.open(page); !strings.Contains(shown, "Go on after all") {
		t.Error("it does not show that it ends")
	}
	guest.press(page, url.Values{"action": {"uncancel"}})
	if shown := guest.open(page); strings.Contains(shown, "Go on after all") {
		t.Error("it does not show that it goes on")
	}
	guest.send(s.URL+"/services/svc_of_nobody", url.Values{"action": {"login"}}, http.StatusNotFound)
}
