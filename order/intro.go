package order

import (
	"context"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/money"
	"hostfront/tax"
)

// introduced is true of a line that is sold with an introduction: its first periods cost less.
func (l QuoteLine) introduced() bool { return l.IntroPeriods > 0 }

// plain sells a line without its introduction, at the price that holds after it.
func (l *QuoteLine) plain() {
	l.Net, l.IntroPeriods, l.introOnce = l.RenewNet.Add(l.Setup), 0, false
	l.IntroNet, l.IntroVAT = money.Amount{}, money.Amount{}
}

// introduce works out what a period of each introduction costs.
func introduce(t tax.Treatment, lines []QuoteLine) {
	for i := range lines {
		if l := &lines[i]; l.introduced() {
			l.IntroNet = l.Net.Sub(l.Setup)
			l.IntroVAT = t.Apply([]money.Amount{l.IntroNet})[0]
		}
	}
}

// onceEach takes the introductions that a customer has once off the lines of whom has had them, and
// off all but the first line of a product. A visitor is taken at their word until they sign in.
// taken is true where a line lost one.
func (o *Orders) onceEach(ctx context.Context, q *db.Queries, customerID string, lines []QuoteLine) (taken bool, err error) {
	had := map[string]bool{}
	for i := range lines {
		l := &lines[i]
		if !l.introduced() || !l.introOnce {
			continue
		}
		if _, known := had[l.ProductID]; !known && customerID != "" {
			used, err := q.IntroductionsOf(ctx, db.IntroductionsOfParams{CustomerID: customerID, ProductID: l.ProductID})
			if err != nil {
				return false, fmt.Errorf("introductions that %s has had: %w", customerID, err)
			}
			had[l.ProductID] = len(used) > 0
		}
		if had[l.ProductID] {
			l.plain()
			taken = true
		}
		had[l.ProductID] = true
	}
	return taken, nil
}

// introUsed is an order whose introduction another one took while it was placed: lines are those of
// its cart without it.
type introUsed struct{ lines []QuoteLine }

func (*introUsed) Error() string { return "an introduction of the cart was used meanwhile" }

// stillOnce looks again in the transaction of an order.
func (o *Orders) stillOnce(ctx context.Context, q *db.Queries, customerID string, quote Quote) error {
	lines := slices.Clone(quote.Lines)
	taken, err := o.onceEach(ctx, q, customerID, lines)
	if err == nil && taken {
		err = &introUsed{lines}
	}
	return err
}

// offerPlain refuses an order whose introduction is used, with a cart without it.
func (o *Orders) offerPlain(ctx context.Context, p PlaceParams, quote Quote, lines []QuoteLine) error {
	quote.Lines = lines
	buyer, err := o.buyer(ctx, p.CustomerID, "")
	if err != nil {
		return err
	}
	taxed, err := o.retax(quote, buyer)
	if err != nil {
		return err
	}
	return o.offer(ctx, p, taxed)
}

// onInvoice is what the order's invoice says of a line.
func (l QuoteLine) onInvoice() string {
	switch {
	case l.introduced() && l.IntroNet.IsZero():
		return l.Description + " (free of charge)"
	case l.introduced():
		return l.Description + " (introductory price)"
	}
	return l.Description
}
