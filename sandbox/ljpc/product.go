package ljpc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"hostfront/money"
)

// Product is a product of the catalogue, at its list price.
type Product struct {
	UUID, Name, Description string
	// Category is the coarse one that ?category= filters by; Identifier is
	// category_identifier.
	Category, Identifier string
	// Billing is monthly, yearly or client_choice.
	Billing string
	// Monthly and Yearly are list prices; nil where it cannot be had so.
	Monthly, Yearly *money.Amount
	// DiskGB is 0 for what has no space, and -1 for no limit.
	DiskGB int64
}

// The ways a product is billed.
const (
	billedMonthly = "monthly"
	billedYearly  = "yearly"
	clientChoice  = "client_choice"
)

// allProducts is some dozens of hosting products over every documented category
// and way of billing, and a few that the document does not describe.
func allProducts(seed uint64) []Product {
	var list []Product
	for _, gb := range []int64{1, 2, 5, 10, 15, 20, 25, 50, 75, 100, 150, 200} {
		identifier := fmt.Sprintf("hosting_%dgb", gb)
		for tier, billing := range map[string]string{"Start": billedYearly, "Flex": clientChoice, "Pro": billedMonthly} {
			p := Product{
				Name: fmt.Sprintf("%s %d GB", tier, gb), Identifier: identifier, Billing: billing, DiskGB: gb,
				Description: fmt.Sprintf("Web hosting with %d GB of space, e-mail and a control panel.", gb),
			}
			list = append(list, p.priced(seed, 195+gb*9))
		}
	}
	for name, billing := range map[string]string{"Forward": billedYearly, "Forward Flex": clientChoice, "Forward Month": billedMonthly} {
		list = append(list, Product{Name: name, Identifier: "hosting_forward", Billing: billing, Description: "Sends visitors of a name on to another address."}.priced(seed, 75))
	}
	for name, billing := range map[string]string{"DNS": billedYearly, "DNS Flex": clientChoice, "DNS Month": billedMonthly} {
		list = append(list, Product{Name: name, Identifier: "hosting_dns", Billing: billing, Description: "DNS for a name held elsewhere."}.priced(seed, 50))
	}
	for _, identifier := range []string{"domain_nl", "ssl_wildcard", "vps_small", "hosting_reseller", "hosting_gb"} {
		list = append(list, Product{Name: "Other " + identifier, Identifier: identifier, Category: "other", Billing: billedMonthly}.priced(seed, 999))
	}
	slices.SortFunc(list, func(a, b Product) int { return strings.Compare(a.UUID, b.UUID) })
	return list
}

// priced gives a product its id and its prices by the seed: about so many cents
// a month, ten months' worth a year.
func (p Product) priced(seed uint64, cents int64) Product {
	h := spread(seed, "product:"+p.Name)
	month := money.New(cents+int64(h%50), money.EUR)
	year := money.New(month.Minor*10+int64(h%7), money.EUR)
	p.UUID = uuidOf(h, spread(seed, "uuid:"+p.Name))
	if p.Category == "" {
		p.Category = "hosting"
	}
	if p.Billing != billedYearly {
		p.Monthly = &month
	}
	if p.Billing != billedMonthly {
		p.Yearly = &year
	}
	return p
}

// pages are the catalogue's answers, made once for every change.
type pages struct {
	tlds json.RawMessage
	// products by whether a key was sent, and by category ("" for all).
	products map[bool]map[string][]byte
}

// listProducts is public and raw: list prices without a key, the account's with one.
func (s *Server) listProducts(c *call) answer {
	page, known := s.pages.products[c.key != nil][c.URL.Query().Get("category")]
	if !known {
		page = []byte(`{"products":[]}`)
	}
	return answer{status: http.StatusOK, raw: page}
}

// SetProduct adds a product to the catalogue or changes it.
func (s *Server) SetProduct(p Product) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.products[p.UUID] = p
	s.rebuildPages()
}

// RemoveProduct takes a product out of the catalogue.
func (s *Server) RemoveProduct(uuid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.products, uuid)
	s.rebuildPages()
}

// Products is the catalogue as it stands, ordered by id.
func (s *Server) Products() []Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Product, 0, len(s.products))
	for _, p := range s.products {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Product) int { return strings.Compare(a.UUID, b.UUID) })
	return list
}

// TLDs is the catalogue of TLDs as it stands, ordered by name.
func (s *Server) TLDs() []TLD {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]TLD, 0, len(s.tlds))
	for _, t := range s.tlds {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b TLD) int { return strings.Compare(a.Name, b.Name) })
	return list
}
