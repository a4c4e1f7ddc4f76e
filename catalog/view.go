package catalog

import (
	"encoding/json"
	"fmt"
	"strings"

	"hostfront/money"
)

// Money is an amount as the API writes it.
type Money struct {
	Amount   string         `json:"amount"`
	Currency money.Currency `json:"currency"`
}

// ProductView is a product as an item of GET /v1/catalog/products.
type ProductView struct {
	ID                string            `json:"id"`
	Kind              string            `json:"kind"`
	Category          string            `json:"category"`
	Name              string            `json:"name"`
	Description       string            `json:"description"`
	RequiresDomain    bool              `json:"requires_domain"`
	RequiresTargetURL bool              `json:"requires_target_url"`
	Attributes        map[string]string `json:"attributes"`
	Cycles            []CycleView       `json:"cycles"`
}

// CycleView is what a product costs for a cycle, in the shop's basis.
type CycleView struct {
	Cycle string `json:"cycle"`
	Price Money  `json:"price"`
	Setup Money  `json:"setup"`
	// Intro is there where the first periods cost less.
	Intro *IntroView `json:"intro,omitempty"`
}

// IntroView is what the first periods of a product cost, in the shop's basis; Price of the cycle holds
// after them.
type IntroView struct {
	Price   Money `json:"price"`
	Periods int   `json:"periods"`
	// OncePerCustomer: who has had it pays the price.
	OncePerCustomer bool `json:"once_per_customer"`
}

// TLDView is a TLD as an item of GET /v1/catalog/tlds; prices are a year's, in the
// shop's basis, and null where that is not for sale.
type TLDView struct {
	// TLD is the name as people read it, ASCII as the DNS does.
	TLD               string `json:"tld"`
	ASCII             string `json:"ascii"`
	Register          *Money `json:"register"`
	Renew             *Money `json:"renew"`
	Transfer          *Money `json:"transfer"`
	Restore           *Money `json:"restore"`
	TransferSupported bool   `json:"transfer_supported"`
	Indicative        bool   `json:"indicative" doc:"The price of registering stands on a list price, or on none, until the name is checked: GET /v1/domains/check tells the price of one name"`
	Years             []int  `json:"years"`
}

// ViewOf is an amount as the API writes it.
func ViewOf(a money.Amount) Money { return Money{Amount: a.Format(), Currency: a.Currency} }

func viewOfPrice(p *Price) *Money {
	if p == nil {
		return nil
	}
	m := ViewOf(p.Price)
	return &m
}

func productEntry(p *Product) entry {
	view := ProductView{
		ID: p.ID, Kind: p.Kind, Category: p.Category, Name: p.Name, Description: p.Description,
		RequiresDomain: p.RequiresDomain, RequiresTargetURL: p.RequiresTargetURL, Attributes: p.Attributes,
		Cycles: make([]CycleView, len(p.Cycles)),
	}
	if view.Attributes == nil {
		view.Attributes = map[string]string{}
	}
	for i, c := range p.Cycles {
		view.Cycles[i] = CycleView{Cycle: c.Cycle, Price: ViewOf(c.Price), Setup: ViewOf(c.Setup)}
		if c.Intro != nil {
			view.Cycles[i].Intro = &IntroView{Price: ViewOf(c.Intro.Price), Periods: c.Intro.Periods, OncePerCustomer: c.Intro.OncePerCustomer}
		}
	}
	return entry{
		id: p.ID, kind: p.Kind, category: p.Category,
		key:   strings.Join([]string{p.Kind, natural(p.Category), natural(p.Name), p.ID}, "\x00"),
		names: []string{strings.ToLower(p.Name), strings.ToLower(p.Category)},
		text:  strings.ToLower(p.Name + "\n" + p.Category + "\n" + p.Description),
		json:  encode(view),
	}
}

func tldEntry(t *TLD) entry {
	shown := Display(t.Name)
	names := []string{t.Name}
	if shown != t.Name {
		names = append(names, shown)
	}
	return entry{
		id: t.Name, key: t.Name, names: names, text: strings.Join(names, "\n"),
		json: encode(TLDView{
			TLD: shown, ASCII: t.Name, Register: viewOfPrice(t.Register), Renew: viewOfPrice(t.Renew),
			Transfer: viewOfPrice(t.Transfer), Restore: viewOfPrice(t.Restore),
			TransferSupported: t.TransferSupported, Indicative: t.Indicative, Years: append([]int{}, t.Years...),
		}),
	}
}

// encode writes a view, which holds nothing that JSON cannot.
func encode(view any) []byte {
	b, err := json.Marshal(view)
	if err != nil {
		panic(fmt.Sprintf("catalog: a view does not marshal: %v", err))
	}
	return b
}

// natural is a text that sorts as people count: hosting_5gb before hosting_10gb.
func natural(s string) string {
	var out strings.Builder
	digits := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] >= '0' && s[i] <= '9' {
			digits++
			continue
		}
		if digits > 0 {
			out.WriteString("000000000000"[:max(0, 12-digits)])
			out.WriteString(s[i-digits : i])
			digits = 0
		}
		if i < len(s) {
			out.WriteByte(s[i])
		}
	}
	return strings.ToLower(out.String())
}
