package apptest

import (
	"testing"

	"hostfront/money"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/pay"
)

// Outside changes the stand-ins of a world before they start. A nil member leaves
// them as they are.
type Outside struct {
	LJPC func(*ljpc.Options)
	Pay  func(*pay.Options)
}

func (o Outside) change(l *ljpc.Options, p *pay.Options) {
	if o.LJPC != nil {
		o.LJPC(l)
	}
	if o.Pay != nil {
		o.Pay(p)
	}
}

// NewSmall is New with a catalogue of a handful of products and TLDs, for tests
// that open hundreds of worlds.
func NewSmall(t testing.TB, outside Outside, options ...Option) *World {
	t.Helper()
	return open(t, outside.small(), options...)
}

// small is the same outside with a small catalogue.
func (o Outside) small() Outside {
	return Outside{Pay: o.Pay, LJPC: func(l *ljpc.Options) {
		smallCatalogue(l)
		if o.LJPC != nil {
			o.LJPC(l)
		}
	}}
}

// smallCatalogue is a package by the month, one as the customer likes, and three
// TLDs. Costs are what the upstream's valuepack leaves of the list.
func smallCatalogue(o *ljpc.Options) {
	euro := func(cents int64) *money.Amount { a := money.New(cents, money.EUR); return &a }
	o.Products = []ljpc.Product{
		{
			UUID: "7f0c9a52-1d4e-4b8a-9c11-000000000001", Name: "Pro 10 GB", Identifier: "hosting_10gb", Category: "hosting",
			Billing: "monthly", Monthly: euro(285), DiskGB: 10,
		},
		{
			UUID: "7f0c9a52-1d4e-4b8a-9c11-000000000002", Name: "Flex 25 GB", Identifier: "hosting_25gb", Category: "hosting",
			Billing: "client_choice", Monthly: euro(421), Yearly: euro(4210), DiskGB: 25,
		},
	}
	o.TLDs = []ljpc.TLD{
		{Name: "nl", List: euro(799), Cost: *euro(679), Transfer: true},
		{Name: "com", List: euro(1295), Cost: *euro(1101), Transfer: true},
		{Name: "shop", List: euro(3495), Cost: *euro(2971), Transfer: true},
	}
}
