package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/app/apptest"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/stripe"
)

// examined is what the doctor prints about a configuration.
func examined(t *testing.T, c app.Config) (lines []string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = app.Doctor(t.Context(), c, app.DoctorOptions{Out: &out})
	for _, secret := range []string{c.SecretKey, c.LJPC.APIKey, c.Stripe.SecretKey, "a-password"} {
		if secret != "" && strings.Contains(out.String(), secret) {
			t.Errorf("the doctor prints a secret:\n%s", &out)
		}
	}
	lines = strings.Split(strings.TrimSpace(out.String()), "\n")
	for _, line := range lines {
		if !strings.HasPrefix(line, "ok    ") && !strings.HasPrefix(line, "warn  ") && !strings.HasPrefix(line, "FAIL  ") {
			t.Errorf("a line says neither ok nor warn nor FAIL: %q", line)
		}
	}
	return lines, err
}

// says fails unless a line has all the words.
func says(t *testing.T, lines []string, words ...string) {
	t.Helper()
	for _, line := range lines {
		found := true
		for _, word := range words {
			found = found && strings.Contains(line, word)
		}
		if found {
			return
		}
	}
	t.Errorf("no line says %q:\n%s", words, strings.Join(lines, "\n"))
}

// selling is a world with nothing left to complain of, seen from its own address.
func selling(t *testing.T) (*apptest.World, app.Config) {
	t.Helper()
	w := apptest.NewSmall(t, apptest.Outside{})
	c := w.App.Config
	c.BaseURL, c.StorefrontURL, c.Origins = w.URL, "https://shop.example", []string{"https://shop.example"}
	c.Shop.Email = "shop@example.com"
	return w, c
}

func TestDoctorFindsNothingToFailInAShopThatSells(t *testing.T) {
	t.Parallel()
	w, c := selling(t)
	before := len(w.LJPC.Effects())
	lines, err := examined(t, c)
	if err != nil {
		t.Fatalf("%v:\n%s", err, strings.Join(lines, "\n"))
	}
	for _, words := range [][]string{
		{"ok", "settings"}, {"ok", "database", "schema is this version's"}, {"ok", "tlds.list", "List TLDs"},
		{"ok", "products.list", "not known, and not read: category"}, {"ok", "clock"}, {"warn", "smtp", "without encryption"},
		{"ok", "base URL", "answers"}, {"ok", "prices", "no rule asks"}, {"ok", "tasks"}, {"ok", "alarms"},
	} {
		says(t, lines, words...)
	}
	if len(w.LJPC.Effects()) != before || len(w.Post.Letters()) != 0 {
		t.Error("the doctor changed something outside")
	}
}

func TestDoctorNamesALostPermissionAndAnUnansweredCall(t *testing.T) {
	t.Parallel()
	w, c := selling(t)
	w.LJPC.Withhold(apptest.UpstreamKey, ljpc.PermissionSites)
	w.LJPC.Faults(ljpc.Fault{Op: "tlds.list", Kind: ljpc.FaultServerError, Times: -1})
	lines, err := examined(t, c)
	if err == nil {
		t.Error("no failure")
	}
	says(t, lines, "FAIL", "sites.list", ljpc.PermissionSites, "ask LJPc")
	says(t, lines, "FAIL", "tlds.list", "no answer")
	says(t, lines, "ok", "contacts.list")
	w.LJPC.ClearFaults()
	w.LJPC.Faults(ljpc.Fault{Kind: ljpc.FaultLoseKey, Times: -1})
	lines, _ = examined(t, c)
	says(t, lines, "FAIL", "tlds.list", "does not accept the key", "LJPC_API_KEY")
}

