package order

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/tax"
)

// Quote is a cart with its prices frozen until ExpiresAt.
type Quote struct {
	ID string
	// CustomerID is empty while nobody has signed in for it.
	CustomerID string
	// Country is where the buyer was taken to be, ISO 3166-1 alpha-2.
	Country   string
	Treatment tax.Treatment
	// Version counts changes: a change that names another one is refused.
	Version         int64
	Lines           []QuoteLine
	Net, VAT, Gross money.Amount
	// Recurring is what the lines will cost each cycle after the first.
	Recurring []Recurring
	// OrderID is the order that was made of it, empty before.
	OrderID              string
	ExpiresAt, CreatedAt time.Time
}

// QuoteLine is one thing in the cart.
type QuoteLine struct {
	ID string
	// Kind is one of service.Register, Transfer, Hosting, HostingOwn.
	Kind, Description  string
	ProductID          string
	Cycle, Domain      string
	Years              int64
	TargetURL          string
	Premium            bool
	Net, VAT           money.Amount
	Setup              money.Amount // the part of Net that is due once
	RenewNet, RenewVAT money.Amount // of each later cycle
	// IntroPeriods is for how many cycles, the first included, the line costs less: IntroNet each.
	// Zero is none, RenewNet holds after them.
	IntroPeriods         int64
	IntroNet, IntroVAT   money.Amount
	introOnce            bool // a customer has it once for the product
	cost, renewCost      money.Amount
	upstream, ref        string
	category, authSealed string
	clientChoice         bool
	spaceID              int64
}

// Gross is the line with VAT.
func (l QuoteLine) Gross() money.Amount { return l.Net.Add(l.VAT) }

// RenewGross is a later cycle with VAT.
func (l QuoteLine) RenewGross() money.Amount { return l.RenewNet.Add(l.RenewVAT) }

// QuoteParams is a cart to be priced.
type QuoteParams struct {
	// CustomerID is who asks, empty for a visitor. Country is what a visitor says, or
	// empty: the customer's, else the seller's.
	CustomerID, Country string
	PromoCode           string
	Lines               []LineParams
}

// LineParams is one thing to be priced: a product (ProductID, Cycle, Domain and for a
// forward TargetURL), or a domain name (Action, Domain, Years, and AuthCode for a
// transfer).
type LineParams struct {
	ProductID, Cycle, TargetURL string
	Action, Domain, AuthCode    string
	// Years is 1 when zero.
	Years int64
}

// Quote prices a cart. Faults: Invalid with a field for each line that cannot be
// sold, upstream_unavailable when a name cannot be priced now.
func (o *Orders) Quote(ctx context.Context, p QuoteParams) (Quote, error) {
	quote, err := o.draw(ctx, p)
	if err != nil {
		return Quote{}, err
	}
	if err := o.Store.Tx(ctx, func(q *db.Queries) error { return o.insertQuote(ctx, q, quote) }); err != nil {
		return Quote{}, err
	}
	return quote, nil
}

// QuoteOnce is Quote for a key, which is claimed in the transaction that writes the quote: of
// requests with the same key at once one makes it, and all are answered with its id. Faults
// beside Quote's: idempotency_key_reused.
func (o *Orders) QuoteOnce(ctx context.Context, p QuoteParams, key Idempotency) (id string, replayed bool, err error) {
	quote, err := o.draw(ctx, p)
	if err != nil {
		return "", false, err
	}
	err = o.Store.Tx(ctx, func(q *db.Queries) error {
		existing, err := Claim(ctx, q, key, quote.ID, o.Clock.Now())
		if err != nil {
			return err
		}
		if id, replayed = quote.ID, false; existing != "" {
			id, replayed = existing, true
			return nil
		}
		return o.insertQuote(ctx, q, quote)
	})
	return id, replayed, err
}

// draw makes a quote at today's prices, which nobody has seen yet.
func (o *Orders) draw(ctx context.Context, p QuoteParams) (quote Quote, err error) {
	if quote, err = o.price(ctx, p); err != nil {
		return Quote{}, err
	}
	if quote.ID, err = o.secretID("quo"); err != nil {
		return Quote{}, err
	}
	quote.Version = 1
	return quote, nil
}

