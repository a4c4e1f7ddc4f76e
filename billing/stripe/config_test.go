package stripe_test

import (
	"strings"
	"testing"
	"time"

	"hostfront/billing/stripe"
	"hostfront/clock"
)

func TestKeysOfTheWrongModeAreRefusedWithoutRepeatingThem(t *testing.T) {
	t.Parallel()
	at := clock.NewManual(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC))
	good := config(at, "")
	good.APIBase = ""
	if _, err := stripe.New(good); err != nil {
		t.Fatalf("a good configuration: %v", err)
	}
	for name, change := range map[string]func(*stripe.Config){
		"no secret key":            func(c *stripe.Config) { c.SecretKey = "" },
		"publishable as secret":    func(c *stripe.Config) { c.SecretKey = "pk_test_hush" },
		"live key in test":         func(c *stripe.Config) { c.SecretKey = "sk_live_hush" },
		"restricted live in test":  func(c *stripe.Config) { c.SecretKey = "rk_live_hush" },
		"test key in live":         func(c *stripe.Config) { c.Live, c.PublishableKey = true, "pk_live_hush" },
		"test publishable in live": func(c *stripe.Config) { c.Live, c.SecretKey = true, "sk_live_hush" },
		"live publishable in test": func(c *stripe.Config) { c.PublishableKey = "pk_live_hush" },
		"no publishable key":       func(c *stripe.Config) { c.PublishableKey = "" },
		"a key for a secret":       func(c *stripe.Config) { c.WebhookSecrets = []string{"sk_test_hush"} },
		"no URL":                   func(c *stripe.Config) { c.APIBase = "stripe.hush" },
		"live keys over plain HTTP": func(c *stripe.Config) {
			c.Live, c.SecretKey, c.PublishableKey, c.APIBase = true, "sk_live_hush", "pk_live_hush", "http://hush"
		},
		"no clock": func(c *stripe.Config) { c.Clock = nil },
	} {
		c := good
		change(&c)
		_, err := stripe.New(c)
		if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	live := good
	live.Live, live.SecretKey, live.PublishableKey = true, "rk_live_x", "pk_live_x"
	if _, err := stripe.New(live); err != nil {
		t.Errorf("a live configuration: %v", err)
	}
}
