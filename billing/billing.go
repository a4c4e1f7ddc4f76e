package billing

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"hostfront/account"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/seal"
	"hostfront/task"
	"hostfront/tax"
)

// Config is what billing works with. Everything but Log, Entropy, Series and
// Policies must be given.
type Config struct {
	Store    *db.Store
	Clock    clock.Clock
	Tasks    *task.Engine
	Events   *event.Log
	Accounts *account.Accounts
	Tax      *tax.Calculator
	// Sealer seals what a payment asks the customer to do: it may hold a client secret.
	Sealer *seal.Sealer
	// Log is silent when nil.
	Log *slog.Logger
	// Gateways are the ways to pay, in the order they are offered.
	Gateways []Gateway
	// Currency is the one currency of the shop's documents.
	Currency money.Currency
	// Seller is frozen on every document.
	Seller Seller
	// Series names the documents; zero is "INV", "CN" and "RC".
	Series Series
	// Policies are the shop's choices; zero fields have defaults.
	Policies Policies
	// Entropy makes the codes that customers quote; nil is crypto/rand.
	Entropy io.Reader
}

// Billing is the money of the shop. Safe for concurrent use.
type Billing struct {
	store    *db.Store
	clock    clock.Clock
	tasks    *task.Engine
	events   *event.Log
	accounts *account.Accounts
	tax      *tax.Calculator
	sealer   *seal.Sealer
	log      *slog.Logger
	gateways []Gateway
	currency money.Currency
	seller   Seller
	// sellerDoc is the seller as it is frozen on documents.
	sellerDoc string
	series    Series
	policies  Policies
	entropy   io.Reader
}

// New is the billing of a shop. The error says in a sentence what is missing.
func New(c Config) (*Billing, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	doc, err := freeze(c.Seller)
	if err != nil {
		return nil, err
	}
	b := &Billing{
		store: c.Store, clock: c.Clock, tasks: c.Tasks, events: c.Events, accounts: c.Accounts, tax: c.Tax,
		sealer: c.Sealer, log: c.Log, gateways: c.Gateways, currency: c.Currency, seller: c.Seller, sellerDoc: doc,
		series: c.Series, policies: c.Policies, entropy: c.Entropy,
	}
	c.Events.Subscribe("account.vat_changed", b.followVAT)
	return b, nil
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Entropy == nil {
		c.Entropy = rand.Reader
	}
	if c.Series == (Series{}) {
		c.Series = Series{Invoice: "INV", CreditNote: "CN", Receipt: "RC"}
	}
	c.Policies = c.Policies.withDefaults()
	return c
}

func (c Config) check() error {
	switch {
	case c.Store == nil, c.Clock == nil, c.Tasks == nil, c.Events == nil, c.Accounts == nil, c.Tax == nil, c.Sealer == nil:
		return errors.New("billing needs a store, clock, tasks, events, accounts, tax and a sealer")
	case c.Currency == "":
		return errors.New("billing needs the currency of the shop")
	case !c.Series.differ():
		return errors.New("invoices, credit notes and receipts need three different series")
	}
	names := map[string]bool{}
	for _, g := range c.Gateways {
		if names[g.Name()] {
			return fmt.Errorf("two gateways are named %q", g.Name())
		}
		names[g.Name()] = true
	}
	return nil
}

// Gateways are the names of the ways to pay, in the order they are offered.
func (b *Billing) Gateways() []string {
	names := make([]string, 0, len(b.gateways))
	for _, g := range b.gateways {
		names = append(names, g.Name())
	}
	return names
}

// Offers is nil for a way to pay that the shop has, else the fault about payment.gateway.
func (b *Billing) Offers(gateway string) error {
	if !slices.Contains(b.Gateways(), gateway) {
		return b.unknownGateway("payment.gateway")
	}
	return nil
}

// gateway finds a way to pay; the error is for the customer.
func (b *Billing) gateway(name string) (Gateway, error) {
	for _, g := range b.gateways {
		if g.Name() == name {
			return g, nil
		}
	}
	return nil, b.unknownGateway("gateway")
}

// unknownGateway is the fault about a field that names no way to pay of the shop.
func (b *Billing) unknownGateway(field string) *fault.Error {
	return fault.InvalidField(field, "unknown_gateway", "Give one of %s.", strings.Join(b.Gateways(), ", "))
}
