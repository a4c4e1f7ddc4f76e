package ljpc

import (
	"encoding/json"
	"slices"
	"strings"

	"hostfront/money"
)

type wireProduct struct {
	UUID        string  `json:"product_uuid"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Category    string  `json:"category"`
	Identifier  string  `json:"category_identifier"`
	Monthly     *string `json:"monthly_price"`
	Yearly      *string `json:"yearly_price"`
	Billing     string  `json:"billing_period"`
	DiskGB      *int64  `json:"disk_space_gb"`
}

func (p Product) wire(discount bool) wireProduct {
	price := func(a *money.Amount) *string {
		if a != nil && discount {
			d := discounted(*a)
			a = &d
		}
		return decimalText(a)
	}
	w := wireProduct{
		UUID: p.UUID, Name: p.Name, Description: p.Description, Category: p.Category, Identifier: p.Identifier,
		Monthly: price(p.Monthly), Yearly: price(p.Yearly), Billing: p.Billing,
	}
	if p.DiskGB > 0 {
		w.DiskGB = &p.DiskGB
	}
	return w
}

// rebuildPages makes the catalogue's answers anew. The lock is held, or the
// server not yet in use.
func (s *Server) rebuildPages() {
	s.pages.tlds = mustJSON(s.wireTLDs())
	s.pages.products = map[bool]map[string][]byte{}
	for _, keyed := range []bool{false, true} {
		byCategory := map[string][]wireProduct{"": {}}
		for _, p := range s.products {
			byCategory[""] = append(byCategory[""], p.wire(keyed))
			byCategory[p.Category] = append(byCategory[p.Category], p.wire(keyed))
		}
		s.pages.products[keyed] = map[string][]byte{}
		for category, list := range byCategory {
			slices.SortFunc(list, func(a, b wireProduct) int { return strings.Compare(a.UUID, b.UUID) })
			s.pages.products[keyed][category] = mustJSON(map[string]any{"products": list})
		}
	}
}

// mustJSON encodes what is made of strings and numbers only.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
