package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/account"
	"hostfront/db"
	"hostfront/money"
)

// page is what a template gets: everything a mail may say.
type page struct {
	Template string
	Shop     Shop
	Customer account.Customer
	// Link is where the mail's button leads, Button what is on it.
	Link, Button string

	Order   Order
	Line    Line
	Invoice Invoice
	Service Service
	// Subscription is what an event about one is about; OldPrice, NewPrice and FromAt are of a
	// price that is announced.
	Subscription       Subscription
	Dispute            Dispute
	OldPrice, NewPrice money.Amount
	FromAt             time.Time
	// Fields is what the customer must mend, Code the reason.
	Fields []Field
	Code   string
	// ByHand: a refund was paid from the shop's bank account.
	ByHand bool
	// RefundComes is true when the money of a failed line goes back by itself.
	RefundComes bool
	// Amount is of credit that was given, with its Reason, or of a direct debit to come.
	Amount money.Amount
	Reason string
	// Class is what kind of decline a payment failed with, Method what was charged, and
	// RetryAt when it is charged again by itself.
	Class, Method string
	RetryAt       time.Time
	// DebitAt is when a direct debit is made, EndsAt a card's last day.
	DebitAt, EndsAt time.Time
	// ExpiresAt is until when a link works, or given credit can be used.
	ExpiresAt time.Time
	// Next is what comes next when an invoice is not paid, from NextAt; empty for nothing.
	Next   string
	NextAt time.Time
	Notice Notice

	PDF []byte
}

// data is what the events that have mails sent carry.
type data struct {
	OrderID     string    `json:"order_id"`
	DisputeID   string    `json:"dispute_id"`
	OrderLineID string    `json:"order_line_id"`
	InvoiceID   string    `json:"invoice_id"`
	ServiceID   string    `json:"service_id"`
	Code        string    `json:"code"`
	Refund      string    `json:"refund"`
	ByHand      bool      `json:"by_hand"`
	Class       string    `json:"class"`
	Method      string    `json:"method"`
	MethodID    string    `json:"method_id"`
	RetryAt     time.Time `json:"retry_at"`
	DebitAt     time.Time `json:"debit_at"`
	EndsAt      time.Time `json:"ends_at"`
	Fields      []Field   `json:"fields"`
	SealedToken string    `json:"sealed_token"`
	ExpiresAt   time.Time `json:"expires_at"`
	// SubscriptionID is of the events about one; the prices, without VAT, and FromAt are those
	// of subscription.price_announced.
	SubscriptionID string       `json:"subscription_id"`
	OldNet         money.Amount `json:"old_net"`
	NewNet         money.Amount `json:"new_net"`
	FromAt         db.Instant   `json:"from_at"`
	// Amount and Reason are those of credit.given.
	Amount money.Amount `json:"amount"`
	Reason string       `json:"reason"`
	Next   string       `json:"next"`
	NextAt time.Time    `json:"next_at"`
	Notice
}

// composers gathers what the mail of each event says. An event that is not here
// has no mail sent.
var composers = map[string]func(*Mailer, context.Context, *page, data) error{
	"order.received":            (*Mailer).orderReceived,
	"invoice.paid":              (*Mailer).paymentReceived,
	"invoice.issued":            (*Mailer).invoiceIssued,
	"invoice.supplied":          (*Mailer).invoiceSupplied,
	"payment.failed":            (*Mailer).paymentFailed,
	"debit.announced":           (*Mailer).directDebit,
	"method.expiring":           (*Mailer).methodExpiring,
	"refund.sent":               (*Mailer).refund,
	"credit.given":              (*Mailer).creditGiven,
	"dispute.opened":            (*Mailer).disputeOpened,
	"dispute.won":               (*Mailer).disputeWon,
	"dispute.lost":              (*Mailer).disputeLost,
	"service.delivered":         (*Mailer).delivered,
	"domain.held":               (*Mailer).domainHeld,
	"domain.released":           (*Mailer).domainReleased,
	"line.action_required":      (*Mailer).actionRequired,
	"line.failed":               (*Mailer).deliveryFailed,
	account.EventPasswordReset:  (*Mailer).passwordReset,
	account.EventSignInLink:     (*Mailer).signInLink,
	"invoice.reminded":          (*Mailer).reminded,
	"invoice.final_notice_sent": (*Mailer).finalNotice,
	"invoice.late_fee_charged":  (*Mailer).lateFee,
	"service.suspended":         (*Mailer).suspended,
	"service.unsuspended":       (*Mailer).unsuspended,
	"service.terminated":        (*Mailer).terminated,
	"domain.left_to_lapse":      (*Mailer).lapsing,
	"domain.expiry_noticed":     (*Mailer).expiryNotice,

	"subscription.cancelled":       (*Mailer).cancelled,
	"subscription.uncancelled":     (*Mailer).uncancelled,
	"subscription.paused":          (*Mailer).paused,
	"subscription.resumed":         (*Mailer).uncancelled,
	"subscription.changed":         (*Mailer).changed,
	"subscription.price_announced": (*Mailer).priceAnnounced,
	"subscription.price_withdrawn": (*Mailer).priceWithdrawn,
}

