package app

import (
	"fmt"
	"strings"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
	"hostfront/seal"
	"hostfront/tax"

	"golang.org/x/text/currency"
)

// Config is every setting of a shop. Kong reads it from flags, the environment
// and .env alike; docs/configuration.md explains each.
type Config struct {
	Listen        string   `help:"Address to listen on." env:"HOSTFRONT_LISTEN" default:":8080"`
	DatabaseURL   string   `help:"SQLite file, or postgres:// URL." env:"DATABASE_URL" default:"hostfront.db"`
	BaseURL       string   `help:"Where this API is reached from outside." env:"HOSTFRONT_BASE_URL" default:"http://localhost:8080"`
	StorefrontURL string   `help:"The storefront that mails link to; the base URL when empty." env:"HOSTFRONT_STOREFRONT_URL"`
	SecretKey     string   `help:"32 random bytes, hex or base64: seals secrets and signs tokens." env:"HOSTFRONT_SECRET_KEY"`
	OldSecretKeys []string `help:"Former secret keys, which still open what they sealed." env:"HOSTFRONT_OLD_SECRET_KEYS"`
	Origins       []string `help:"Storefront origins a browser may call from." env:"HOSTFRONT_ORIGINS"`
	Proxies       []string `help:"Addresses or networks of your own proxies: from them X-Forwarded-For is believed." env:"HOSTFRONT_TRUSTED_PROXIES"`
	LogLevel      string   `help:"Least level that is logged: debug, info, warn or error." env:"HOSTFRONT_LOG_LEVEL" default:"info"`

	Shop     ShopConfig     `embed:"" prefix:"shop-"`
	Collect  CollectConfig  `embed:"" prefix:"collect-"`
	LJPC     LJPCConfig     `embed:"" prefix:"ljpc-"`
	Stripe   StripeConfig   `embed:"" prefix:"stripe-"`
	Transfer TransferConfig `embed:"" prefix:"transfer-"`
	Mail     MailConfig     `embed:"" prefix:"mail-"`
	Backup   BackupConfig   `embed:"" prefix:"backup-"`
	Keep     KeepConfig     `embed:"" prefix:"keep-"`
}

// KeepConfig is for how many days what is of no more use to the books is kept.
type KeepConfig struct {
	Journal  int `help:"Days from their making that the tries of finished tasks are kept, and the tasks of mails and webhooks." env:"KEEP_JOURNAL_DAYS" default:"400"`
	Webhooks int `help:"Days that the bodies of webhooks are kept." env:"KEEP_WEBHOOK_DAYS" default:"90"`
	Runs     int `help:"Days that the runs of jobs are kept." env:"KEEP_RUN_DAYS" default:"90"`
}

// days of a setting, as a time.
func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// BackupConfig is where copies of an SQLite database are kept, and which.
type BackupConfig struct {
	Folder string `help:"Folder that a verified copy of the SQLite database is written to every night; off when empty." env:"HOSTFRONT_BACKUP_FOLDER"`
	Daily  int    `help:"Of how many days the newest copy is kept." env:"HOSTFRONT_BACKUP_DAILY" default:"7"`
	Weekly int    `help:"Of how many weeks the newest copy is kept." env:"HOSTFRONT_BACKUP_WEEKLY" default:"5"`
}