// ChangeQuote replaces the lines of a quote at today's prices. Version is the one
// that the client saw, zero for whatever is there. Faults: not_found, quote_changed,
// quote_ordered.
func (o *Orders) ChangeQuote(ctx context.Context, id string, version int64, p QuoteParams) (Quote, error) {
	before, err := o.QuoteByID(ctx, p.CustomerID, id)
	if err != nil {
		return Quote{}, err
	}
	if before.OrderID != "" {
		return Quote{}, quoteOrdered(before)
	}
	if version != 0 && version != before.Version {
		return Quote{}, quoteChanged(before.Version)
	}
	if p.Country == "" && p.CustomerID == "" {
		p.Country = before.Country
	}
	quote, err := o.price(ctx, p)
	if err != nil {
		return Quote{}, err
	}
	quote.ID, quote.Version, quote.CreatedAt = before.ID, before.Version+1, before.CreatedAt
	err = o.Store.Tx(ctx, func(q *db.Queries) error { return o.replaceQuote(ctx, q, quote) })
	if err != nil {
		return Quote{}, err
	}
	return quote, nil
}

func quoteChanged(now int64) error {
	return fault.New(fault.Conflict, "quote_changed", "The cart was changed meanwhile; read it again.").With("version", now)
}

func quoteOrdered(q Quote) error {
	e := fault.New(fault.Conflict, "quote_ordered", "This cart has been ordered.")
	if q.CustomerID != "" {
		e = e.With("order_id", q.OrderID)
	}
	return e
}

// QuoteByID reads a quote. One that belongs to a customer is there for that customer
// alone.
func (o *Orders) QuoteByID(ctx context.Context, customerID, id string) (Quote, error) {
	return o.readQuote(ctx, o.Store.Read(), customerID, id)
}

func (o *Orders) readQuote(ctx context.Context, q *db.Queries, customerID, id string) (Quote, error) {
	row, err := q.QuoteByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && row.CustomerID != "" && row.CustomerID != customerID) {
		return Quote{}, fault.Missing("quote", id)
	}
	if err != nil {
		return Quote{}, fmt.Errorf("read quote: %w", err)
	}
	lines, err := q.QuoteLinesByQuote(ctx, id)
	if err != nil {
		return Quote{}, fmt.Errorf("read the lines of a quote: %w", err)
	}
	return quoteOf(row, lines)
}

func quoteOf(row db.Quote, lines []db.QuoteLine) (Quote, error) {
	c := money.Currency(row.Currency)
	quote := Quote{
		ID: row.ID, CustomerID: row.CustomerID, Country: row.Country, Version: row.Version, OrderID: row.OrderID,
		Net: money.New(row.NetMinor, c), VAT: money.New(row.VatMinor, c), Gross: money.New(row.NetMinor+row.VatMinor, c),
		ExpiresAt: row.ExpiresAt.Time(), CreatedAt: row.CreatedAt.Time(), Lines: make([]QuoteLine, 0, len(lines)),
	}
	if err := json.Unmarshal([]byte(row.Treatment), &quote.Treatment); err != nil {
		return Quote{}, fmt.Errorf("VAT treatment of a quote: %w", err)
	}
	for _, l := range lines {
		quote.Lines = append(quote.Lines, quoteLineOf(l, c))
	}
	quote.Recurring = recurring(quote.Treatment, quote.Lines)
	return quote, nil
}

func quoteLineOf(l db.QuoteLine, c money.Currency) QuoteLine {
	return QuoteLine{
		ID: l.ID, Kind: l.Kind, Description: l.Description, ProductID: l.ProductID, Cycle: l.Cycle, Domain: l.Domain,
		Years: l.Years, TargetURL: l.TargetUrl, Premium: l.Premium, Net: money.New(l.NetMinor, c), VAT: money.New(l.VatMinor, c),
		Setup: money.New(l.SetupMinor, c), RenewNet: money.New(l.RenewNetMinor, c), RenewVAT: money.New(l.RenewVatMinor, c),
		cost: money.New(l.CostMinor, c), renewCost: money.New(l.RenewCostMinor, c), upstream: l.Upstream, ref: l.ProductRef,
		IntroPeriods: l.IntroPeriods, introOnce: l.IntroOnce, category: l.Category, authSealed: l.AuthCodeSealed, clientChoice: l.ClientChoice, spaceID: l.SpaceID,
	}
}
