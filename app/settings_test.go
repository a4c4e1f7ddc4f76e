package app_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"hostfront/app"
)

// settings are the environment variables of a configuration, by its tags.
func settings(of reflect.Type) []string {
	var names []string
	for i := range of.NumField() {
		field := of.Field(i)
		if field.Type.Kind() == reflect.Struct {
			names = append(names, settings(field.Type)...)
		} else if env := field.Tag.Get("env"); env != "" {
			names = append(names, env)
		}
	}
	return names
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	doc := text(t, "../docs/configuration.md")
	names := settings(reflect.TypeFor[app.Config]())
	if len(names) < 30 {
		t.Fatalf("only %d settings were found", len(names))
	}
	for _, name := range names {
		if !strings.Contains(doc, "`"+name+"`") {
			t.Errorf("docs/configuration.md does not explain %s", name)
		}
	}
}

func TestEveryDocumentedSettingExists(t *testing.T) {
	t.Parallel()
	known := settings(reflect.TypeFor[app.Config]())
	table := regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(text(t, "../docs/configuration.md"), -1)
	example := regexp.MustCompile(`(?m)^#?([A-Z_]+)=`).FindAllStringSubmatch(text(t, "../.env.example"), -1)
	if len(table) != len(known) || len(example) < 10 {
		t.Errorf("%d settings in the table of docs/configuration.md and %d in .env.example, of %d", len(table), len(example), len(known))
	}
	for _, match := range append(table, example...) {
		if !strings.Contains(" "+strings.Join(known, " ")+" ", " "+match[1]+" ") {
			t.Errorf("there is no setting %s", match[1])
		}
	}
}