// ShopConfig is who sells, and by which rules.
type ShopConfig struct {
	Name         string `help:"Name of the shop on mails and documents." env:"SHOP_NAME" default:"hostfront"`
	Seller       string `help:"Legal name of the seller, on invoices." env:"SHOP_SELLER"`
	Street       string `help:"Seller's street and number, on invoices." env:"SHOP_STREET"`
	Postcode     string `help:"Seller's postcode." env:"SHOP_POSTCODE"`
	City         string `help:"Seller's city." env:"SHOP_CITY"`
	Registered   string `help:"Seller's trade register and number, on invoices." env:"SHOP_REGISTRATION"`
	Email        string `help:"Where customers reach the seller." env:"SHOP_EMAIL"`
	Country      string `help:"Seller's country (ISO 3166-1 alpha-2)." env:"SHOP_COUNTRY" default:"NL"`
	VATID        string `help:"Seller's VAT number." env:"SHOP_VAT_ID"`
	VATScheme    string `help:"VAT scheme with the day it starts, such as oss@2021-07-01; several separated by commas." env:"SHOP_VAT_SCHEME" default:"oss@2021-07-01"`
	PriceBasis   string `help:"Whether prices are shown, and rounded to their ending, with VAT (gross) or without (net)." env:"SHOP_PRICE_BASIS" default:"gross"`
	Currency     string `help:"Currency of the shop." env:"SHOP_CURRENCY" default:"EUR"`
	FailedLine   string `help:"What becomes of the money of a line that cannot be delivered: refunded at once (auto) or by staff (manual)." env:"SHOP_FAILED_LINE" default:"auto"`
	KeepCredit   bool   `help:"Leave customers' credit alone when a renewal is billed, instead of taking it first." env:"SHOP_KEEP_CREDIT"`
	TimeZone     string `help:"Time zone of the shop's days and hours (IANA), such as Europe/Amsterdam." env:"SHOP_TIME_ZONE" default:"Europe/Amsterdam"`
	FeesURL      string `help:"Page that tells what renewing and restoring a domain costs, also after its expiry; mails of expiry link to it. The storefront when empty." env:"SHOP_DOMAIN_FEES_URL"`
	LostDispute  string `help:"What becomes of an invoice whose money a lost dispute has taken: the customer owes it again (reopen) or it is written off (credit_note)." env:"SHOP_LOST_DISPUTE" default:"reopen"`
	RenewalPrice string `help:"What renewals are billed at: the price that was agreed (keep), or the shop's of the day after a notice (follow)." env:"SHOP_RENEWAL_PRICE" default:"keep"`
	PriceNotice  int    `help:"Days of notice before a higher price holds." env:"SHOP_PRICE_NOTICE_DAYS" default:"30"`
	CancelRest   string `help:"What becomes of the unused rest of hosting that a customer ends at once: kept by the shop (keep) or given as credit (credit)." env:"SHOP_CANCEL_REST" default:"keep"`
	PauseBy      string `help:"Who may pause hosting: customer or staff." env:"SHOP_PAUSE_BY" default:"customer"`
	PayoutDays   int    `help:"Days after a payment on which the operator is asked about it when its money is in no payout; 0 asks never." env:"SHOP_PAYOUT_DAYS" default:"14"`
	TermsVersion string `help:"Version of the terms that a customer consents to." env:"SHOP_TERMS_VERSION" default:"1"`
}

// CollectConfig is when what is owed is charged again, and how early. What is empty has the
// default that the help names.
type CollectConfig struct {
	Transport     []time.Duration `help:"Pauses before a call to the payment provider that did not get through is made again." env:"COLLECT_TRANSPORT" default:"1m,5m,30m"`
	SoftDays      []int           `help:"Days after the first charge on which it is tried again when the bank said not today." env:"COLLECT_SOFT_DAYS" default:"1,3,5,7,10,14"`
	ConfirmDays   []int           `help:"The same when the customer was to confirm the payment and did not." env:"COLLECT_CONFIRM_DAYS" default:"1,3,5,7,10,14"`
	Hour          int             `help:"Hour of those days, in the shop's time zone." env:"COLLECT_HOUR" default:"9"`
	SEPAEarlyDays int             `help:"Days before a card would be charged that a SEPA debit is made." env:"COLLECT_SEPA_EARLY_DAYS" default:"14"`
	ExpiryNotices []int           `help:"Days before a card ends on which its customer is told." env:"COLLECT_EXPIRY_NOTICES" default:"30,15,7,3"`
}

// decide are the shop's choices about subscriptions.
func (c ShopConfig) decide(p *billing.Policies) {
	p.RenewalPrice, p.PriceNotice = billing.PricePolicy(c.RenewalPrice), time.Duration(c.PriceNotice)*24*time.Hour
	p.PayoutAfter = time.Duration(c.PayoutDays) * 24 * time.Hour
	p.CancelRest, p.PauseBy = billing.RestPolicy(c.CancelRest), billing.Actor(c.PauseBy)
}

