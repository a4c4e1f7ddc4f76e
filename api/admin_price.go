package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/catalog"
	"hostfront/fault"
	"hostfront/money"

	"github.com/shopspring/decimal"
)

// RuleBody is a price rule: what it covers, how it makes the price from the cost.
type RuleBody struct {
	ID      string          `json:"id,omitempty" doc:"Given by the shop"`
	Scope   string          `json:"scope" enum:"product,category,kind,upstream,shop" doc:"The most specific rule that covers a price makes it"`
	Target  string          `json:"target,omitempty" maxLength:"100" doc:"The product, TLD, category, kind or upstream"`
	Action  string          `json:"action,omitempty" enum:"register,renew,transfer,restore" doc:"Only this of domains"`
	Cycle   string          `json:"cycle,omitempty" enum:"month,year" doc:"Only this cycle"`
	Premium bool            `json:"premium,omitempty" doc:"Prices premium domains, and nothing else"`
	Method  string          `json:"method" enum:"percent,add,margin,fixed" doc:"percent on the cost, an amount added, a margin of the price, or a fixed price"`
	Value   decimal.Decimal `json:"value" doc:"A percentage or an amount, by method" example:"25"`
	Ending  string          `json:"ending,omitempty" enum:".99,.95,.00,step" doc:"What prices end on, in the shop's basis"`
	Step    decimal.Decimal `json:"step,omitzero" doc:"With ending step: prices are multiples of it"`
	Floor   decimal.Decimal `json:"floor,omitzero" doc:"What must remain above the cost; a price below is raised"`
	Intro   *IntroBody      `json:"intro,omitempty" doc:"What the first cycles of a product are sold for"`
}

// IntroBody is the introduction of a price rule: it may be below cost, which the preview names.
type IntroBody struct {
	Periods         int             `json:"periods" minimum:"1" maximum:"120" doc:"For how many cycles, the first included"`
	Method          string          `json:"method" enum:"free,percent,fixed" doc:"Free, a percentage taken off the price, or a fixed price in the shop's basis"`
	Value           decimal.Decimal `json:"value,omitzero" doc:"A percentage or an amount, by method" example:"50"`
	OncePerCustomer bool            `json:"once_per_customer,omitempty" doc:"A customer has it once for a product"`
}

// RulesBody is all price rules; saving replaces them.
type RulesBody struct {
	Rules []RuleBody `json:"rules" maxItems:"1000"`
}

type rulesInput struct {
	Body RulesBody
}

type previewInput struct {
	Cursor      string `query:"cursor" pattern:"^[0-9]+$" maxLength:"10" doc:"next_cursor of the page before"`
	Limit       int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items a page has at most"`
	Query       string `query:"q" maxLength:"100" doc:"Part of a name"`
	OnlyChanged bool   `query:"only_changed" doc:"Leave out what keeps its price"`
	OnlyRaised  bool   `query:"only_raised" doc:"Only what a floor lifts"`
	Body        RulesBody
}

// PreviewAnswer is what rules would do to every price.
type PreviewAnswer struct {
	Prices     int           `json:"prices" doc:"Prices in the whole catalogue"`
	Changed    int           `json:"changed"`
	Raised     int           `json:"raised" doc:"Lifted by the floor"`
	BelowCost  int           `json:"below_cost" doc:"Those that the rule alone would have sold at a loss"`
	Unpriced   int           `json:"unpriced" doc:"Not for sale under these rules"`
	IntroBelow int           `json:"intro_below_cost" doc:"Those whose introduction is below their cost"`
	Items      []PreviewLine `json:"items"`
	NextCursor *string       `json:"next_cursor"`
}

