package order

import (
	"context"
	"errors"
	"slices"

	"hostfront/account"
	"hostfront/db"
	"hostfront/fault"
)

// Consents is what the customer agreed to. Versions default to the shop's.
type Consents struct {
	Terms, RegistryTerms, ImmediateDelivery bool
	// Version is that of the texts that were shown.
	Version string
}

// PlaceParams is an order to be placed.
type PlaceParams struct {
	CustomerID, QuoteID string
	// Registrant is who names are registered to; nil when there are none.
	Registrant *account.Registrant
	Consents   Consents
	// Address is the client's network address, kept with the consents.
	Address string
	// Gateway is how it will be paid; ReturnURL where a redirect brings the customer
	// back; SaveMethod keeps the method for renewals.
	Gateway, ReturnURL string
	SaveMethod         bool
	Idempotency        Idempotency
	// Admit, when there, is asked before the suppliers are, once nothing else stands in
	// the way of a new order: its error refuses the order. A repeated request does not
	// come so far.
	Admit func() error
}

// Placed is an order with what was made beside it. The payment is read from billing
// by Order.PaymentID, the invoice by Order.InvoiceID.
type Placed struct {
	Order Order
	// Replayed: the key had placed it before.
	Replayed bool
}

// Place makes an order of a quote, its invoice and its payment, and begins that
// payment. Faults: not_found, no_new_orders, quote_ordered, quote_expired, price_changed (with
// "quote", the new one), name_reserved, domain_taken, already_here, name_not_yours,
// consents and registrant fields, upstream_unavailable, idempotency_key_reused.
func (o *Orders) Place(ctx context.Context, p PlaceParams) (Placed, error) {
	if p.Idempotency.Key == "" {
		return Placed{}, fault.New(fault.Malformed, "idempotency_key_required", "An order needs an Idempotency-Key.")
	}
	done, found, err := Claimed(ctx, o.Store.Read(), p.Idempotency)
	if err != nil {
		return Placed{}, err
	}
	if found {
		return o.replay(ctx, p, done)
	}
	quote, err := o.prepared(ctx, p)
	if err != nil {
		return o.unlessPlaced(ctx, p, err)
	}
	return o.commit(ctx, p, quote)
}

// prepared is the quote when it can be ordered now, at the prices of now.
func (o *Orders) prepared(ctx context.Context, p PlaceParams) (Quote, error) {
	quote, err := o.orderable(ctx, p)
	if err != nil {
		return quote, err
	}
	if err := o.welcome(ctx, o.Store.Read(), p.CustomerID); err != nil {
		return quote, err
	}
	if err := o.acceptable(p, quote); err != nil {
		return quote, err
	}
	if p.Admit != nil {
		if err := p.Admit(); err != nil {
			return quote, err
		}
	}
	return o.recheck(ctx, p, quote)
}

// unlessPlaced is why an order is refused, or the order that the same key placed
// meanwhile: that one is what stands in the way.
func (o *Orders) unlessPlaced(ctx context.Context, p PlaceParams, refusal error) (Placed, error) {
	done, found, err := Claimed(ctx, o.Store.Read(), p.Idempotency)
	if err != nil || !found {
		return Placed{}, refusal
	}
	return o.replay(ctx, p, done)
}

// replay answers a repeated request with what the first one made.
func (o *Orders) replay(ctx context.Context, p PlaceParams, orderID string) (Placed, error) {
	placed, err := o.Get(ctx, p.CustomerID, orderID)
	return Placed{Order: placed, Replayed: true}, err
}

// orderable reads a quote that can still be ordered.
func (o *Orders) orderable(ctx context.Context, p PlaceParams) (Quote, error) {
	quote, err := o.QuoteByID(ctx, p.CustomerID, p.QuoteID)
	switch {
	case err != nil:
		return quote, err
	case quote.OrderID != "":
		return quote, quoteOrdered(quote)
	case !o.Clock.Now().Before(quote.ExpiresAt):
		return quote, fault.New(fault.Conflict, "quote_expired", "The prices of this cart have expired; ask for new ones.")
	}
	return quote, nil
}

// commit writes the order in one transaction, and then begins its payment.
func (o *Orders) commit(ctx context.Context, p PlaceParams, quote Quote) (Placed, error) {
	var made written
	err := o.Store.Tx(ctx, func(q *db.Queries) error {
		made = written{order: o.Store.NewID("ord"), invoice: o.Store.NewID("inv")}
		existing, err := Claim(ctx, q, p.Idempotency, made.order, o.Clock.Now())
		if err != nil {
			return err
		}
		if existing != "" {
			made = written{order: existing, replayed: true}
			return nil
		}
		return o.write(ctx, q, p, quote, &made)
	})
	var used *introUsed
	if errors.As(err, &used) {
		return o.unlessPlaced(ctx, p, o.offerPlain(ctx, p, quote, used.lines))
	}
	if err != nil {
		return Placed{}, err
	}
	if made.replayed {
		return o.replay(ctx, p, made.order)
	}
	o.beginPayment(ctx, made)
	placed, err := o.Get(ctx, p.CustomerID, made.order)
	return Placed{Order: placed}, err
}

// beginPayment asks the gateway while the customer waits. Whatever comes of it, the
// order stands and the task goes on by itself: the answer says that it is pending.
func (o *Orders) beginPayment(ctx context.Context, made written) {
	if made.paymentTask == "" {
		return
	}
	if _, err := o.Tasks.Run(ctx, made.paymentTask); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		o.Log.Error("payment not begun inline", "order", made.order, "error", err)
	}
}

// reserves says whether an order paid through a gateway holds its names.
func (o *Orders) reserves(gateway string) bool { return !slices.Contains(o.Unreserved, gateway) }
