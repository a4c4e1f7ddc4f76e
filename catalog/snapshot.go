package catalog

import (
	"github.com/shopspring/decimal"

	"hostfront/money"
)

// Product is a product that is on sale.
type Product struct {
	// ID is the shop's own, stable over syncs; Upstream and Ref are what an order
	// upstream is made by.
	ID, Upstream, Ref string
	// Kind is one of upstream's kinds; Category is the upstream's.
	Kind, Category    string
	Name, Description string
	// RequiresDomain and RequiresTargetURL say what an order of it must carry.
	RequiresDomain, RequiresTargetURL bool
	Attributes                        map[string]string
	// Cycles are those on sale, the month first.
	Cycles []CyclePrice
	// ClientChoice: the upstream wants to be told the cycle.
	ClientChoice bool
	// SpaceID is the operator's own space, for products of kind "own"; else zero.
	SpaceID int64
}

// CyclePrice is what a product costs the customer for a cycle.
type CyclePrice struct {
	Cycle string
	// Price is in the shop's basis; Net and Cost are without VAT. Setup is due once,
	// in the basis.
	Price, Net, Cost, Setup money.Amount
	// Least is the cost and the floor of the rule, without VAT.
	Least money.Amount
	// Intro is what the first periods cost, nil where they cost the same.
	Intro *IntroPrice
}

// Cycle is the product's price for a cycle, if it is sold for that.
func (p *Product) Cycle(cycle string) (CyclePrice, bool) {
	for _, c := range p.Cycles {
		if c.Cycle == cycle {
			return c, true
		}
	}
	return CyclePrice{}, false
}

// TLD is a top-level domain under which names are on sale. Prices are a year's, and
// indicative: what a name costs exactly is DomainPrice's to say.
type TLD struct {
	// Name is the A-label without a dot: "nl", "co.uk", "xn--p1ai".
	Name string
	// Register, Renew, Transfer and Restore are nil where that is not for sale.
	Register, Renew, Transfer, Restore *Price
	TransferSupported                  bool
	// Indicative: the registration's cost was taken from a list price.
	Indicative bool
	// Years are those that can be registered at once.
	Years []int

	id, upstream string // for the rules, when a name is priced exactly
}

// Snapshot is the published catalogue at one version. It never changes, and is safe
// to read from everywhere.
type Snapshot struct {
	version int64
	book    *book

	products    []*Product // in the order of pages
	productByID map[string]*Product
	former      map[string]*Product // mirrored, and not on sale now
	productList list
	tlds        map[string]*TLD
	tldList     list

	compressed chan struct{} // closed when the hot pages have their encodings, or never will
}

// Version is the catalogue version that the snapshot shows.
func (s *Snapshot) Version() int64 { return s.version }

// Basis is whether prices include VAT.
func (s *Snapshot) Basis() Basis { return s.book.basis }

// HomeRate is the VAT rate in percent that gross prices include.
func (s *Snapshot) HomeRate() decimal.Decimal { return s.book.vat.percent }

// Product is a product on sale, by the shop's id.
func (s *Snapshot) Product(id string) (*Product, bool) {
	p, ok := s.productByID[id]
	return p, ok
}

// Known is a product that is on sale, or that a customer may have from when it was.
func (s *Snapshot) Known(id string) (*Product, bool) {
	if p, ok := s.productByID[id]; ok {
		return p, true
	}
	p, ok := s.former[id]
	return p, ok
}

// Products are all that are on sale, in the order of the pages. Not to be changed.
func (s *Snapshot) Products() []*Product { return s.products }

// TLD is a TLD on sale, by its A-label.
func (s *Snapshot) TLD(name string) (*TLD, bool) {
	t, ok := s.tlds[name]
	return t, ok
}

// Len is how many products and TLDs are on sale.
func (s *Snapshot) Len() (products, tlds int) { return len(s.products), len(s.tlds) }

func emptySnapshot(b *book) *Snapshot {
	s := &Snapshot{book: b, productByID: map[string]*Product{}, former: map[string]*Product{}, tlds: map[string]*TLD{}, compressed: make(chan struct{})}
	s.productList = newList(listProducts, nil)
	s.tldList = newList(listTLDs, nil)
	return s
}
