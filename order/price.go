package order

import (
	"context"
	"strings"

	"hostfront/account"
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
	if _, err := o.onceEach(ctx, o.Store.Read(), p.CustomerID, lines); err != nil {
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

// buyer is who is taxed: a customer as they are known, else a consumer in the country
// that was given, else one in the seller's.
func (o *Orders) buyer(ctx context.Context, customerID, country string) (tax.Buyer, error) {
	country = strings.ToUpper(strings.TrimSpace(country))
	if country != "" && !account.KnownCountry(country) {
		return tax.Buyer{}, fault.InvalidField("country", "invalid_country", "Give the country as its two-letter ISO 3166-1 code, such as NL.")
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
