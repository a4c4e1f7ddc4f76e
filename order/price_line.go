package order

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"hostfront/catalog"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/service"
	"hostfront/upstream"
)

// longestAuthCode is more than any registry gives out.
const longestAuthCode = 255

func (l QuoteLine) hosting() bool { return l.Kind == service.Hosting || l.Kind == service.HostingOwn }

// priceLine prices one line: a product from the catalogue, a name at the upstream's
// exact price.
func (o *Orders) priceLine(ctx context.Context, p LineParams) (QuoteLine, error) {
	switch {
	case p.ProductID == "" && p.Action == "":
		return QuoteLine{}, fault.InvalidField("action", "required", "A line has an action, register or transfer, with a domain, or a product_id with a cycle.")
	case p.ProductID != "" && p.Action != "":
		return QuoteLine{}, fault.InvalidField("action", "not_applicable", "A line has a product_id or an action, not both.")
	case p.ProductID != "":
		return o.priceProduct(p)
	}
	return o.priceDomain(ctx, p)
}

func (o *Orders) priceProduct(p LineParams) (QuoteLine, error) {
	product, ok := o.Catalog.Snapshot().Product(p.ProductID)
	if !ok {
		return QuoteLine{}, fault.InvalidField("product_id", "not_for_sale", "This product is not for sale.")
	}
	cycle, ok := product.Cycle(p.Cycle)
	if !ok {
		return QuoteLine{}, fault.InvalidField("cycle", "not_for_sale", "This product is sold by %s.", anyOf(cycles(product)))
	}
	if err := o.Catalog.MaySell(upstream.FeatureOrder); err != nil {
		return QuoteLine{}, err
	}
	switch {
	case p.Years != 0:
		return QuoteLine{}, fault.InvalidField("years", "not_applicable", "Years are for domain names; a product has a cycle.")
	case p.AuthCode != "":
		return QuoteLine{}, fault.InvalidField("auth_code", "not_applicable", "Only the transfer of a domain name has an auth code.")
	}
	domain, _, err := catalog.NormalizeDomain(p.Domain)
	if err != nil {
		return QuoteLine{}, err
	}
	if err := checkTarget(product, p.TargetURL); err != nil {
		return QuoteLine{}, err
	}
	setup := o.netSetup(cycle)
	line := QuoteLine{
		Kind: service.Hosting, Description: product.Name + " for " + catalog.Display(domain), ProductID: product.ID,
		Cycle: cycle.Cycle, Domain: domain, TargetURL: p.TargetURL, Net: cycle.Net.Add(setup), Setup: setup,
		RenewNet: cycle.Net, cost: cycle.Cost, renewCost: cycle.Cost, upstream: product.Upstream, ref: product.Ref,
		category: product.Category, clientChoice: product.ClientChoice, spaceID: product.SpaceID,
	}
	if cycle.Intro != nil {
		line.Net, line.IntroPeriods, line.introOnce = cycle.Intro.Net.Add(setup), int64(cycle.Intro.Periods), cycle.Intro.OncePerCustomer
	}
	if product.Kind == upstream.KindOwn {
		line.Kind = service.HostingOwn
	}
	if line.upstream == "" {
		line.upstream = o.Upstream
	}
	return line, nil
}

// netSetup is the set-up fee without VAT. The catalogue tells it in the shop's basis,
// so it is taken down by as much as the price is.
func (o *Orders) netSetup(c catalog.CyclePrice) money.Amount {
	if c.Setup.IsZero() || c.Price.Minor == c.Net.Minor || c.Price.IsZero() {
		return money.New(c.Setup.Minor, o.Currency)
	}
	return c.Setup.Split([]int64{c.Net.Minor, c.Price.Minor - c.Net.Minor})[0]
}

// checkTarget: a forward has an absolute web address to go to, nothing else has one.
func checkTarget(product *catalog.Product, target string) error {
	if !product.RequiresTargetURL {
		if target != "" {
			return fault.InvalidField("target_url", "not_applicable", "Only a forward has a target.")
		}
		return nil
	}
	const longest = 2000
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") || len(target) > longest {
		return fault.InvalidField("target_url", "invalid", "An absolute address that starts with http:// or https://.")
	}
	return nil
}

func (o *Orders) priceDomain(ctx context.Context, p LineParams) (QuoteLine, error) {
	if err := checkDomainLine(&p); err != nil {
		return QuoteLine{}, err
	}
	price, err := o.Catalog.DomainPrice(ctx, p.Domain, p.Action)
	if err != nil {
		return QuoteLine{}, err
	}
	if !slices.Contains(price.Years, int(p.Years)) {
		return QuoteLine{}, fault.InvalidField("years", "not_for_sale", "This name is sold for %s at a time.", anyOf(years(price.Years)))
	}
	line := QuoteLine{
		Kind: service.Register, Description: "Registration of " + catalog.Display(price.Name), Cycle: "year", Domain: price.Name,
		Years: p.Years, Premium: price.Premium, Net: times(price.Price.Net, p.Years), Setup: money.Zero(o.Currency),
		RenewNet: price.RenewNet, cost: times(price.Price.Cost, p.Years), renewCost: price.RenewCost, upstream: o.Upstream,
	}
	if p.Action == upstream.ActionTransfer {
		line.Kind, line.Description = service.Transfer, "Transfer of "+catalog.Display(price.Name)
		if line.authSealed, err = o.Sealer.Seal([]byte(p.AuthCode)); err != nil {
			return QuoteLine{}, err
		}
	}
	return line, nil
}

func checkDomainLine(p *LineParams) error {
	if p.Years == 0 {
		p.Years = 1
	}
	switch {
	case p.Action != upstream.ActionRegister && p.Action != upstream.ActionTransfer:
		return fault.InvalidField("action", "invalid", "Give register or transfer.")
	case p.Cycle != "":
		return fault.InvalidField("cycle", "not_applicable", "Cycles are for products; a domain name has years.")
	case p.TargetURL != "":
		return fault.InvalidField("target_url", "not_applicable", "Only a forward has a target.")
	case p.Domain == "":
		return fault.InvalidField("domain", "required", "Give the name to %s, such as example.nl.", p.Action)
	case p.Action == upstream.ActionTransfer && p.AuthCode == "":
		return fault.InvalidField("auth_code", "required", "A transfer needs the auth code of the present registrar.")
	case len(p.AuthCode) > longestAuthCode:
		return fault.InvalidField("auth_code", "too_long", "Give at most %d characters.", longestAuthCode)
	case p.Action == upstream.ActionRegister && p.AuthCode != "":
		return fault.InvalidField("auth_code", "not_applicable", "Only a transfer has an auth code.")
	}
	return nil
}

// cycles are those that a product is sold by.
func cycles(p *catalog.Product) []string {
	var all []string
	for _, c := range p.Cycles {
		all = append(all, c.Cycle)
	}
	return all
}

// years are numbers of years in words: "1 year", "10 years".
func years(numbers []int) []string {
	var all []string
	for _, n := range numbers {
		if n == 1 {
			all = append(all, "1 year")
		} else {
			all = append(all, fmt.Sprintf("%d years", n))
		}
	}
	return all
}

// anyOf is "a", "a or b", "a, b or c".
func anyOf(choices []string) string {
	if len(choices) < 2 {
		return strings.Join(choices, "")
	}
	last := len(choices) - 1
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}

// times is the price of so many years.
func times(a money.Amount, years int64) money.Amount {
	total := a
	for range years - 1 {
		total = total.Add(a)
	}
	return total
}
