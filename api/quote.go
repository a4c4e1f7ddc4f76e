package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/money"
	"hostfront/order"
)

// QuoteLineBody is one thing in the cart: a product for a domain, or a domain to
// register or transfer.
type QuoteLineBody struct {
	ProductID string `json:"product_id,omitempty" maxLength:"64"`
	Cycle     string `json:"cycle,omitempty" enum:"month,year" doc:"How often the product is billed"`
	Domain    string `json:"domain" maxLength:"253"`
	TargetURL string `json:"target_url,omitempty" maxLength:"2000" doc:"Where a forwarding product leads: an absolute http(s) URL"`
	Action    string `json:"action,omitempty" enum:"register,transfer" doc:"For a domain, instead of a product"`
	Years     int64  `json:"years,omitempty" minimum:"1" maximum:"10"`
	AuthCode  string `json:"auth_code,omitempty" maxLength:"255" doc:"Needed for a transfer"`
}

// QuoteBody is the cart as it should be.
type QuoteBody struct {
	Lines     []QuoteLineBody `json:"lines" minItems:"1" maxItems:"50"`
	Country   string          `json:"country,omitempty" pattern:"^[A-Za-z]{2}$" doc:"Where a visitor is; decides the VAT. A customer's own country when left out"`
	PromoCode string          `json:"promo_code,omitempty" maxLength:"50"`
	Version   int64           `json:"version,omitempty" minimum:"0" doc:"With PATCH: the version that was read; a later one is then not overwritten"`
}

// QuoteAnswer is the cart with its prices frozen until it expires.
type QuoteAnswer struct {
	ID        string            `json:"id"`
	Version   int64             `json:"version"`
	Country   string            `json:"country"`
	Lines     []QuoteLineAnswer `json:"lines"`
	Net       money.Amount      `json:"net"`
	VAT       money.Amount      `json:"vat"`
	VATRate   string            `json:"vat_rate" doc:"Percent"`
	VATNote   string            `json:"vat_note,omitempty"`
	Gross     money.Amount      `json:"gross"`
	Recurring []RecurringAnswer `json:"recurring" doc:"What it costs each cycle after the first"`
	OrderID   string            `json:"order_id,omitempty"`
	ExpiresAt time.Time         `json:"expires_at"`
}

// QuoteLineAnswer is a line of the cart.
type QuoteLineAnswer struct {
	ID          string       `json:"id"`
	Kind        string       `json:"kind"`
	Description string       `json:"description"`
	ProductID   string       `json:"product_id,omitempty"`
	Cycle       string       `json:"cycle"`
	Domain      string       `json:"domain"`
	Years       int64        `json:"years,omitempty"`
	TargetURL   string       `json:"target_url,omitempty"`
	Premium     bool         `json:"premium"`
	Net         money.Amount `json:"net"`
	VAT         money.Amount `json:"vat"`
	Gross       money.Amount `json:"gross"`
	RenewNet    money.Amount `json:"renew_net"`
	RenewGross  money.Amount `json:"renew_gross"`
	Intro       *IntroAnswer `json:"intro,omitempty" doc:"There where the first cycles cost less; renew_net holds after them"`
}

// IntroAnswer is an introductory price.
type IntroAnswer struct {
	Periods int64        `json:"periods" doc:"For how many cycles, the first included"`
	Net     money.Amount `json:"net" doc:"Of each of them"`
	Gross   money.Amount `json:"gross"`
}

// RecurringAnswer is what is due each cycle, once no line is at an introductory price any more.
type RecurringAnswer struct {
	Cycle     string                `json:"cycle" enum:"month,year"`
	Net       money.Amount          `json:"net"`
	VAT       money.Amount          `json:"vat"`
	Gross     money.Amount          `json:"gross"`
	FromCycle int64                 `json:"from_cycle" doc:"The first cycle that comes to this; the order is the first of all"`
	Before    []RecurringStepAnswer `json:"before" doc:"What cycles after the first come to before that, at introductory prices"`
}

// RecurringStepAnswer is what the cycles from one on come to, up to the next step.
type RecurringStepAnswer struct {
	FromCycle int64        `json:"from_cycle"`
	Net       money.Amount `json:"net"`
	VAT       money.Amount `json:"vat"`
	Gross     money.Amount `json:"gross"`
}

type quoteInput struct {
	KeyInput
	RawBody []byte
	Body    QuoteBody
}

type changeQuoteInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body QuoteBody
}

// quoteRoutes are the cart.
func (s *Server) quoteRoutes() {
	handle(s, operation{ID: "create-quote", Method: http.MethodPost, Path: "/v1/quotes", Tag: "Quotes and orders",
		Summary: "Put things in a cart: prices, VAT and totals, frozen until it expires", Status: http.StatusCreated}, s.createQuote)
	handle(s, operation{ID: "get-quote", Method: http.MethodGet, Path: "/v1/quotes/{id}", Tag: "Quotes and orders",
		Summary: "The cart"}, s.getQuote)
	handle(s, operation{ID: "change-quote", Method: http.MethodPatch, Path: "/v1/quotes/{id}", Tag: "Quotes and orders",
		Summary: "Replace what is in the cart; prices are asked anew"}, s.changeQuote)
}

