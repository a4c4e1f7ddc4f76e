package order

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/billing"
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
	// IntroPeriods is for how many cycles, the first included, it costs this; zero without an introduction.
	IntroPeriods int64
	State        State
	// Code says why it failed or what it waits for; Fields what the customer must mend.
	Code   string
	Fields []fault.Field
	// MendBy is until when the customer may mend it, before the money goes back; zero when
	// nothing is to be mended.
	MendBy time.Time
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

// show reads an order with all that its state follows from.
func (o *Orders) show(ctx context.Context, q *db.Queries, row db.Order) (Order, error) {
	shown, err := o.showAll(ctx, q, []db.Order{row}, row.CustomerID)
	if err != nil {
		return Order{}, err
	}
	return shown[0], nil
}

// showAll is show of orders that follow each other, newest first, of a customer or (when
// that is empty) of all: however many they are, it reads their lines in one statement and
// their deliveries in another.
func (o *Orders) showAll(ctx context.Context, q *db.Queries, rows []db.Order, customerID string) ([]Order, error) {
	if len(rows) == 0 {
		return []Order{}, nil
	}
	of := service.Orders{CustomerID: customerID, Oldest: rows[len(rows)-1].ID, Newest: rows[0].ID}
	lines, err := linesOf(ctx, q, of)
	if err != nil {
		return nil, fmt.Errorf("read the lines of the orders %s to %s: %w", of.Oldest, of.Newest, err)
	}
	deliveries, err := o.Services.Deliveries(ctx, q, of)
	if err != nil {
		return nil, err
	}
	orders := make([]Order, 0, len(rows))
	for _, row := range rows {
		orders = append(orders, orderOf(row, lines[row.ID], deliveries))
	}
	return orders, nil
}

// linesOf reads the lines of orders, by the orders' ids.
func linesOf(ctx context.Context, q *db.Queries, of service.Orders) (map[string][]db.OrderLinesOfAllRow, error) {
	lines := map[string][]db.OrderLinesOfAllRow{}
	if of.CustomerID == "" {
		all, err := q.OrderLinesOfAll(ctx, db.OrderLinesOfAllParams{Oldest: of.Oldest, Newest: of.Newest})
		for _, l := range all {
			lines[l.OrderID] = append(lines[l.OrderID], l)
		}
		return lines, err
	}
	own, err := q.OrderLinesOfCustomer(ctx, db.OrderLinesOfCustomerParams(of))
	for _, l := range own {
		lines[l.OrderID] = append(lines[l.OrderID], db.OrderLinesOfAllRow(l))
	}
	return lines, err
}

func orderOf(row db.Order, lines []db.OrderLinesOfAllRow, deliveries map[string]service.Delivery) Order {
	c := money.Currency(row.Currency)
	out := Order{
		ID: row.ID, Number: row.Number, CustomerID: row.CustomerID, QuoteID: row.QuoteID, InvoiceID: row.InvoiceID,
		PaymentID: row.PaymentID, Gateway: row.Gateway, CreatedAt: row.CreatedAt.Time(), Net: money.New(row.NetMinor, c),
		VAT: money.New(row.VatMinor, c), Gross: money.New(row.NetMinor+row.VatMinor, c),
	}
	var standing service.Standing
	states := make([]State, 0, len(lines))
	for _, l := range lines {
		standing = service.StandingOf(billing.InvoiceState(l.InvoiceState), l.Paid, !l.ReopenedAt.IsZero())
		line := lineOf(l, c, standing, deliveries[l.ID])
		out.Lines = append(out.Lines, line)
		states = append(states, line.State)
	}
	out.State = DeriveOrder(standing, states)
	return out
}

func lineOf(l db.OrderLinesOfAllRow, c money.Currency, standing service.Standing, d service.Delivery) Line {
	line := Line{
		ID: l.ID, Kind: l.Kind, Description: l.Description, ProductID: l.ProductID, Cycle: l.Cycle, Domain: l.Domain,
		Years: l.Years, Net: money.New(l.NetMinor, c), VAT: money.New(l.VatMinor, c), Gross: money.New(l.NetMinor+l.VatMinor, c),
		IntroPeriods: l.IntroPeriods,
		State:        DeriveLine(standing, LineFacts{Delivery: d.State, Code: d.Code, Task: d.Task, Started: d.Started}),
		ServiceID:    d.ServiceID,
	}
	if line.State == ActionRequired || line.State == Failed {
		line.Code, line.Fields = d.Code, d.Fields
	}
	if line.State == ActionRequired {
		line.MendBy = d.MendBy
	}
	return line
}
