package order

import (
	"context"
	"fmt"

	"hostfront/catalog"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/service"
	"hostfront/tax"
	"hostfront/upstream"
)

// recheck compares a quote with the world right before it is ordered: the upstream's
// prices, the buyer's VAT, whether names are still free. It gives the quote as it may
// be ordered, or the fault that offers another.
func (o *Orders) recheck(ctx context.Context, p PlaceParams, quote Quote) (Quote, error) {
	changed, err := o.recheckPrices(ctx, &quote)
	if err != nil {
		return quote, err
	}
	used, err := o.onceEach(ctx, o.Store.Read(), p.CustomerID, quote.Lines)
	if err != nil {
		return quote, err
	}
	buyer, err := o.buyer(ctx, p.CustomerID, "")
	if err != nil {
		return quote, err
	}
	taxed, err := o.retax(quote, buyer)
	if err != nil {
		return quote, err
	}
	if changed || used || taxed.Gross != quote.Gross {
		return quote, o.offer(ctx, p, taxed)
	}
	return taxed, o.stillFree(ctx, p, quote)
}

// retax taxes the lines as the customer is taxed, who may not have been known when
// the quote was made.
func (o *Orders) retax(quote Quote, buyer tax.Buyer) (Quote, error) {
	taxed := quote
	taxed.Lines = append([]QuoteLine(nil), quote.Lines...)
	taxed.Country = buyer.Country
	return taxed, o.tax(&taxed, buyer)
}

// recheckPrices asks what each line costs upstream now, and will cost in later years.
// Where that moved, and the price to the customer with it, the line gets the new price
// and changed is true. A cost that moved alone is taken over: the guard at delivery
// compares with it.
func (o *Orders) recheckPrices(ctx context.Context, quote *Quote) (changed bool, err error) {
	failures := make([]error, len(quote.Lines))
	for i := range quote.Lines {
		l := &quote.Lines[i]
		now, err := o.priceLine(ctx, l.params())
		if err != nil {
			failures[i] = err
			continue
		}
		if now.cost == l.cost && now.renewCost == l.renewCost {
			continue
		}
		l.cost, l.renewCost = now.cost, now.renewCost
		if now.Net != l.Net || now.RenewNet != l.RenewNet {
			changed = true
			l.Net, l.Setup, l.RenewNet = now.Net, now.Setup, now.RenewNet
			l.IntroPeriods, l.introOnce = now.IntroPeriods, now.introOnce
		}
	}
	return changed, gather(failures)
}

// params asks for a line's price again. The auth code has no bearing on it.
func (l QuoteLine) params() LineParams {
	switch l.Kind {
	case service.Register:
		return LineParams{Action: upstream.ActionRegister, Domain: l.Domain, Years: l.Years}
	case service.Transfer:
		return LineParams{Action: upstream.ActionTransfer, Domain: l.Domain, Years: l.Years, AuthCode: "asked before"}
	}
	return LineParams{ProductID: l.ProductID, Cycle: l.Cycle, Domain: l.Domain, TargetURL: l.TargetURL}
}

// offer keeps the cart at its new price as a quote of the customer's, and refuses the
// old one with it.
func (o *Orders) offer(ctx context.Context, p PlaceParams, quote Quote) error {
	var err error
	if quote.ID, err = o.secretID("quo"); err != nil {
		return err
	}
	now := o.Clock.Now()
	quote.CustomerID, quote.Version, quote.OrderID = p.CustomerID, 1, ""
	quote.CreatedAt, quote.ExpiresAt = now, now.Add(o.QuoteTime)
	for i := range quote.Lines {
		quote.Lines[i].ID = o.Store.NewID("qln")
	}
	if err := o.Store.Tx(ctx, func(q *db.Queries) error { return o.insertQuote(ctx, q, quote) }); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "price_changed", "The price has changed since this cart was priced. The new price is %s %s; renewals may have changed too.",
		quote.Gross.Format(), quote.Gross.Currency).
		With("quote", map[string]any{"id": quote.ID, "gross": quote.Gross, "expires_at": quote.ExpiresAt})
}

// stillFree asks again whether the names to be registered are free, and whether what
// is ordered is not there already.
func (o *Orders) stillFree(ctx context.Context, p PlaceParams, quote Quote) error {
	var names []string
	for i, l := range quote.Lines {
		taken, err := o.Services.InUse(ctx, o.Store.Read(), l.Kind, l.Domain)
		if err != nil {
			return err
		}
		if taken {
			return lineFault(i, "already_here", "This is delivered here already.", l.Domain)
		}
		if err := o.notAnothers(ctx, i, l, p.CustomerID); err != nil {
			return err
		}
		if l.Kind == service.Register {
			names = append(names, l.Domain)
		}
	}
	if len(names) == 0 {
		return nil
	}
	o.Catalog.Forget(names...)
	checked, err := o.Catalog.Check(ctx, "", names)
	if err != nil {
		return err
	}
	for _, a := range checked {
		switch a.Status {
		case catalog.StatusAvailable:
		case catalog.StatusUnknown:
			if a.Reason == catalog.ReasonUnpermitted {
				return fault.New(fault.Conflict, "feature_unavailable", "Names cannot be registered here at the moment. Nothing was ordered.")
			}
			return fault.New(fault.Away, "upstream_unavailable", "It cannot be checked at the moment whether %s is free; try again in a minute.", a.Name)
		default:
			return fault.New(fault.Conflict, "domain_taken", "%s is not free any more.", a.Name).With("domain", a.ASCII)
		}
	}
	return nil
}

// notAnothers refuses to host a name that another customer holds here.
func (o *Orders) notAnothers(ctx context.Context, i int, l QuoteLine, customerID string) error {
	if !l.hosting() {
		return nil
	}
	foreign, err := o.Services.HeldByOther(ctx, o.Store.Read(), l.Domain, customerID)
	if err == nil && foreign {
		err = lineFault(i, "name_not_yours", "This name is held by another customer here.", l.Domain)
	}
	return err
}

func lineFault(i int, code, message, domain string) error {
	return fault.New(fault.Conflict, code, "%s", message).With("domain", domain).With("line", fmt.Sprintf("lines[%d]", i))
}

// tldOf is the suffix that a name is sold under.
func (o *Orders) tldOf(name string) string {
	_, tld, err := catalog.NormalizeDomain(name)
	if err != nil {
		_, tld = cutDot(name)
	}
	return tld
}

func cutDot(name string) (before, after string) {
	for i := range name {
		if name[i] == '.' {
			return name[:i], name[i+1:]
		}
	}
	return name, ""
}