// LJPCConfig is the LJPc upstream.
type LJPCConfig struct {
	APIKey  string   `help:"LJPc API key." env:"LJPC_API_KEY"`
	BaseURL string   `help:"LJPc API." env:"LJPC_BASE_URL" default:"https://ljpc-hosting.nl"`
	Spaces  []string `help:"Own hosting spaces to sell from, each as id:name:price a month:price a year, such as 812:Own hosting:4.99:49.90." env:"LJPC_SPACES" sep:";"`
	Records []string `help:"DNS records that a customer sets for hosting on a name held elsewhere, each as type name content, such as A @ 192.0.2.10." env:"LJPC_HOSTING_RECORDS" sep:";"`
	// Deadlines are the upstream's for renewals: "eu:30", and "14" for all others.
	Deadlines []string `help:"Days before a name expires until which its renewal can be decided at LJPc: for all, and by TLD, such as 14;eu:30." env:"LJPC_RENEWAL_DEADLINES" default:"14" sep:";"`
	// CompareLimit guards against an answer that is not whole.
	CompareLimit int `help:"How many differences with LJPc the nightly comparison believes." env:"LJPC_COMPARE_LIMIT" default:"50"`
	// Concurrency is what LJPc is asked at most at the same time by deliveries.
	Concurrency int `help:"How many of LJPc's tasks run at once, 1 to 256." env:"LJPC_CONCURRENCY" default:"64"`
}

// mostCallsAtOnce is the most tasks of LJPc that may be set to run at once.
const mostCallsAtOnce = 256

// StripeConfig is the Stripe gateway; it is off without a secret key.
type StripeConfig struct {
	SecretKey      string   `help:"Stripe secret key." env:"STRIPE_SECRET_KEY"`
	PublishableKey string   `help:"Stripe publishable key, handed to storefronts." env:"STRIPE_PUBLISHABLE_KEY"`
	WebhookSecrets []string `help:"Stripe webhook signing secrets; several while one is rotated." env:"STRIPE_WEBHOOK_SECRET"`
	APIBase        string   `help:"Stripe API, when not Stripe's own." env:"STRIPE_API_BASE"`
	DelayedMethods bool     `help:"Offer methods at checkout that take days to confirm, such as SEPA debit." env:"STRIPE_DELAYED_METHODS"`
}

// TransferConfig is payment by bank transfer; it is off without an IBAN.
type TransferConfig struct {
	IBAN        string `help:"Account that customers transfer to." env:"TRANSFER_IBAN"`
	BIC         string `help:"BIC of that account." env:"TRANSFER_BIC"`
	Beneficiary string `help:"Holder of that account." env:"TRANSFER_BENEFICIARY"`
}

// MailConfig is how mail leaves; without an SMTP URL or a folder it is only logged.
type MailConfig struct {
	SMTPURL string `help:"smtp://user:password@host:587 or smtps://…" env:"SMTP_URL"`
	From    string `help:"Sender of mails." env:"MAIL_FROM" default:"shop@localhost"`
	Folder  string `help:"Write mails to this folder instead of sending them." env:"MAIL_FOLDER"`
}

// postgres says that the database is PostgreSQL.
func (c Config) postgres() bool {
	scheme, _, found := strings.Cut(c.DatabaseURL, "://")
	return found && (scheme == db.Postgres || scheme == "postgresql")
}

// storefront is where mails lead a customer.
func (c Config) storefront() string {
	if c.StorefrontURL != "" {
		return strings.TrimSuffix(c.StorefrontURL, "/")
	}
	return strings.TrimSuffix(c.BaseURL, "/")
}

// keys are the present secret key and the former ones.
func (c Config) keys() ([]seal.Key, error) {
	var keys []seal.Key
	for i, text := range append([]string{c.SecretKey}, c.OldSecretKeys...) {
		key, err := seal.ParseKey(text)
		if err != nil {
			name := "HOSTFRONT_SECRET_KEY"
			if i > 0 {
				name = "HOSTFRONT_OLD_SECRET_KEYS"
			}
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// currency is the shop's currency.
func (c ShopConfig) currency() (money.Currency, error) {
	code, err := money.ParseCurrency(c.Currency)
	if err != nil {
		return "", fmt.Errorf("SHOP_CURRENCY: %w", err)
	}
	if _, err := currency.ParseISO(string(code)); err != nil {
		return "", fmt.Errorf("SHOP_CURRENCY is %q: give a currency of ISO 4217, such as EUR", c.Currency)
	}
	return code, nil
}

// schemes reads "exempt@2020-01-01,oss@2021-07-01".
func (c ShopConfig) schemes() ([]tax.Scheme, error) {
	var schemes []tax.Scheme
	for part := range strings.SplitSeq(c.VATScheme, ",") {
		kind, day, found := strings.Cut(strings.TrimSpace(part), "@")
		from, err := time.Parse(time.DateOnly, day)
		if !found || err != nil {
			return nil, fmt.Errorf("SHOP_VAT_SCHEME has %q: give a scheme and its first day, such as oss@2021-07-01", part)
		}
		schemes = append(schemes, tax.Scheme{From: from, Kind: kind})
	}
	return schemes, nil
}