func TestABadSettingStopsTheStartWithOneSentenceThatNamesIt(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct {
		says string
		make func(*app.Config)
	}{
		"no key":                {"HOSTFRONT_SECRET_KEY is missing", func(c *app.Config) { c.SecretKey = "" }},
		"a short key":           {"HOSTFRONT_SECRET_KEY", func(c *app.Config) { c.SecretKey = "abcd" }},
		"a short former key":    {"HOSTFRONT_OLD_SECRET_KEYS", func(c *app.Config) { c.OldSecretKeys = []string{"abcd"} }},
		"a URL without scheme":  {"HOSTFRONT_BASE_URL", func(c *app.Config) { c.BaseURL = "localhost:8080" }},
		"a storefront's path":   {"HOSTFRONT_STOREFRONT_URL", func(c *app.Config) { c.StorefrontURL = "/shop" }},
		"a port alone":          {"HOSTFRONT_LISTEN", func(c *app.Config) { c.Listen = "8080" }},
		"an origin with a path": {"HOSTFRONT_ORIGINS", func(c *app.Config) { c.Origins = []string{"https://shop.example/"} }},
		"a level":               {"HOSTFRONT_LOG_LEVEL", func(c *app.Config) { c.LogLevel = "loud" }},
		"no folder":             {"DATABASE_URL", func(c *app.Config) { c.DatabaseURL = t.TempDir() + "/none/shop.db" }},
		"another engine":        {"DATABASE_URL", func(c *app.Config) { c.DatabaseURL = "mysql://db/shop" }},
		"no database":           {"DATABASE_URL", func(c *app.Config) { c.DatabaseURL = "" }},
		"a country in words":    {"SHOP_COUNTRY", func(c *app.Config) { c.Shop.Country = "nl" }},
		"a country of nobody":   {"SHOP_COUNTRY", func(c *app.Config) { c.Shop.Country = "XX" }},
		"a number of no VAT":    {"SHOP_VAT_ID", func(c *app.Config) { c.Shop.VATID = "foo" }},
		"money of nobody":       {"SHOP_CURRENCY", func(c *app.Config) { c.Shop.Currency = "XYZ" }},
		"a currency":            {"SHOP_CURRENCY", func(c *app.Config) { c.Shop.Currency = "EURO" }},
		"a scheme without day":  {"SHOP_VAT_SCHEME", func(c *app.Config) { c.Shop.VATScheme = "oss" }},
		"an unknown scheme":     {"SHOP_VAT_SCHEME", func(c *app.Config) { c.Shop.VATScheme = "none@2020-01-01" }},
		"a scheme of later":     {"SHOP_VAT_SCHEME", func(c *app.Config) { c.Shop.VATScheme = "oss@2999-01-01" }},
		"a basis":               {"SHOP_PRICE_BASIS", func(c *app.Config) { c.Shop.PriceBasis = "brutto" }},
		"a price policy":        {"SHOP_RENEWAL_PRICE", func(c *app.Config) { c.Shop.RenewalPrice = "float" }},
		"no notice":             {"SHOP_PRICE_NOTICE_DAYS", func(c *app.Config) { c.Shop.PriceNotice = 0 }},
		"payouts of the past":   {"SHOP_PAYOUT_DAYS", func(c *app.Config) { c.Shop.PayoutDays = -1 }},
		"a journal of a week":   {"KEEP_JOURNAL_DAYS", func(c *app.Config) { c.Keep.Journal = 7 }},
		"webhooks of a day":     {"KEEP_WEBHOOK_DAYS", func(c *app.Config) { c.Keep.Webhooks = 1 }},
		"runs of before":        {"KEEP_RUN_DAYS", func(c *app.Config) { c.Keep.Runs = -1 }},
		"a rest":                {"SHOP_CANCEL_REST", func(c *app.Config) { c.Shop.CancelRest = "burn" }},
		"a pauser":              {"SHOP_PAUSE_BY", func(c *app.Config) { c.Shop.PauseBy = "nobody" }},
		"a policy":              {"SHOP_FAILED_LINE", func(c *app.Config) { c.Shop.FailedLine = "maybe" }},
		"a zone of no place":    {"SHOP_TIME_ZONE", func(c *app.Config) { c.Shop.TimeZone = "Europe/Nowhere" }},
		"days that fall":        {"COLLECT_SOFT_DAYS", func(c *app.Config) { c.Collect.SoftDays = []int{3, 1} }},
		"a day before the end":  {"COLLECT_CONFIRM_DAYS", func(c *app.Config) { c.Collect.ConfirmDays = []int{0} }},
		"an hour too late":      {"COLLECT_HOUR", func(c *app.Config) { c.Collect.Hour = 24 }},
		"a pause of nothing":    {"COLLECT_TRANSPORT", func(c *app.Config) { c.Collect.Transport = []time.Duration{0} }},
		"a notice too early":    {"COLLECT_EXPIRY_NOTICES", func(c *app.Config) { c.Collect.ExpiryNotices = []int{365} }},
		"debits too early":      {"COLLECT_SEPA_EARLY_DAYS", func(c *app.Config) { c.Collect.SEPAEarlyDays = 60 }},
		"an upstream's URL":     {"LJPC_BASE_URL", func(c *app.Config) { c.LJPC.BaseURL = "ftp://ljpc" }},
		"an upstream's key":     {"LJPC_API_KEY", func(c *app.Config) { c.LJPC.APIKey = "two words" }},
		"a space":               {"LJPC_SPACES", func(c *app.Config) { c.LJPC.Spaces = []string{"812"} }},
		"no calls":              {"LJPC_CONCURRENCY is 0: give a number from 1 to 256", func(c *app.Config) { c.LJPC.Concurrency = 0 }},
		"too many calls":        {"LJPC_CONCURRENCY", func(c *app.Config) { c.LJPC.Concurrency = 257 }},
		"a deadline of nobody":  {"LJPC_RENEWAL_DEADLINES", func(c *app.Config) { c.LJPC.Deadlines = []string{":14"} }},
		"a deadline twice":      {"LJPC_RENEWAL_DEADLINES", func(c *app.Config) { c.LJPC.Deadlines = []string{"eu:30", "eu:20"} }},
		"a deadline of no days": {"LJPC_RENEWAL_DEADLINES", func(c *app.Config) { c.LJPC.Deadlines = []string{"eu:0"} }},
		"a record":              {"LJPC_HOSTING_RECORDS", func(c *app.Config) { c.LJPC.Records = []string{"A"} }},
		"half of Stripe":        {"STRIPE_PUBLISHABLE_KEY", func(c *app.Config) { c.Stripe.SecretKey = "sk_test_a" }},
		"the other half":        {"STRIPE_SECRET_KEY", func(c *app.Config) { c.Stripe.PublishableKey = "pk_test_a" }},
		"keys of two modes": {"STRIPE_SECRET_KEY is a live key", func(c *app.Config) {
			c.Stripe = app.StripeConfig{SecretKey: "sk_live_a", PublishableKey: "pk_test_a", WebhookSecrets: []string{"whsec_a"}}
		}},
		"a webhook secret": {"STRIPE_WEBHOOK_SECRET", func(c *app.Config) {
			c.Stripe = app.StripeConfig{SecretKey: "sk_test_a", PublishableKey: "pk_test_a", WebhookSecrets: []string{"a"}}
		}},
		"Stripe's address": {"STRIPE_API_BASE", func(c *app.Config) {
			c.Stripe = app.StripeConfig{SecretKey: "sk_test_a", PublishableKey: "pk_test_a", WebhookSecrets: []string{"whsec_a"}, APIBase: "stripe"}
		}},
		"a typing error in an IBAN": {"TRANSFER_IBAN", func(c *app.Config) {
			c.Transfer = app.TransferConfig{IBAN: "NL91ABNA0417164301", Beneficiary: "Shop"}
		}},
		"an account without holder": {"TRANSFER_BENEFICIARY", func(c *app.Config) { c.Transfer = app.TransferConfig{IBAN: "NL91ABNA0417164300"} }},
		"a holder without account":  {"TRANSFER_IBAN", func(c *app.Config) { c.Transfer = app.TransferConfig{Beneficiary: "Shop"} }},
		"a mail server":             {"SMTP_URL", func(c *app.Config) { c.Mail.SMTPURL = "mail.example" }},
		"two ways for mail":         {"MAIL_FOLDER", func(c *app.Config) { c.Mail.SMTPURL, c.Mail.Folder = "smtp://mail.example", t.TempDir() }},
		"a sender":                  {"MAIL_FROM", func(c *app.Config) { c.Mail.From = "The shop" }},
	} {
		t.Run(name, func(t *testing.T) {
			c := shop(t)
			bad.make(&c)
			a, err := app.Open(t.Context(), c, app.Options{})
			if err == nil {
				closed(t, a)
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), bad.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q does not name %s in one line", err, bad.says)
			}
		})
	}
}
