package main

import (
	"fmt"

	"hostfront/money"
	"hostfront/sandbox/ljpc"
)

// The size of the catalogue that the bars name.
const (
	productsOfBar = 500
	tldsOfBar     = 1500
)

// products are hosting products over the documented categories and every way of
// billing, at prices that differ.
func products(n int) []ljpc.Product {
	billing := []string{"client_choice", "monthly", "yearly"}
	list := make([]ljpc.Product, n)
	for i := range list {
		gb := int64(1 + i%200)
		p := ljpc.Product{
			UUID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Name: fmt.Sprintf("Hosting %d", i), Category: "hosting",
			Identifier: fmt.Sprintf("hosting_%dgb", gb), Billing: billing[i%len(billing)], DiskGB: gb,
			Description: fmt.Sprintf("Web hosting with %d GB of space, e-mail and a control panel.", gb),
		}
		if p.Billing != "yearly" {
			p.Monthly = euros(199 + gb*9)
		}
		if p.Billing != "monthly" {
			p.Yearly = euros(1990 + gb*90)
		}
		list[i] = p
	}
	return list
}

// tlds are the well-known ones that are ordered here, and as many made-up ones as
// it takes.
func tlds(n int) []ljpc.TLD {
	list := make([]ljpc.TLD, n)
	for i := range list {
		name := fmt.Sprintf("t%04d", i)
		if i == 0 {
			name = "nl"
		}
		cost := money.New(int64(499+i*7%9000), money.EUR)
		list[i] = ljpc.TLD{Name: name, List: euros(cost.Minor + 100), Cost: cost, Transfer: i%23 != 1}
	}
	return list
}

func euros(cents int64) *money.Amount {
	a := money.New(cents, money.EUR)
	return &a
}
