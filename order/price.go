package order

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"hostfront/fault"
	"hostfront/money"
	"hostfront/tax"
)

// price computes a quote at today's prices. It writes nothing.
func (o *Orders) price(ctx context.Context, p QuoteParams) (Quote, error) {
	if p.PromoCode != "" {
		return Quote{}, fault.InvalidField("promo_code", "unknown", "There is no such promotion.")
	}
	buyer, err := o.buyer(ctx, p.CustomerID, p.Country)
	if err != nil {
		return Quote{}, err
	}
	lines, err := o.priceLines(ctx, p.Lines)
	if err != nil {
		return Quote{}, err
	}
	now := o.Clock.Now()
	quote := Quote{
		CustomerID: p.CustomerID, Country: buyer.Country, Lines: lines, CreatedAt: now, ExpiresAt: now.Add(o.QuoteTime),
	}
	return quote, o.tax(&quote, buyer)
}

// tax puts VAT on the lines of a quote as the invoice will: on the document's total.
func (o *Orders) tax(quote *Quote, buyer tax.Buyer) error {
	treatment, err := o.Tax.Treat(o.Clock.Now(), buyer)
	if err != nil {
		return fault.InvalidField("country", "invalid", "This is not a country that can be sold to.").Because(err)
	}
	quote.Treatment = treatment
	nets := make([]money.Amount, len(quote.Lines))
	for i, l := range quote.Lines {
		nets[i] = l.Net
	}
	quote.Net, quote.VAT = money.Zero(o.Currency), money.Zero(o.Currency)
	for i, vat := range treatment.Apply(nets) {
		l := &quote.Lines[i]
		l.VAT = vat
		l.RenewVAT = treatment.Apply([]money.Amount{l.RenewNet})[0]
		quote.Net, quote.VAT = quote.Net.Add(l.Net), quote.VAT.Add(vat)
	}
	quote.Gross = quote.Net.Add(quote.VAT)
	quote.Recurring = recurring(treatment, quote.Lines)
	return nil
}

// recurring adds up what is due each cycle. Each subscription is billed by itself, so
// that its VAT is rounded by itself.
func recurring(t tax.Treatment, lines []QuoteLine) []Recurring {
	totals := []Recurring{}
	for _, cycle := range []string{"month", "year"} {
		r, any := Recurring{Cycle: cycle}, false
		for _, l := range lines {
			if l.Cycle == cycle {
				r.Net, r.VAT, any = r.Net.Add(l.RenewNet), r.VAT.Add(l.RenewVAT), true
			}
		}
		if any {
			r.Gross = r.Net.Add(r.VAT)
			totals = append(totals, r)
		}
	}
	return totals
}

// buyer is who is taxed: a customer as they are known, else a consumer in the country
// that was given, else one in the seller's.
func (o *Orders) buyer(ctx context.Context, customerID, country string) (tax.Buyer, error) {
	country = strings.ToUpper(strings.TrimSpace(country))
	if country != "" && !isCountryCode(country) {
		return tax.Buyer{}, fault.InvalidField("country", "invalid", "A two-letter country code, such as NL.")
	}
	if customerID != "" {
		c, err := o.Accounts.Customer(ctx, o.Store.Read(), customerID)
		if err != nil {
			return tax.Buyer{}, err
		}
		return c.Buyer(), nil
	}
	if country == "" {
		country = o.SellerCountry
	}
	return tax.Buyer{Country: country}, nil
}

// priceLines prices every line, the names at the same time, and reports what cannot
// be sold for all lines at once.
func (o *Orders) priceLines(ctx context.Context, asked []LineParams) ([]QuoteLine, error) {
	if len(asked) == 0 || len(asked) > maxLines {
		return nil, fault.InvalidField("lines", "count", "A cart has 1 to %d lines.", maxLines)
	}
	const atOnce = 8
	lines := make([]QuoteLine, len(asked))
	failures := make([]error, len(asked))
	group := errgroup.Group{}
	group.SetLimit(atOnce)
	for i, p := range asked {
		group.Go(func() error {
			lines[i], failures[i] = o.priceLine(ctx, p)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := gather(failures); err != nil {
		return nil, err
	}
	if err := oneOfEachName(lines); err != nil {
		return nil, err
	}
	for i := range lines {
		lines[i].ID = o.Store.NewID("qln")
	}
	return lines, nil
}

// gather makes one error of the lines' errors: the fields of those that are not
// acceptable, or the first one of another kind.
func gather(failures []error) error {
	var fields []fault.Field
	for i, err := range failures {
		if err == nil {
			continue
		}
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Invalid {
			return err
		}
		prefix := fmt.Sprintf("lines[%d]", i)
		if len(e.Fields) == 0 {
			fields = append(fields, fault.Field{Name: prefix + ".domain", Code: e.Code, Message: e.Message})
		}
		for _, f := range e.Fields {
			fields = append(fields, fault.Field{Name: prefix + "." + f.Name, Code: f.Code, Message: f.Message})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return fault.InvalidFields(fields...)
}

// oneOfEachName: a name is bought or moved once, and hosted once, in one order.
func oneOfEachName(lines []QuoteLine) error {
	seen := map[string]bool{}
	for i, l := range lines {
		key := l.Domain
		if l.hosting() {
			key = "hosting " + key
		}
		if seen[key] {
			return fault.InvalidField(fmt.Sprintf("lines[%d].domain", i), "duplicate", "This name is in the cart already.")
		}
		seen[key] = true
	}
	return nil
}

func isCountryCode(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
