package app

import (
	"context"
	"os"

	"hostfront/seal"
	"hostfront/tax"
)

// settings reports every setting that cannot work; serve stops at the first.
func (e *examination) settings(context.Context) {
	problems := e.config.problems()
	for _, problem := range problems {
		e.fail("settings", "%v", problem)
	}
	for _, line := range Misnamed(os.Environ()) {
		e.warn("settings", "%s", line)
	}
	if len(problems) == 0 {
		e.ok("settings", "each of them can work")
	}
	e.secretKey()
}

func (e *examination) secretKey() {
	key, err := seal.ParseKey(e.config.SecretKey)
	if err != nil {
		return // said above
	}
	e.ok("secret", "HOSTFRONT_SECRET_KEY has 32 bytes (id %s), %s: keep it apart from the backups, since what it sealed cannot be read without it",
		key.ID(), plural(len(e.config.OldSecretKeys), "former key"))
}

// selling reports what is still missing before a customer can buy.
func (e *examination) selling(context.Context) {
	made := e.made
	c := e.config
	if c.LJPC.APIKey == "" {
		e.fail("selling", "LJPC_API_KEY is missing: nothing can be mirrored, ordered or delivered; ask LJPc for a key with the permissions of docs/ljpc.md")
	}
	if c.Stripe.SecretKey == "" && c.Transfer.IBAN == "" {
		e.fail("selling", "there is no way to pay: set STRIPE_SECRET_KEY with its companions, or TRANSFER_IBAN")
	}
	if c.Stripe.SecretKey != "" && !c.Stripe.live() {
		e.warn("selling", "STRIPE_SECRET_KEY is a test key: no real money is taken; set the live keys when you go live")
	}
	e.sellingAddress()
	e.sellingSeller()
	if c.Mail.SMTPURL == "" && c.Mail.Folder == "" {
		e.warn("selling", "SMTP_URL is missing: mails are only logged, so that customers get no invoice and no password link")
	}
	if c.Mail.SMTPURL != "" && c.Mail.From == "shop@localhost" {
		e.warn("selling", "MAIL_FROM is shop@localhost: give an address at your own domain, or mails are refused")
	}
	if e.made == made {
		e.ok("selling", "nothing is missing")
	}
}

func (e *examination) sellingAddress() {
	c := e.config
	if local(c.BaseURL) {
		e.warn("selling", "HOSTFRONT_BASE_URL is %s, which is this machine alone: set the address that customers and webhooks reach", c.BaseURL)
	}
	if c.StorefrontURL == "" {
		e.warn("selling", "HOSTFRONT_STOREFRONT_URL is missing: links in mails lead to HOSTFRONT_BASE_URL, which has no pages")
	}
	if len(c.Origins) == 0 {
		e.warn("selling", "HOSTFRONT_ORIGINS is missing: a browser may not call from a storefront of another origin")
	}
}

// sellingSeller reports what an invoice must carry by law and does not.
func (e *examination) sellingSeller() {
	s := e.config.Shop
	var missing []string
	for _, field := range []struct{ name, value string }{
		{"SHOP_SELLER", s.Seller}, {"SHOP_STREET", s.Street}, {"SHOP_POSTCODE", s.Postcode}, {"SHOP_CITY", s.City}, {"SHOP_EMAIL", s.Email},
	} {
		if field.value == "" {
			missing = append(missing, field.name)
		}
	}
	if len(missing) > 0 {
		e.warn("selling", "%s missing: an invoice must say who sells, and where", are(missing))
	}
	if s.VATID == "" && e.chargesVAT() {
		e.warn("selling", "SHOP_VAT_ID is missing: an invoice with VAT must carry the seller's number")
	}
}

// chargesVAT says whether the scheme in force today is one that charges VAT.
func (e *examination) chargesVAT() bool {
	schemes, err := e.config.Shop.schemes()
	if err != nil {
		return false
	}
	kind, today := "", e.clock.Now()
	for _, s := range schemes {
		if !today.Before(s.From) {
			kind = s.Kind
		}
	}
	return kind == tax.SchemeOSS || kind == tax.SchemeThreshold
}
