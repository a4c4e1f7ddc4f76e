package app

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"hostfront/billing/stripe"
	"hostfront/billing/transfer"
	"hostfront/clock"
	courier "hostfront/mail"
	"hostfront/upstream/ljpc"
)

func (c Config) checkUpstream() error {
	if err := absoluteURL("LJPC_BASE_URL", c.LJPC.BaseURL); err != nil {
		return err
	}
	if _, err := ljpc.New(ljpc.Config{BaseURL: c.LJPC.BaseURL, APIKey: c.LJPC.APIKey}); err != nil {
		return fmt.Errorf("LJPC_API_KEY: %w", err)
	}
	currency, err := c.Shop.currency()
	if err != nil {
		return err
	}
	if _, err := ownSpaces(c.LJPC.Spaces, currency); err != nil {
		return err
	}
	if n := c.LJPC.Concurrency; n < 1 || n > mostCallsAtOnce {
		return fmt.Errorf("LJPC_CONCURRENCY is %d: give a number from 1 to %d", n, mostCallsAtOnce)
	}
	_, err = c.hostingRecords()
	return err
}

func (c Config) checkStripe() error {
	s := c.Stripe
	switch {
	case s.SecretKey == "" && (s.PublishableKey != "" || len(s.WebhookSecrets) > 0):
		return errors.New("STRIPE_SECRET_KEY is missing: without it STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET are of no use")
	case s.SecretKey == "":
		return nil
	case s.PublishableKey == "" || len(s.WebhookSecrets) == 0:
		return errors.New("STRIPE_SECRET_KEY is set: STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET are needed with it")
	case modeOf(s.SecretKey) == "live" && modeOf(s.PublishableKey) == "test", modeOf(s.SecretKey) == "test" && modeOf(s.PublishableKey) == "live":
		return fmt.Errorf("STRIPE_SECRET_KEY is a %s key and STRIPE_PUBLISHABLE_KEY a %s key: give both of one mode", modeOf(s.SecretKey), modeOf(s.PublishableKey))
	}
	_, err := stripe.New(stripe.Config{
		SecretKey: s.SecretKey, PublishableKey: s.PublishableKey, WebhookSecrets: s.WebhookSecrets,
		Live: c.Stripe.live(), APIBase: s.APIBase, Clock: clock.System{},
	})
	return err
}

// modeOf is "live" or "test", or "" for what is no key of Stripe's.
func modeOf(key string) string {
	if parts := strings.SplitN(key, "_", 3); len(parts) == 3 && (parts[1] == "live" || parts[1] == "test") {
		return parts[1]
	}
	return ""
}

// live says whether the key takes real money.
func (c StripeConfig) live() bool { return modeOf(c.SecretKey) == "live" }

func (c Config) checkTransfer() error {
	t := c.Transfer
	switch {
	case t.IBAN == "" && (t.BIC != "" || t.Beneficiary != ""):
		return errors.New("TRANSFER_IBAN is missing: without it TRANSFER_BIC and TRANSFER_BENEFICIARY are of no use")
	case t.IBAN == "":
		return nil
	case t.Beneficiary == "":
		return errors.New("TRANSFER_IBAN is set: TRANSFER_BENEFICIARY is needed with it")
	}
	if _, err := transfer.New(transfer.Config{IBAN: t.IBAN, BIC: t.BIC, Beneficiary: t.Beneficiary, Live: true}); err != nil {
		return fmt.Errorf("TRANSFER_IBAN: %w", err)
	}
	return nil
}

func (c Config) checkMail() error {
	if from, err := mail.ParseAddress(c.Mail.From); err != nil || from.Address != c.Mail.From {
		return fmt.Errorf("MAIL_FROM is %q: give a plain mail address, such as shop@example.com", c.Mail.From)
	}
	switch {
	case c.Mail.SMTPURL != "" && c.Mail.Folder != "":
		return errors.New("SMTP_URL and MAIL_FOLDER are both set: mails leave by one of them, so unset the other")
	case c.Mail.SMTPURL == "":
		return nil
	}
	if _, err := courier.NewSMTP(c.Mail.SMTPURL); err != nil {
		return fmt.Errorf("SMTP_URL: %w", err)
	}
	return nil
}
