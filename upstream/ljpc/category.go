package ljpc

import (
	"strconv"
	"strings"

	"hostfront/money"
	"hostfront/upstream"
)

// The documented categories. Nothing else is sold: what an order of it would need
// is not known.
const (
	categoryForward = "hosting_forward"
	categoryDNS     = "hosting_dns"
)

// kindOf is the shop's kind of a category, and whether the category is documented.
func kindOf(category string) (string, bool) {
	switch category {
	case categoryForward:
		return upstream.KindForward, true
	case categoryDNS:
		return upstream.KindDNS, true
	}
	if _, ok := gigabytes(category); ok {
		return upstream.KindHosting, true
	}
	return "", false
}

// gigabytes reads the N of hosting_<N>gb.
func gigabytes(category string) (int, bool) {
	middle, found := strings.CutPrefix(category, "hosting_")
	if !found {
		return 0, false
	}
	middle, found = strings.CutSuffix(middle, "gb")
	if !found || strings.HasPrefix(middle, "+") {
		return 0, false
	}
	n, err := strconv.Atoi(middle)
	return n, err == nil && n > 0
}

func attributesOf(category string, o object) map[string]string {
	attributes := map[string]string{}
	if n, ok := gigabytes(category); ok {
		attributes["disk_gb"] = strconv.Itoa(n)
	}
	if space := o.integer(fieldDiskSpace); space != nil {
		attributes["disk_gb"] = strconv.FormatInt(*space, 10)
	}
	return attributes
}

// readPrice decides the cycles: those that LJPc bills, never a shorter one. What
// a client_choice product costs a month and a year are both for sale.
func readPrice(p *upstream.Product, o object) error {
	monthly, err := o.price(fieldMonthlyPrice)
	if err != nil {
		return err
	}
	yearly, err := o.price(fieldYearlyPrice)
	if err != nil {
		return err
	}
	p.Billing = billingOf(o.text(fieldBillingPeriod), monthly, yearly)
	month := upstream.Price{Cycle: upstream.CycleMonth, Cost: monthly}
	year := upstream.Price{Cycle: upstream.CycleYear, Cost: yearly}
	switch p.Billing {
	case upstream.BillingMonthly:
		p.Prices = []upstream.Price{month}
	case upstream.BillingYearly:
		p.Prices = []upstream.Price{year}
	default:
		p.Prices = []upstream.Price{month, year}
	}
	return nil
}

// billingOf reads how LJPc bills. Where it does not say in a known word, the
// prices that it has tell.
func billingOf(word string, monthly, yearly *money.Amount) string {
	switch strings.ToLower(word) {
	case upstream.BillingMonthly, "month":
		return upstream.BillingMonthly
	case upstream.BillingYearly, "year", "annually":
		return upstream.BillingYearly
	case upstream.BillingClientChoice:
		return upstream.BillingClientChoice
	}
	switch {
	case monthly == nil:
		return upstream.BillingYearly
	case yearly == nil:
		return upstream.BillingMonthly
	}
	return upstream.BillingClientChoice
}