// PreviewLine is one price under the rules.
type PreviewLine struct {
	ItemID    string                 `json:"item_id"`
	Name      string                 `json:"name"`
	Action    string                 `json:"action,omitempty"`
	Cycle     string                 `json:"cycle"`
	Cost      Nullable[money.Amount] `json:"cost" doc:"null when none is known"`
	Before    Nullable[money.Amount] `json:"before" doc:"null when not for sale"`
	After     Nullable[money.Amount] `json:"after" doc:"null when not for sale"`
	Rule      string                 `json:"rule,omitempty" doc:"The place in the rules that made the price"`
	Raised    bool                   `json:"raised"`
	BelowCost bool                   `json:"below_cost"`
	Intro     *IntroPriceAnswer      `json:"intro,omitempty" doc:"What the first cycles would cost"`
	Reason    string                 `json:"reason,omitempty" doc:"Why it would not be for sale"`
}

// IntroPriceAnswer is an introduction under the rules.
type IntroPriceAnswer struct {
	Price     money.Amount `json:"price"`
	Periods   int          `json:"periods"`
	BelowCost bool         `json:"below_cost" doc:"It is less than the product costs"`
}

// HeldPriceAnswer is a cost that jumped and waits for staff to believe it.
type HeldPriceAnswer struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Cycle   string       `json:"cycle"`
	Up      bool         `json:"up" doc:"It rose, and the item is off sale; else it fell, and is sold on at the old cost"`
	Cost    money.Amount `json:"cost"`
	NewCost money.Amount `json:"new_cost"`
	HeldAt  time.Time    `json:"held_at"`
}

type confirmInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		NewCost money.Amount `json:"new_cost" doc:"The cost that was seen: a later one is not confirmed by accident"`
	}
}

type missingInput struct {
	Body struct {
		Missing int64 `json:"missing" minimum:"1" maximum:"1000000" doc:"As many as the alarm catalog.sync_failed says are missing: more are not withdrawn by accident"`
	}
}

// MissingAnswer is what a sync did that was let withdraw as much.
type MissingAnswer struct {
	Products  int `json:"products" doc:"How many the upstream sells"`
	TLDs      int `json:"tlds" doc:"How many the upstream sells"`
	Withdrawn int `json:"withdrawn"`
}

type tldCostInput struct {
	TLD  string `path:"tld" maxLength:"63"`
	Body struct {
		Action string        `json:"action" enum:"renew,transfer,restore"`
		Cost   *money.Amount `json:"cost,omitempty" doc:"A year, without VAT; left out, it goes back to the assumed cost"`
	}
}

// TLDCostAnswer is a cost that the operator has set.
type TLDCostAnswer struct {
	TLD    string       `json:"tld"`
	Action string       `json:"action"`
	Cost   money.Amount `json:"cost"`
	SetAt  time.Time    `json:"set_at"`
}

// adminPriceRoutes are price rules and costs.
func (s *Server) adminPriceRoutes() {
	handle(s, operation{ID: "admin-list-price-rules", Method: http.MethodGet, Path: "/v1/admin/price-rules", Tag: "Admin: prices", Access: admin,
		Summary: "The price rules"}, s.adminRules)
	handle(s, operation{ID: "admin-save-price-rules", Method: http.MethodPut, Path: "/v1/admin/price-rules", Tag: "Admin: prices", Access: admin,
		Summary: "Replace the price rules"}, s.adminSaveRules)
	handle(s, operation{ID: "admin-preview-price-rules", Method: http.MethodPost, Path: "/v1/admin/price-rules/preview", Tag: "Admin: prices", Access: admin,
		Summary: "What these rules would do to every price, and which are below cost"}, s.adminPreviewRules)
	handle(s, operation{ID: "admin-list-held-prices", Method: http.MethodGet, Path: "/v1/admin/held-prices", Tag: "Admin: prices", Cursor: "cpr", Access: admin,
		Summary: "Costs that jumped and wait to be believed"}, s.adminHeldPrices)
	handle(s, operation{ID: "admin-confirm-price", Method: http.MethodPost, Path: "/v1/admin/held-prices/{id}/confirm", Tag: "Admin: prices", Access: admin,
		Summary: "Believe a cost that jumped", Status: http.StatusNoContent}, s.adminConfirmPrice)
	handle(s, operation{ID: "admin-accept-missing", Method: http.MethodPost, Path: "/v1/admin/catalog/accept-missing", Tag: "Admin: prices", Access: admin,
		Summary:     "Believe that a large part of the catalogue is gone",
		Description: "Mirrors the upstream now. An answer that lacks half or more of what is on sale is taken for half a one and changes nothing; here staff say that it is true."}, s.adminAcceptMissing)
	handle(s, operation{ID: "admin-list-tld-costs", Method: http.MethodGet, Path: "/v1/admin/tld-costs", Tag: "Admin: prices", Access: admin,
		Summary: "Costs of renewal, transfer and restore that were set by hand"}, s.adminTLDCosts)
	handle(s, operation{ID: "admin-set-tld-cost", Method: http.MethodPut, Path: "/v1/admin/tld-costs/{tld}", Tag: "Admin: prices", Access: admin,
		Summary: "Set what an action costs, which the upstream does not tell", Status: http.StatusNoContent}, s.adminSetTLDCost)
}