// createQuote is POST /v1/quotes.
func (s *Server) createQuote(ctx context.Context, in *quoteInput) (*replayable[QuoteAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/quotes", in.RawBody)
	if key.Key != "" {
		return s.createQuoteOnce(ctx, key, in.Body)
	}
	if err := s.mayQuote(ctx); err != nil {
		return nil, err
	}
	quote, err := s.cfg.Orders.Quote(ctx, quoteParams(ctx, in.Body))
	if err != nil {
		return nil, err
	}
	return answered(quoteAnswer(quote), false), nil
}

// createQuoteOnce is createQuote with a key; only what may make a quote counts against the
// caller's tries.
func (s *Server) createQuoteOnce(ctx context.Context, key order.Idempotency, b QuoteBody) (*replayable[QuoteAnswer], error) {
	id, replayed, err := order.Claimed(ctx, s.cfg.Store.Read(), key)
	if err != nil {
		return nil, err
	}
	if !replayed {
		if err := s.mayQuote(ctx); err != nil {
			return nil, err
		}
		if id, replayed, err = s.cfg.Orders.QuoteOnce(ctx, quoteParams(ctx, b), key); err != nil {
			return nil, err
		}
	}
	quote, err := s.cfg.Orders.QuoteByID(ctx, customerID(ctx), id)
	if err != nil {
		return nil, err
	}
	return answered(quoteAnswer(quote), replayed), nil
}

// getQuote is GET /v1/quotes/{id}.
func (s *Server) getQuote(ctx context.Context, in *idInput) (*body[QuoteAnswer], error) {
	return quoteBody(s.cfg.Orders.QuoteByID(ctx, customerID(ctx), in.ID))
}

// changeQuote is PATCH /v1/quotes/{id}.
func (s *Server) changeQuote(ctx context.Context, in *changeQuoteInput) (*body[QuoteAnswer], error) {
	if err := s.mayQuote(ctx); err != nil {
		return nil, err
	}
	return quoteBody(s.cfg.Orders.ChangeQuote(ctx, in.ID, in.Body.Version, quoteParams(ctx, in.Body)))
}

func quoteParams(ctx context.Context, b QuoteBody) order.QuoteParams {
	p := order.QuoteParams{CustomerID: customerID(ctx), Country: b.Country, PromoCode: b.PromoCode}
	for _, l := range b.Lines {
		p.Lines = append(p.Lines, order.LineParams{
			ProductID: l.ProductID, Cycle: l.Cycle, TargetURL: l.TargetURL,
			Action: l.Action, Domain: l.Domain, AuthCode: l.AuthCode, Years: l.Years,
		})
	}
	return p
}

func quoteBody(q order.Quote, err error) (*body[QuoteAnswer], error) {
	if err != nil {
		return nil, err
	}
	return &body[QuoteAnswer]{quoteAnswer(q)}, nil
}

func quoteAnswer(q order.Quote) QuoteAnswer {
	answer := QuoteAnswer{
		ID: q.ID, Version: q.Version, Country: q.Country, Net: q.Net, VAT: q.VAT, Gross: q.Gross,
		VATRate: q.Treatment.Rate.String(), VATNote: q.Treatment.Note, OrderID: q.OrderID, ExpiresAt: q.ExpiresAt,
		Lines: []QuoteLineAnswer{}, Recurring: []RecurringAnswer{},
	}
	for _, l := range q.Lines {
		line := QuoteLineAnswer{
			ID: l.ID, Kind: l.Kind, Description: l.Description, ProductID: l.ProductID, Cycle: l.Cycle, Domain: l.Domain,
			Years: l.Years, TargetURL: l.TargetURL, Premium: l.Premium, Net: l.Net, VAT: l.VAT, Gross: l.Net.Add(l.VAT),
			RenewNet: l.RenewNet, RenewGross: l.RenewNet.Add(l.RenewVAT),
		}
		if l.IntroPeriods > 0 {
			line.Intro = &IntroAnswer{Periods: l.IntroPeriods, Net: l.IntroNet, Gross: l.IntroNet.Add(l.IntroVAT)}
		}
		answer.Lines = append(answer.Lines, line)
	}
	for _, r := range q.Recurring {
		answer.Recurring = append(answer.Recurring, recurringAnswer(r))
	}
	return answer
}

func recurringAnswer(r order.Recurring) RecurringAnswer {
	answer := RecurringAnswer{
		Cycle: r.Cycle, Net: r.Net, VAT: r.VAT, Gross: r.Gross, FromCycle: r.FromCycle, Before: make([]RecurringStepAnswer, 0, len(r.Before)),
	}
	for _, step := range r.Before {
		answer.Before = append(answer.Before, RecurringStepAnswer(step))
	}
	return answer
}