func isLink(eventKind string) bool {
	return eventKind == account.EventPasswordReset || eventKind == account.EventSignInLink
}

// compose gathers what a mail says, as things stand now.
func (m *Mailer) compose(ctx context.Context, row db.Mail) (page, error) {
	var d data
	if err := json.Unmarshal([]byte(row.EventData), &d); err != nil {
		return page{}, fmt.Errorf("data of event %s: %w", row.EventID, err)
	}
	fill, ok := composers[row.EventKind]
	if !ok {
		return page{}, errNotNeeded("This version sends no mail for " + row.EventKind + ".")
	}
	customer, err := m.facts.Customer(ctx, row.CustomerID)
	if err != nil {
		return page{}, fmt.Errorf("customer of mail %s: %w", row.ID, err)
	}
	p := page{Shop: m.shop, Customer: customer}
	if err := fill(m, ctx, &p, d); err != nil {
		return page{}, fmt.Errorf("compose mail %s: %w", row.ID, err)
	}
	return p, nil
}

func (m *Mailer) orderReceived(ctx context.Context, p *page, d data) (err error) {
	p.Template = "order_received"
	if p.Order, err = m.facts.Order(ctx, d.OrderID); err != nil {
		return err
	}
	p.Link, p.Button = linkTo(m.links.Order, p.Order.ID), "See your order"
	return nil
}

func (m *Mailer) delivered(ctx context.Context, p *page, d data) (err error) {
	p.Template = "delivered"
	if p.Service, err = m.facts.Service(ctx, d.ServiceID); err != nil {
		return err
	}
	p.Link, p.Button = linkTo(m.links.Service, p.Service.ID), "Manage "+p.Service.Name
	return nil
}

func (m *Mailer) actionRequired(ctx context.Context, p *page, d data) (err error) {
	p.Template, p.Fields, p.Code = "action_required", d.Fields, d.Code
	if p.Line, err = m.facts.Line(ctx, d.OrderID, d.OrderLineID); err != nil {
		return err
	}
	if p.Line.Deadline.IsZero() {
		return errNotNeeded("Nothing is to be put right any more.")
	}
	p.Link, p.Button = linkTo(m.links.Order, d.OrderID), "Put it right"
	return nil
}

func (m *Mailer) deliveryFailed(ctx context.Context, p *page, d data) (err error) {
	p.Template, p.Code, p.RefundComes = "delivery_failed", d.Code, d.Refund == "auto"
	if p.Line, err = m.facts.Line(ctx, d.OrderID, d.OrderLineID); err != nil {
		return err
	}
	p.Link, p.Button = linkTo(m.links.Order, d.OrderID), "See your order"
	return nil
}

func (m *Mailer) passwordReset(_ context.Context, p *page, d data) error {
	p.Template, p.Button = "password_reset", "Set a new password"
	return m.link(p, m.links.Reset, d)
}

func (m *Mailer) signInLink(_ context.Context, p *page, d data) error {
	p.Template, p.Button = "sign_in_link", "Sign in"
	return m.link(p, m.links.SignIn, d)
}

func (m *Mailer) link(p *page, pattern string, d data) error {
	if !m.clock.Now().Before(d.ExpiresAt) {
		return errNotNeeded("The link has expired before it could be mailed.")
	}
	token, err := m.sealer.Open(d.SealedToken)
	if err != nil {
		return fmt.Errorf("open the token of a link: %w", err)
	}
	p.Link, p.ExpiresAt = linkWith(pattern, string(token)), d.ExpiresAt
	return nil
}
