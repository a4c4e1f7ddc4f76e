package order

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/event"
)

// written are the ids of what an order's transaction made.
type written struct {
	order, invoice, number string
	registrant             string
	payment, paymentTask   string
	replayed               bool
	// lines are the order lines' ids, by the quote's positions.
	lines []string
}

// write makes the order and everything beside it, as part of one transaction.
func (o *Orders) write(ctx context.Context, q *db.Queries, p PlaceParams, quote Quote, made *written) error {
	if err := o.welcome(ctx, q, p.CustomerID); err != nil {
		return err
	}
	rows, err := q.QuoteTake(ctx, db.QuoteTakeParams{
		ID: quote.ID, FromVersion: quote.Version, OrderID: made.order, CustomerID: p.CustomerID, UpdatedAt: o.now(),
	})
	if err != nil {
		return fmt.Errorf("take the quote of order %s: %w", made.order, err)
	}
	if rows == 0 {
		return o.quoteLost(ctx, q, p, quote)
	}
	if err := q.QuoteCodesForget(ctx, quote.ID); err != nil {
		return fmt.Errorf("forget the codes of the quote of order %s: %w", made.order, err)
	}
	if p.Registrant != nil && len(registered(quote)) > 0 {
		if made.registrant, err = o.Accounts.Registrant(ctx, q, p.CustomerID, *p.Registrant); err != nil {
			return err
		}
	}
	if made.number, err = o.freeNumber(ctx, q); err != nil {
		return err
	}
	if err := o.stillOnce(ctx, q, p.CustomerID, quote); err != nil {
		return err
	}
	for range quote.Lines {
		made.lines = append(made.lines, o.Store.NewID("oln"))
	}
	if err := o.deliver(ctx, q, p, quote, made); err != nil {
		return err
	}
	if err := o.writeOrder(ctx, q, p, quote, made); err != nil {
		return err
	}
	return o.Events.Emit(ctx, q, event.Params{
		Kind: "order.received", Subject: made.order, CustomerID: p.CustomerID, Data: map[string]string{"order_id": made.order},
	})
}

// quoteLost tells why a quote could not be taken: it was ordered or changed meanwhile.
func (o *Orders) quoteLost(ctx context.Context, q *db.Queries, p PlaceParams, quote Quote) error {
	now, err := o.readQuote(ctx, q, p.CustomerID, quote.ID)
	if err != nil {
		return err
	}
	if now.OrderID != "" {
		return quoteOrdered(now)
	}
	return quoteChanged(now.Version)
}

// writeOrder issues the invoice, with the lines and the VAT of the quote, and writes
// the order beside it.
func (o *Orders) writeOrder(ctx context.Context, q *db.Queries, p PlaceParams, quote Quote, made *written) error {
	invoice, err := o.Billing.Issue(ctx, q, o.invoice(p, quote, made))
	if err != nil {
		return err
	}
	if invoice.Gross != quote.Gross {
		return fmt.Errorf("invoice %s comes to %s, its quote to %s", invoice.ID, invoice.Gross, quote.Gross)
	}
	err = q.OrderInsert(ctx, db.OrderInsertParams{
		ID: made.order, Number: made.number, CustomerID: p.CustomerID, QuoteID: quote.ID, InvoiceID: invoice.ID,
		RegistrantID: made.registrant, Gateway: p.Gateway, Currency: string(quote.Net.Currency), NetMinor: quote.Net.Minor,
		VatMinor: quote.VAT.Minor, CreatedAt: o.now(),
	})
	if err != nil {
		return fmt.Errorf("insert order %s: %w", made.order, err)
	}
	if err := o.writeLines(ctx, q, quote, made); err != nil {
		return err
	}
	if err := o.writeConsents(ctx, q, p, quote, made.order); err != nil {
		return err
	}
	if invoice.State == billing.InvoicePaid {
		return nil
	}
	payment, taskID, err := o.Billing.StartPayment(ctx, q, billing.PaymentParams{
		InvoiceID: invoice.ID, Gateway: p.Gateway, ReturnURL: p.ReturnURL, SaveMethod: p.SaveMethod,
	})
	if err != nil {
		return err
	}
	made.payment, made.paymentTask = payment.ID, taskID
	if err := q.OrderSetPayment(ctx, db.OrderSetPaymentParams{ID: made.order, PaymentID: payment.ID}); err != nil {
		return fmt.Errorf("keep the payment of order %s: %w", made.order, err)
	}
	return nil
}

func (o *Orders) invoice(p PlaceParams, quote Quote, made *written) billing.InvoiceParams {
	lines := make([]billing.LineParams, len(quote.Lines))
	for i, l := range quote.Lines {
		lines[i] = billing.LineParams{Description: l.onInvoice(), Subject: made.lines[i], Net: l.Net, Cost: l.cost}
	}
	return billing.InvoiceParams{
		ID: made.invoice, CustomerID: p.CustomerID, Subject: made.order, Kind: billing.SaleInvoice, Lines: lines,
		Treatment: &quote.Treatment,
	}
}

func (o *Orders) writeLines(ctx context.Context, q *db.Queries, quote Quote, made *written) error {
	for i, l := range quote.Lines {
		err := q.OrderLineInsert(ctx, db.OrderLineInsertParams{
			OrderID: made.order, Position: int64(i), ID: made.lines[i], Kind: l.Kind, ProductID: l.ProductID,
			Description: l.Description, Cycle: l.Cycle, Domain: l.Domain, Years: l.Years, NetMinor: l.Net.Minor,
			VatMinor: l.VAT.Minor, CostMinor: l.cost.Minor, IntroPeriods: l.IntroPeriods,
		})
		if err != nil {
			return fmt.Errorf("insert a line of order %s: %w", made.order, err)
		}
	}
	return nil
}

func (o *Orders) writeConsents(ctx context.Context, q *db.Queries, p PlaceParams, quote Quote, orderID string) error {
	version := p.Consents.Version
	if version == "" {
		version = o.TermsVersion
	}
	kinds := []string{"terms", "immediate_delivery"}
	if len(registered(quote)) > 0 {
		kinds = append(kinds, "registry_terms")
	}
	for _, kind := range kinds {
		err := q.OrderConsentInsert(ctx, db.OrderConsentInsertParams{
			OrderID: orderID, Kind: kind, Version: version, GivenAt: o.now(), Address: p.Address,
		})
		if err != nil {
			return fmt.Errorf("keep the consents of order %s: %w", orderID, err)
		}
	}
	return nil
}

// freeNumber is an order's number for people that no order has: the day and six
// characters that are not mistaken for others.
func (o *Orders) freeNumber(ctx context.Context, q *db.Queries) (string, error) {
	const tries = 10
	for range tries {
		random := make([]byte, 4)
		if _, err := io.ReadFull(o.Entropy, random); err != nil {
			return "", fmt.Errorf("make an order number: %w", err)
		}
		number := o.Clock.Now().Format("060102") + "-" + crockford.EncodeToString(random)[:6]
		_, err := q.OrderByNumber(ctx, number)
		if errors.Is(err, sql.ErrNoRows) {
			return number, nil
		}
		if err != nil {
			return "", fmt.Errorf("look for order number %s: %w", number, err)
		}
	}
	return "", errors.New("no order number is free")
}