// other is an upstream that follows the document where it pleases.
func other(t *testing.T, date time.Time) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
		switch {
		case strings.HasSuffix(r.URL.Path, "/tlds"):
			fmt.Fprint(w, `{"success":true,"jti":"x","data":[{"extension":"nl","amount":"4.99","transfer_supported":true}]}`)
		case strings.HasSuffix(r.URL.Path, "/domain-names"):
			fmt.Fprint(w, `{"success":true,"jti":"x","data":[{"domain":"a.nl","ends_on":"2027-01-01"}]}`)
		case strings.HasSuffix(r.URL.Path, "/check"):
			fmt.Fprint(w, `{"success":true,"jti":"x","data":{"hostfront-doctor.nl":"free","hostfront-doctor.com":"available"}}`)
		case strings.HasSuffix(r.URL.Path, "/price"):
			fmt.Fprint(w, `{"success":true,"jti":"x","data":{"hostfront-doctor.nl":{"price":{"cents":424,"currency":"EUR"},"premium":false}}}`)
		default:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"success":false,"jti":"x","message":"no"}`)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestDoctorNamesFieldsThatItDidNotFindAndDidNotKnow(t *testing.T) {
	t.Parallel()
	c := shop(t)
	c.LJPC.APIKey, c.LJPC.BaseURL = "a-key", other(t, clock.System{}.Now())
	lines, err := examined(t, c)
	if err == nil {
		t.Error("no failure")
	}
	says(t, lines, "FAIL", "tlds.list", "documented price is not in the answer", "not known, and not read: amount")
	says(t, lines, "domains.list", "not in the answer", "ends_on")
	says(t, lines, "FAIL", "domains.check", `says "free"`)
	says(t, lines, "FAIL", "domains.price", "no amount")
	says(t, lines, "warn", "domains.price", "price.amount", "price.cents")
	says(t, lines, "ok", "orders.get", "not looked at")
}

func TestDoctorSeesAClockThatIsOff(t *testing.T) {
	t.Parallel()
	for off, want := range map[time.Duration]string{0: "ok", 40 * time.Second: "warn", -time.Hour: "FAIL"} {
		c := shop(t)
		c.LJPC.APIKey, c.LJPC.BaseURL = "a-key", other(t, clock.System{}.Now().Add(off))
		lines, _ := examined(t, c)
		says(t, lines, want, "clock")
	}
}

// account is a stand-in of Stripe with one webhook endpoint.
func account(t *testing.T, endpoint string) app.StripeConfig {
	t.Helper()
	standin, err := stripe.New(stripe.Options{Clock: clock.System{}, Key: "sk_test_doctor"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(standin.Close)
	mux := http.NewServeMux()
	mux.Handle("/", standin)
	mux.HandleFunc("GET /v1/webhook_endpoints", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer sk_test_doctor" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprintf(w, `{"object":"list","url":"/v1/webhook_endpoints","has_more":false,"data":[%s]}`, endpoint)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return app.StripeConfig{
		SecretKey: "sk_test_doctor", PublishableKey: "pk_test_doctor", WebhookSecrets: []string{"whsec_doctor"}, APIBase: server.URL,
	}
}

func TestDoctorChecksStripesKeyAndWebhookEndpoint(t *testing.T) {
	t.Parallel()
	const whole = `{"object":"webhook_endpoint","url":"https://0.0.0.0:1/v1/webhooks/stripe","status":%q,"livemode":false,` +
		`"api_version":%q,"enabled_events":%s}`
	few := `["payment_intent.succeeded"]`
	for name, x := range map[string]struct {
		endpoint string
		words    []string
	}{
		"none":         {"", []string{"FAIL", "no endpoint for https://0.0.0.0:1/v1/webhooks/stripe", "2023-10-16", "refund.updated"}},
		"disabled":     {fmt.Sprintf(whole, "disabled", "2023-10-16", `["*"]`), []string{"FAIL", "disabled"}},
		"few events":   {fmt.Sprintf(whole, "enabled", "2023-10-16", few), []string{"FAIL", "does not send", "charge.refunded"}},
		"newer":        {fmt.Sprintf(whole, "enabled", "2025-08-27.basil", `["*"]`), []string{"warn", "2025-08-27.basil"}},
		"all in order": {fmt.Sprintf(whole, "enabled", "2023-10-16", `["*"]`), []string{"ok", "every event"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := shop(t)
			c.BaseURL, c.Stripe = "https://0.0.0.0:1", account(t, x.endpoint)
			c.Stripe.DelayedMethods = true
			lines, _ := examined(t, c)
			says(t, lines, "ok", "stripe", "the test key is accepted")
			says(t, lines, "warn", "no real money")
			says(t, lines, x.words...)
		})
	}
	c := shop(t)
	c.Stripe = account(t, "")
	c.Stripe.SecretKey = "sk_test_other"
	lines, err := examined(t, c)
	says(t, lines, "FAIL", "stripe", "STRIPE_SECRET_KEY")
	if err == nil {
		t.Error("no failure")
	}
}

func TestDoctorSaysWhatIsMissingForSelling(t *testing.T) {
	t.Parallel()
	c := shop(t)
	c.SecretKey = "zz"
	lines, err := examined(t, c)
	if err == nil {
		t.Error("no failure")
	}
	says(t, lines, "FAIL", "HOSTFRONT_SECRET_KEY")
	says(t, lines, "FAIL", "LJPC_API_KEY is missing")
	says(t, lines, "FAIL", "no way to pay")
	says(t, lines, "warn", "SHOP_SELLER, SHOP_STREET")
	says(t, lines, "warn", "SHOP_VAT_ID")
	says(t, lines, "warn", "SMTP_URL")
	says(t, lines, "warn", "there is no "+c.DatabaseURL+" yet")
	if _, err := os.Stat(c.DatabaseURL); !os.IsNotExist(err) {
		t.Error("the doctor made a database")
	}
}

func TestDoctorRefusesADatabaseThatIsNotOurs(t *testing.T) {
	t.Parallel()
	c := shop(t)
	c.DatabaseURL = filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(c.DatabaseURL, []byte("this is not a database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, _ := examined(t, c)
	says(t, lines, "FAIL", "database", "not an SQLite database")
}

func TestDoctorFindsNoMailServer(t *testing.T) {
	t.Parallel()
	c := shop(t)
	c.Mail.SMTPURL = "smtp://shop:a-password@127.0.0.1:1"
	lines, _ := examined(t, c)
	says(t, lines, "FAIL", "smtp", "127.0.0.1:1", "SMTP_URL")
}

func TestDoctorSeesAShopWithoutRulesAndItsAlarms(t *testing.T) {
	t.Parallel()
	w, c := selling(t)
	if _, err := w.App.Catalog.SaveRules(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	err := w.App.Store.Tx(t.Context(), func(q *db.Queries) error {
		return w.App.Events.Raise(t.Context(), q, event.Alarm{Code: "catalog.sync_failed", Subject: "ljpc", Message: "It failed."})
	})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := examined(t, c)
	if err == nil {
		t.Error("no failure")
	}
	says(t, lines, "FAIL", "prices", "no price rule")
	says(t, lines, "warn", "alarms", "catalog.sync_failed ljpc")
}
