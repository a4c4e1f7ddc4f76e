package ljpc

import (
	_ "embed"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hostfront/money"
)

// tldNames is every ICANN TLD of golang.org/x/net/publicsuffix and the usual
// second levels, one a line, sorted.
//
//go:embed tlds.txt
var tldNames string

// TLD is a TLD that is sold.
type TLD struct {
	Name string
	// List is the indicative price of a year; nil where the catalogue has none.
	List *money.Amount
	// Cost is what the accounts pay for a name of it, valuepack included.
	Cost     money.Amount
	Transfer bool
}

// familiar are list prices in cents that look like the market's.
var familiar = map[string]int64{
	"nl": 799, "com": 1295, "net": 1495, "org": 1395, "eu": 895, "be": 895, "de": 795, "info": 2195, "shop": 3495,
	"online": 3295, "app": 1995, "dev": 1795, "io": 4995, "co.uk": 995, "uk": 895, "fr": 1095, "es": 1095, "it": 1195,
	"at": 1495, "ch": 1295, "se": 1795, "dk": 1495, "amsterdam": 3995, "frl": 3495, "store": 4495, "site": 2995,
}

// discountPercent is the valuepack: what accounts pay less than list.
const discountPercent = 15

func discounted(list money.Amount) money.Amount {
	return money.New((list.Minor*(100-discountPercent)+50)/100, list.Currency)
}

// allTLDs prices the whole list by the seed: some have no list price, some
// cannot be transferred.
func allTLDs(seed uint64) []TLD {
	names := strings.Fields(tldNames)
	tlds := make([]TLD, 0, len(names))
	for _, name := range names {
		h := spread(seed, "tld:"+name)
		list := money.New(int64(499+h%9000), money.EUR)
		usual, wellKnown := familiar[name]
		if wellKnown {
			list.Minor = usual
		}
		t := TLD{Name: name, List: &list, Cost: discounted(list), Transfer: wellKnown || h%23 != 0}
		if !wellKnown && h%37 == 0 {
			t.List = nil
		}
		tlds = append(tlds, t)
	}
	return tlds
}

// spread is a number that is different for every text and the same for a seed.
func spread(seed uint64, text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatUint(seed, 10) + "/" + text))
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return x
}

type wireTLD struct {
	TLD      string  `json:"tld"`
	Price    *string `json:"price"`
	Transfer bool    `json:"transfer_supported"`
}

func (s *Server) listTLDs(*call) answer { return ok(s.pages.tlds) }

func (s *Server) wireTLDs() []wireTLD {
	list := make([]wireTLD, 0, len(s.tlds))
	for _, t := range s.tlds {
		list = append(list, wireTLD{TLD: t.Name, Price: decimalText(t.List), Transfer: t.Transfer})
	}
	slices.SortFunc(list, func(a, b wireTLD) int { return strings.Compare(a.TLD, b.TLD) })
	return list
}

func decimalText(a *money.Amount) *string {
	if a == nil {
		return nil
	}
	text := a.Format()
	return &text
}

// SetTLD adds a TLD to the catalogue or changes it, as upstreams do.
func (s *Server) SetTLD(t TLD) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tlds[t.Name] = t
	s.rebuildPages()
}

// RemoveTLD takes a TLD out of the catalogue.
func (s *Server) RemoveTLD(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tlds, name)
	s.rebuildPages()
}

// tldOf is the TLD of a name that could be registered: one label under it.
func (s *Server) tldOf(name string) (TLD, bool) {
	label, tld, found := strings.Cut(name, ".")
	if !found || !validLabel(label) {
		return TLD{}, false
	}
	t, sold := s.tlds[tld]
	return t, sold
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(label, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}

var unsupportedTLD = refuse(http.StatusUnprocessableEntity, "This TLD is not supported.")
