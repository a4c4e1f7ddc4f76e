package order

import (
	"context"

	"hostfront/db"
	"hostfront/service"
)

// deliver writes the deliveries with their blocked tasks: first the names, so that
// hosting can wait for the registration of its own.
func (o *Orders) deliver(ctx context.Context, q *db.Queries, p PlaceParams, quote Quote, made *written) error {
	registering := map[string]string{}
	for _, hosting := range []bool{false, true} {
		for i, l := range quote.Lines {
			if l.hosting() != hosting {
				continue
			}
			d := o.delivery(p, l, made, made.lines[i])
			if hosting {
				d.After = registering[l.Domain]
			}
			if l.Kind == service.Register {
				registering[l.Domain] = d.ID
			}
			if err := o.deliverLine(ctx, q, p, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *Orders) deliverLine(ctx context.Context, q *db.Queries, p PlaceParams, d service.DeliverParams) error {
	if d.Kind == service.Register || d.Kind == service.Transfer {
		if !o.reserves(p.Gateway) {
			// A bank transfer holds no name, but must not start from one that is held.
			if err := o.Services.Reservable(ctx, q, d.Reservation()); err != nil {
				return err
			}
		} else if err := o.Services.Reserve(ctx, q, d.Reservation()); err != nil {
			return err
		}
	}
	return o.Services.Deliver(ctx, q, d)
}

func (o *Orders) delivery(p PlaceParams, l QuoteLine, made *written, id string) service.DeliverParams {
	d := service.DeliverParams{
		ID: id, OrderID: made.order, CustomerID: p.CustomerID, InvoiceID: made.invoice, Upstream: l.upstream, Kind: l.Kind,
		Domain: l.Domain, ProductID: l.ProductID, ProductRef: l.ref, Category: l.category, Description: l.Description,
		Cycle: l.Cycle, ClientChoice: l.clientChoice, TargetURL: l.TargetURL, SpaceID: l.spaceID, AuthCodeSealed: l.authSealed,
		Net: l.Net, Cost: l.cost, RenewNet: l.RenewNet, RenewCost: l.renewCost, IntroPeriods: l.IntroPeriods, IntroNet: l.IntroNet,
	}
	if !l.hosting() {
		d.RegistrantID = made.registrant
	}
	return d
}
