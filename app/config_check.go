package app

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/catalog"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/tax"
)

// check refuses a setting that cannot work, in one sentence that names it. What
// can only be found out by asking somebody else is the doctor's.
func (c Config) check() error {
	if problems := c.problems(); len(problems) > 0 {
		return problems[0]
	}
	return nil
}

// problems are all settings that cannot work, each in one sentence.
func (c Config) problems() []error {
	var problems []error
	for _, check := range []func() error{
		c.checkKeys, c.checkPlaces, c.checkOrigins, c.checkProxies, c.checkDatabase, c.checkWords, c.checkSeller,
		c.checkCollect, c.checkUpstream, c.checkStripe, c.checkTransfer, c.checkMail, c.checkBackup,
	} {
		if err := check(); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

func (c Config) checkKeys() error {
	if c.SecretKey == "" {
		return errors.New("HOSTFRONT_SECRET_KEY is missing: give 32 random bytes, such as `openssl rand -hex 32` prints")
	}
	_, err := c.keys()
	return err
}

func (c Config) checkPlaces() error {
	// An address is left out by tests, which listen on one of their own.
	if _, _, err := net.SplitHostPort(c.Listen); c.Listen != "" && err != nil {
		return fmt.Errorf("HOSTFRONT_LISTEN is %q: give an address with its port, such as :8080 or 127.0.0.1:8080", c.Listen)
	}
	if err := absoluteURL("HOSTFRONT_BASE_URL", c.BaseURL); err != nil {
		return err
	}
	if c.StorefrontURL == "" {
		return nil
	}
	return absoluteURL("HOSTFRONT_STOREFRONT_URL", c.StorefrontURL)
}

func absoluteURL(name, value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%s is %q: give an absolute http or https URL", name, value)
	}
	return nil
}

// checkOrigins holds origins to what a browser sends: a scheme and a host.
func (c Config) checkOrigins() error {
	for _, origin := range c.Origins {
		u, err := url.Parse(origin)
		bare := err == nil && (u.Scheme == "http" || u.Scheme == "https") && origin == u.Scheme+"://"+u.Host && u.Host != ""
		if origin != "*" && !bare {
			return fmt.Errorf("HOSTFRONT_ORIGINS has %q: give scheme and host alone, such as https://shop.example, or *", origin)
		}
	}
	return nil
}

// checkDatabase looks at what can be said of the URL alone: what is in a file, or
// whether a server answers, is seen when it is opened.
func (c Config) checkDatabase() error {
	if c.DatabaseURL == "" {
		return errors.New("DATABASE_URL is empty: give a file such as hostfront.db, or postgres://…")
	}
	if scheme, _, found := strings.Cut(c.DatabaseURL, "://"); found && scheme != "sqlite" && scheme != "file" {
		if scheme == db.Postgres || scheme == "postgresql" {
			return nil
		}
		return fmt.Errorf("DATABASE_URL has the scheme %q: give postgres://…, or the path of an SQLite file", scheme)
	}
	folder := filepath.Dir(sqlitePath(c.DatabaseURL))
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("DATABASE_URL is a file in the folder %s, which does not exist: make it first", folder)
	}
	return nil
}

// checkBeside is check for a command that works on a database that is there.
func (c Config) checkBeside() error {
	if err := c.check(); err != nil {
		return err
	}
	return c.atHand()
}

// atHand refuses a database file that is not there or is empty: opening it would make a database
// without tables, which is for serve and migrate to fill.
func (c Config) atHand() error {
	if err := c.checkDatabase(); err != nil || strings.HasPrefix(c.DatabaseURL, db.Postgres) {
		return err
	}
	path := sqlitePath(c.DatabaseURL)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("DATABASE_URL is the file %s, which is not there: `hostfront migrate` makes it", path)
	}
	if err == nil && info.Size() == 0 {
		return fmt.Errorf("DATABASE_URL is the file %s, which is empty: `hostfront migrate` fills it", path)
	}
	return nil
}

// checkWords holds settings to the words that they can be.
func (c Config) checkWords() error {
	var level slog.Level
	for _, s := range []struct {
		name, value string
		words       []string
	}{
		{"SHOP_PRICE_BASIS", c.Shop.PriceBasis, []string{string(catalog.Gross), string(catalog.Net)}},
		{"SHOP_RENEWAL_PRICE", c.Shop.RenewalPrice, []string{string(billing.KeepPrice), string(billing.FollowPrice)}},
		{"SHOP_CANCEL_REST", c.Shop.CancelRest, []string{string(billing.KeepRest), string(billing.CreditRest)}},
		{"SHOP_PAUSE_BY", c.Shop.PauseBy, []string{string(billing.ByCustomer), string(billing.ByStaff)}},
		{"SHOP_FAILED_LINE", c.Shop.FailedLine, []string{string(billing.RefundAuto), string(billing.RefundManual)}},
		{"SHOP_LOST_DISPUTE", c.Shop.LostDispute, []string{string(billing.LostReopen), string(billing.LostCreditNote)}},
	} {
		if s.value == "" && s.name == "SHOP_LOST_DISPUTE" {
			continue // the default
		}
		if !slices.Contains(s.words, s.value) {
			return fmt.Errorf("%s is %q: give %s", s.name, s.value, strings.Join(s.words, " or "))
		}
	}
	if d := c.Shop.PriceNotice; d < 1 || d > 365 {
		return fmt.Errorf("SHOP_PRICE_NOTICE_DAYS is %d: give 1 to 365 days", d)
	}
	if d := c.Shop.PayoutDays; d < 0 || d > 365 {
		return fmt.Errorf("SHOP_PAYOUT_DAYS is %d: give 0 to 365 days", d)
	}
	if err := c.Keep.check(); err != nil {
		return err
	}
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return fmt.Errorf("HOSTFRONT_LOG_LEVEL is %q: give debug, info, warn or error", c.LogLevel)
	}
	return nil
}

func (c Config) checkSeller() error {
	if _, err := c.Shop.currency(); err != nil {
		return err
	}
	country := c.Shop.Country
	if !account.KnownCountry(country) {
		return fmt.Errorf("SHOP_COUNTRY is %q: give the two capital letters of ISO 3166-1, such as NL", country)
	}
	if !account.FitsCountry(c.Shop.VATID, country) {
		return fmt.Errorf("SHOP_VAT_ID is %q, which is not the form of a VAT number of %s", c.Shop.VATID, country)
	}
	schemes, err := c.Shop.schemes()
	if err != nil {
		return err
	}
	calculator, err := tax.New(tax.Seller{Country: country, VATID: c.Shop.VATID, Schemes: schemes})
	if err != nil {
		return fmt.Errorf("SHOP_VAT_SCHEME: %w", err)
	}
	if _, err := calculator.Treat(clock.System{}.Now(), tax.Buyer{Country: country}); err != nil {
		return fmt.Errorf("SHOP_VAT_SCHEME: %w", err)
	}
	return nil
}

// leastKept are the days below which something is still of use: a provider sends a webhook again
// for weeks, and a task may wait for the other side as long.
const leastKept = 30

func (k KeepConfig) check() error {
	for name, n := range map[string]int{"KEEP_JOURNAL_DAYS": k.Journal, "KEEP_WEBHOOK_DAYS": k.Webhooks, "KEEP_RUN_DAYS": k.Runs} {
		if n != 0 && n < leastKept {
			return fmt.Errorf("%s is %d: give at least %d days, or 0 for ever", name, n, leastKept)
		}
	}
	return nil
}
