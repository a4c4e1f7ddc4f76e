package order

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/service"
)

// Order is a quote that a customer bound themselves to.
type Order struct {
	ID string
	// Number is for people: "260131-7K3Q9X".
	Number     string
	CustomerID string
	QuoteID    string
	InvoiceID  string
	// PaymentID is the first payment that was begun, empty when nothing was due.
	PaymentID, Gateway string
	State              State
	Net, VAT, Gross    money.Amount
	Lines              []Line
	CreatedAt          time.Time
}

// Line is one thing ordered.
type Line struct {
	ID string
	// Kind is one of service.Register, Transfer, Hosting, HostingOwn.
	Kind, Description, ProductID string
	Cycle, Domain                string
	Years                        int64
	Net, VAT, Gross              money.Amount
	State                        State
	// Code says why it failed or what it waits for; Fields what the customer must mend.
	Code   string
	Fields []fault.Field
	// ServiceID is what it became, empty before.
	ServiceID string
}

// Consent is what a customer agreed to.
type Consent struct {
	Kind, Version, Address string
	GivenAt                time.Time
}

// Get reads an order of a customer.
func (o *Orders) Get(ctx context.Context, customerID, id string) (Order, error) {
	row, err := o.Store.Read().OrderByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && row.CustomerID != customerID) {
		return Order{}, fault.Missing("order", id)
	}
	if err != nil {
		return Order{}, fmt.Errorf("read order %s: %w", id, err)
	}
	return o.show(ctx, o.Store.Read(), row)
}

// ByID reads any order by its id or its number, for staff.
func (o *Orders) ByID(ctx context.Context, id string) (Order, error) {
	q := o.Store.Read()
	row, err := q.OrderByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		row, err = q.OrderByNumber(ctx, id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, fault.Missing("order", id)
	}
	if err != nil {
		return Order{}, fmt.Errorf("read order %s: %w", id, err)
	}
	return o.show(ctx, q, row)
}

// Consents reads what was agreed to with an order.
func (o *Orders) Consents(ctx context.Context, orderID string) ([]Consent, error) {
	rows, err := o.Store.Read().OrderConsentsByOrder(ctx, orderID)
	if err != nil {
		return nil, fmt.Errorf("read the consents of order %s: %w", orderID, err)
	}
	consents := make([]Consent, 0, len(rows))
	for _, r := range rows {
		consents = append(consents, Consent{Kind: r.Kind, Version: r.Version, Address: r.Address, GivenAt: r.GivenAt.Time()})
	}
	return consents, nil
}

// List gives a customer's orders, newest first, and the cursor of the next page.
func (o *Orders) List(ctx context.Context, customerID, cursor string, limit int) ([]Order, string, error) {
	limit = pageSize(limit)
	rows, err := o.Store.Read().OrdersByCustomer(ctx, db.OrdersByCustomerParams{
		CustomerID: customerID, Before: before(cursor), MaxRows: int64(limit) + 1,
	})
	return o.page(ctx, rows, limit, err)
}

// All gives every order, newest first, for staff.
func (o *Orders) All(ctx context.Context, cursor string, limit int) ([]Order, string, error) {
	limit = pageSize(limit)
	rows, err := o.Store.Read().OrdersAll(ctx, db.OrdersAllParams{Before: before(cursor), MaxRows: int64(limit) + 1})
	return o.page(ctx, rows, limit, err)
}

func (o *Orders) page(ctx context.Context, rows []db.Order, limit int, err error) ([]Order, string, error) {
	if err != nil {
		return nil, "", fmt.Errorf("list orders: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	orders := make([]Order, 0, len(rows))
	for _, row := range rows {
		shown, err := o.show(ctx, o.Store.Read(), row)
		if err != nil {
			return nil, "", err
		}
		orders = append(orders, shown)
	}
	return orders, next, nil
}

func pageSize(asked int) int {
	const usual, most = 50, 100
	if asked <= 0 || asked > most {
		return usual
	}
	return asked
}

// before is the id that a page lies before: the first page lies before every id.
func before(cursor string) string {
	if cursor == "" {
		return "ord_ZZZZZZZZZZZZZZZZZZZZZZZZZZ"
	}
	return cursor
}

// show reads an order with all that its state follows from.
func (o *Orders) show(ctx context.Context, q *db.Queries, row db.Order) (Order, error) {
	c := money.Currency(row.Currency)
	out := Order{
		ID: row.ID, Number: row.Number, CustomerID: row.CustomerID, QuoteID: row.QuoteID, InvoiceID: row.InvoiceID,
		PaymentID: row.PaymentID, Gateway: row.Gateway, CreatedAt: row.CreatedAt.Time(), Net: money.New(row.NetMinor, c),
		VAT: money.New(row.VatMinor, c), Gross: money.New(row.NetMinor+row.VatMinor, c),
	}
	lines, err := q.OrderLinesByOrder(ctx, row.ID)
	if err != nil {
		return out, fmt.Errorf("read the lines of order %s: %w", row.ID, err)
	}
	standing, err := o.Services.Standing(ctx, q, row.InvoiceID)
	if err != nil {
		return out, err
	}
	deliveries, err := o.Services.Deliveries(ctx, q, row.ID)
	if err != nil {
		return out, err
	}
	states := make([]State, 0, len(lines))
	for _, l := range lines {
		line := lineOf(l, c, standing, deliveries[l.ID])
		out.Lines = append(out.Lines, line)
		states = append(states, line.State)
	}
	out.State = DeriveOrder(standing, states)
	return out, nil
}

func lineOf(l db.OrderLine, c money.Currency, standing service.Standing, d service.Delivery) Line {
	line := Line{
		ID: l.ID, Kind: l.Kind, Description: l.Description, ProductID: l.ProductID, Cycle: l.Cycle, Domain: l.Domain,
		Years: l.Years, Net: money.New(l.NetMinor, c), VAT: money.New(l.VatMinor, c), Gross: money.New(l.NetMinor+l.VatMinor, c),
		State:     DeriveLine(standing, LineFacts{Delivery: d.State, Code: d.Code, Task: d.Task, Started: d.Started}),
		ServiceID: d.ServiceID,
	}
	if line.State == ActionRequired || line.State == Failed {
		line.Code, line.Fields = d.Code, d.Fields
	}
	return line
}
