package service

import (
	"context"
	"encoding/json"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/task"
)

// The kinds of a delivery, which are the kinds of an order's line.
const (
	Register   = "register"    // a domain name, registered anew
	Transfer   = "transfer"    // a domain name, moved here with its auth code
	Hosting    = "hosting"     // a package from the upstream's catalogue
	HostingOwn = "hosting_own" // a site on a space that the operator already rents
)

// The states of a delivery.
const (
	DeliveryPending        = "pending"
	DeliveryActionRequired = "action_required"
	DeliveryDelivered      = "delivered"
	DeliveryFailed         = "failed"
)

// DeliverParams is what a paid order line is to become.
type DeliverParams struct {
	// ID is the order line's id.
	ID, OrderID, CustomerID string
	// InvoiceID is the invoice that will release the tasks: not issued yet, since a
	// free one is settled as it is issued.
	InvoiceID                    string
	Upstream, Kind, Domain       string
	ProductID, ProductRef        string
	Category, Description, Cycle string
	// ClientChoice: the upstream wants to be told the cycle.
	ClientChoice bool
	TargetURL    string
	SpaceID      int64
	// AuthCodeSealed is the transfer's code in a seal envelope.
	AuthCodeSealed string
	// RegistrantID is who a registered name will belong to.
	RegistrantID string
	// Net is what the customer pays for this line without VAT, Cost what the
	// upstream was expected to ask; RenewNet and RenewCost are those of a later period.
	Net, Cost, RenewNet, RenewCost money.Amount
	// IntroPeriods is for how many periods, the first included, IntroNet is the price; zero for none.
	IntroPeriods int64
	IntroNet     money.Amount
	// After is the delivery that registers this hosting's own name in the same order.
	After string
}

// payload is what a delivery's task carries: all else is read from the row, so
// that what a customer mends is mended in one place.
type payload struct {
	DeliveryID string `json:"delivery_id"`
}

// Deliver writes the delivery and its blocked tasks, as part of the order's
// transaction and before its invoice is issued. Registrations come before the
// hosting that waits for them.
func (s *Services) Deliver(ctx context.Context, q *db.Queries, p DeliverParams) error {
	now := s.now()
	err := q.DeliveryInsert(ctx, db.DeliveryInsertParams{
		ID: p.ID, OrderID: p.OrderID, InvoiceID: p.InvoiceID, CustomerID: p.CustomerID, Upstream: p.Upstream,
		Kind: p.Kind, Domain: p.Domain, ProductID: p.ProductID, ProductRef: p.ProductRef, Category: p.Category,
		Description: p.Description, Cycle: p.Cycle, ClientChoice: p.ClientChoice, TargetUrl: p.TargetURL,
		SpaceID: p.SpaceID, AuthCodeSealed: p.AuthCodeSealed, RegistrantID: p.RegistrantID,
		Currency: string(p.Net.Currency), NetMinor: p.Net.Minor, CostMinor: p.Cost.Minor,
		RenewNetMinor: p.RenewNet.Minor, RenewCostMinor: p.RenewCost.Minor, AfterDeliveryID: p.After,
		IntroPeriods: p.IntroPeriods, IntroNetMinor: p.IntroNet.Minor,
		CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return fmt.Errorf("insert delivery %s: %w", p.ID, err)
	}
	return s.addTasks(ctx, q, p)
}

func (s *Services) addTasks(ctx context.Context, q *db.Queries, p DeliverParams) error {
	contactTask, after, err := "", "", error(nil)
	switch {
	case p.Kind == Register:
		contactTask, err = s.addContact(ctx, q, contactParams{
			RegistrantID: p.RegistrantID, Upstream: p.Upstream, InvoiceID: p.InvoiceID, DedupeKey: "contact:" + p.InvoiceID + ":" + p.RegistrantID,
		})
		after = contactTask
	case p.After != "":
		after, err = s.taskOf(ctx, q, p.After)
	}
	if err != nil {
		return err
	}
	id, err := s.Tasks.Add(ctx, q, task.Params{
		Kind: kindOfTask[p.Kind], Subject: p.ID, Payload: payload{p.ID}, AfterTaskID: after, InvoiceID: p.InvoiceID, DedupeKey: "deliver:" + p.ID,
	})
	if err != nil {
		return fmt.Errorf("add the task of delivery %s: %w", p.ID, err)
	}
	return q.DeliverySetTasks(ctx, db.DeliverySetTasksParams{ID: p.ID, TaskID: id, ContactTaskID: contactTask, UpdatedAt: s.now()})
}

var kindOfTask = map[string]string{
	Register: KindDomainRegister, Transfer: KindDomainTransfer, Hosting: KindHostingOrder, HostingOwn: KindHostingOrder,
}

func (s *Services) taskOf(ctx context.Context, q *db.Queries, deliveryID string) (string, error) {
	d, err := q.DeliveryByID(ctx, deliveryID)
	if err != nil {
		return "", fmt.Errorf("read delivery %s: %w", deliveryID, err)
	}
	return d.TaskID, nil
}

// delivery reads the row that a task is about.
func (s *Services) delivery(ctx context.Context, q *db.Queries, t task.Task) (db.Delivery, error) {
	var p payload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return db.Delivery{}, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	d, err := q.DeliveryByID(ctx, p.DeliveryID)
	if err != nil {
		return db.Delivery{}, fmt.Errorf("read delivery %s: %w", p.DeliveryID, err)
	}
	return d, nil
}

// begin is the delivery and its upstream, for a call to the outside. A failure
// here happens before anything was sent.
func (s *Services) begin(ctx context.Context, t task.Task) (db.Delivery, *adapter, error) {
	d, err := s.delivery(ctx, s.Store.Read(), t)
	if err != nil {
		return d, nil, fault.Came(fault.Unavailable, "database", "").Because(err)
	}
	a, err := s.at(d.Upstream)
	return d, a, err
}

// stillWanted is the part of every Check: a delivery that came to its end
// otherwise is not carried out.
func (s *Services) stillWanted(ctx context.Context, q *db.Queries, t task.Task) (db.Delivery, error) {
	d, err := s.delivery(ctx, q, t)
	if err != nil {
		return d, err
	}
	if d.State == DeliveryDelivered || d.State == DeliveryFailed {
		return d, task.ErrNotNeeded
	}
	return d, nil
}

func amountOf(d db.Delivery, minor int64) money.Amount {
	return money.New(minor, money.Currency(d.Currency))
}

func isHosting(kind string) bool { return kind == Hosting || kind == HostingOwn }
