package ljpc

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"hostfront/money"
)

// Order is an order and how far its delivery has come.
type Order struct {
	ID                          int64
	Account, Summary, Reference string
	PlacedAt                    time.Time
	Lines                       []*OrderLine
	// Looks counts how often it was asked for; Stage is how far it has come: 0 pending,
	// 1 processing, n+1 when n lines were worked on.
	Looks, Stage int
	// Stuck orders never leave processing.
	Stuck bool
}

// OrderLine is a line of an order.
type OrderLine struct {
	Description, Type, Domain                   string
	ProductUUID, Identifier, BillingPeriod, URL string
	DiskGB, SpaceID                             int64
	Action                                      string
	// State is pending, done or failed; SiteID is set on a hosting line that is done.
	State  string
	SiteID int64
	// Fails is why it is going to fail, Reason why it did.
	Fails, Reason string
	// Cost is what the account pays, by the server's own pricing.
	Cost money.Amount
}

// The states on the wire.
const (
	statePending    = "pending"
	stateProcessing = "processing"
	stateCompleted  = "completed"
	stateFailed     = "failed"
	stateDone       = "done"
)

// State is the simple_status: failed when all is over and a line failed, even
// when a sibling of it is done.
func (o *Order) State() string {
	switch {
	case o.Stage == 0:
		return statePending
	case slices.ContainsFunc(o.Lines, func(l *OrderLine) bool { return l.State == statePending }):
		return stateProcessing
	case slices.ContainsFunc(o.Lines, func(l *OrderLine) bool { return l.State == stateFailed }):
		return stateFailed
	}
	return stateCompleted
}

func (o *Order) finished() bool {
	state := o.State()
	return state == stateCompleted || state == stateFailed
}

type wireOrder struct {
	ID                int64             `json:"id"`
	Summary           string            `json:"summary"`
	Status            string            `json:"status"`
	SimpleStatus      string            `json:"simple_status"`
	Source            string            `json:"source"`
	Meta              map[string]string `json:"meta"`
	SendInvoice       bool              `json:"send_invoice"`
	SendQuote         bool              `json:"send_quote"`
	AutoDeliver       bool              `json:"auto_deliver"`
	NeedsPayment      bool              `json:"needs_payment"`
	NeedsSubscription bool              `json:"needs_subscription"`
	Provisioning      wireProvisioning  `json:"provisioning"`
}

type wireProvisioning struct {
	Overall string     `json:"overall"`
	Lines   []wireLine `json:"lines"`
}

type wireLine struct {
	Description string  `json:"description"`
	Type        string  `json:"type"`
	State       string  `json:"state"`
	SiteID      *int64  `json:"site_id"`
	Error       *string `json:"error"`
	Price       string  `json:"price"`
}

func (o *Order) wire() wireOrder {
	state := o.State()
	w := wireOrder{
		ID: o.ID, Summary: o.Summary, Status: statePending, SimpleStatus: state, Source: "reseller-api",
		Meta: map[string]string{"external_reference": o.Reference}, AutoDeliver: true,
		NeedsPayment: state == stateCompleted, NeedsSubscription: state == stateCompleted,
		Provisioning: wireProvisioning{Overall: state, Lines: []wireLine{}},
	}
	for _, l := range o.Lines {
		line := wireLine{Description: l.Description, Type: l.Type, State: l.State, Price: l.Cost.Format()}
		if l.SiteID != 0 {
			id := l.SiteID
			line.SiteID = &id
		}
		if l.State == stateFailed {
			reason := l.Reason
			line.Error = &reason
		}
		w.Provisioning.Lines = append(w.Provisioning.Lines, line)
	}
	return w
}

// getOrder is a look at an order, and each look gets its delivery on. A foreign
// order is a 403 here, where a foreign site is a 404.
func (s *Server) getOrder(c *call) answer {
	o := s.state.Orders[c.pathID()]
	if o == nil {
		return refuse(http.StatusNotFound, "Order not found")
	}
	if o.Account != c.account() {
		return refuse(http.StatusForbidden, "You don't have permission to view this order")
	}
	o.Looks++
	s.deliver(o, s.stageAtLook(o, c.now), c.now)
	return ok(map[string]any{"order": o.wire()})
}

func (o *Order) subject() string { return strconv.FormatInt(o.ID, 10) }