// adminRules is GET /v1/admin/price-rules.
func (s *Server) adminRules(ctx context.Context, _ *struct{}) (*body[RulesBody], error) {
	rules, err := s.cfg.Catalog.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return rulesAnswer(rules), nil
}

// adminSaveRules is PUT /v1/admin/price-rules.
func (s *Server) adminSaveRules(ctx context.Context, in *rulesInput) (*body[RulesBody], error) {
	return audited(ctx, s, change{"price_rules.save", "", in.Body}, func() (*body[RulesBody], error) {
		saved, err := s.cfg.Catalog.SaveRules(ctx, rulesOf(in.Body))
		if err != nil {
			return nil, err
		}
		return rulesAnswer(saved), nil
	})
}

// adminPreviewRules is POST /v1/admin/price-rules/preview.
func (s *Server) adminPreviewRules(ctx context.Context, in *previewInput) (*body[PreviewAnswer], error) {
	p, err := s.cfg.Catalog.PreviewRules(ctx, rulesOf(in.Body), catalog.PreviewParams{
		Query: in.Query, OnlyChanged: in.OnlyChanged, OnlyRaised: in.OnlyRaised, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	page := pageOf(p.Lines, p.Next, previewLine).Body
	return &body[PreviewAnswer]{PreviewAnswer{
		Prices: p.Prices, Changed: p.Changed, Raised: p.Raised, BelowCost: p.BelowCost, Unpriced: p.Unpriced, IntroBelow: p.IntroBelowCost,
		Items: page.Items, NextCursor: page.NextCursor,
	}}, nil
}

// adminHeldPrices is GET /v1/admin/held-prices.
func (s *Server) adminHeldPrices(ctx context.Context, in *PageInput) (*pageOutput[HeldPriceAnswer], error) {
	held, next, err := s.cfg.Catalog.HeldPrices(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(held, next, func(h catalog.HeldPrice) HeldPriceAnswer {
		return HeldPriceAnswer{ID: h.ID, Name: h.Name, Cycle: h.Cycle, Up: h.Up, Cost: h.Cost, NewCost: h.NewCost, HeldAt: h.HeldAt}
	}), nil
}

// adminConfirmPrice is POST /v1/admin/held-prices/{id}/confirm.
func (s *Server) adminConfirmPrice(ctx context.Context, in *confirmInput) (*struct{}, error) {
	return auditedVoid(ctx, s, change{"price.confirm", in.ID, in.Body}, func() error {
		return s.cfg.Catalog.ConfirmPrice(ctx, in.ID, in.Body.NewCost)
	})
}

// adminAcceptMissing is POST /v1/admin/catalog/accept-missing.
func (s *Server) adminAcceptMissing(ctx context.Context, in *missingInput) (*body[MissingAnswer], error) {
	return audited(ctx, s, change{"catalog.accept_missing", "catalog", in.Body}, func() (*body[MissingAnswer], error) {
		report, err := s.cfg.Catalog.AcceptMissing(ctx, in.Body.Missing)
		if err != nil {
			return nil, err
		}
		return &body[MissingAnswer]{Body: MissingAnswer{Products: report.Products, TLDs: report.TLDs, Withdrawn: report.Withdrawn}}, nil
	})
}

// adminTLDCosts is GET /v1/admin/tld-costs.
func (s *Server) adminTLDCosts(ctx context.Context, _ *struct{}) (*pageOutput[TLDCostAnswer], error) {
	costs, err := s.cfg.Catalog.TLDCosts(ctx)
	if err != nil {
		return nil, err
	}
	return pageOf(costs, "", func(c catalog.TLDCost) TLDCostAnswer { return TLDCostAnswer(c) }), nil
}

// adminSetTLDCost is PUT /v1/admin/tld-costs/{tld}.
func (s *Server) adminSetTLDCost(ctx context.Context, in *tldCostInput) (*struct{}, error) {
	if in.Body.Cost != nil && in.Body.Cost.IsNegative() {
		return nil, fault.InvalidField("cost", "negative", "Give an amount of zero or more.")
	}
	return auditedVoid(ctx, s, change{"tld_cost.set", in.TLD, in.Body}, func() error {
		return s.cfg.Catalog.SetTLDCost(ctx, in.TLD, in.Body.Action, in.Body.Cost)
	})
}

func rulesOf(b RulesBody) []catalog.Rule {
	rules := make([]catalog.Rule, 0, len(b.Rules))
	for _, r := range b.Rules {
		rule := catalog.Rule{
			ID: r.ID, Scope: catalog.Scope(r.Scope), Target: r.Target, Action: r.Action, Cycle: r.Cycle, Premium: r.Premium,
			Method: catalog.Method(r.Method), Value: r.Value, Ending: catalog.Ending(r.Ending), Step: r.Step, Floor: r.Floor,
		}
		if i := r.Intro; i != nil {
			rule.Intro = catalog.Intro{Periods: i.Periods, Method: catalog.IntroMethod(i.Method), Value: i.Value, OncePerCustomer: i.OncePerCustomer}
		}
		rules = append(rules, rule)
	}
	return rules
}

func rulesAnswer(rules []catalog.Rule) *body[RulesBody] {
	answer := RulesBody{Rules: make([]RuleBody, 0, len(rules))}
	for _, r := range rules {
		rule := RuleBody{
			ID: r.ID, Scope: string(r.Scope), Target: r.Target, Action: r.Action, Cycle: r.Cycle, Premium: r.Premium,
			Method: string(r.Method), Value: r.Value, Ending: string(r.Ending), Step: r.Step, Floor: r.Floor,
		}
		if i := r.Intro; i.Periods > 0 {
			rule.Intro = &IntroBody{Periods: i.Periods, Method: string(i.Method), Value: i.Value, OncePerCustomer: i.OncePerCustomer}
		}
		answer.Rules = append(answer.Rules, rule)
	}
	return &body[RulesBody]{answer}
}

func previewLine(l catalog.PreviewLine) PreviewLine {
	line := PreviewLine{
		ItemID: l.ItemID, Name: l.Name, Action: l.Action, Cycle: l.Cycle, Cost: nullable(l.Cost), Rule: l.Rule,
		Raised: l.Raised, BelowCost: l.BelowCost, Reason: l.Reason,
	}
	if l.Before != nil {
		line.Before = nullable(&l.Before.Price)
	}
	if l.After != nil {
		line.After = nullable(&l.After.Price)
	}
	if i := l.IntroAfter; i != nil {
		line.Intro = &IntroPriceAnswer{Price: i.Price, Periods: i.Periods, BelowCost: l.IntroBelowCost}
	}
	return line
}
