package pay

import (
	"hostfront/money"
)

// State is where a payment stands.
type State string

// The states of a payment or setup; those from Paid on are final.
const (
	Open       State = "open"       // waits for the customer
	Challenged State = "challenged" // waits for the customer's bank to confirm (3-D Secure)
	Paid       State = "paid"
	Declined   State = "declined"
	Cancelled  State = "cancelled"
	Saved      State = "saved" // of a setup: the method is kept
)

// Decline is why a payment was declined.
type Decline struct {
	// Class is soft (another day may do), hard (another method is needed) or
	// authentication (the customer must be there).
	Class string `json:"class,omitempty"`
	Code  string `json:"code,omitempty"`
}

// Payment is one payment, on its page or off-session.
type Payment struct {
	ID string `json:"id"`
	// PaymentID is the shop's own id, and the key that makes a call idempotent.
	PaymentID   string       `json:"payment_id"`
	Amount      money.Amount `json:"amount"`
	Customer    string       `json:"customer"`
	Description string       `json:"description,omitempty"`
	ReturnURL   string       `json:"return_url,omitempty"`
	SaveMethod  bool         `json:"save_method,omitempty"`
	// Method is the method charged off-session, or the one saved on the page.
	Method     string  `json:"method,omitempty"`
	OffSession bool    `json:"off_session,omitempty"`
	State      State   `json:"state"`
	Decline    Decline `json:"decline"`
	// Fee is what the provider keeps of a paid payment; Refunded what went back.
	Fee      money.Amount `json:"fee"`
	Refunded money.Amount `json:"refunded"`
	// CreatedAt is unix milliseconds of the provider's clock.
	CreatedAt int64 `json:"created_at"`
}

// Behaviour is what a saved method does when it is charged.
type Behaviour string

// The behaviours of a saved method.
const (
	Succeed      Behaviour = "succeed"
	Decliner     Behaviour = "decline"      // soft: insufficient funds
	HardDecline  Behaviour = "decline_hard" // hard: the card was reported lost
	Authenticate Behaviour = "authenticate" // the bank wants the customer there
	Removed      Behaviour = "removed"      // hard: the method is gone
)

// declines is how each behaviour refuses a charge.
var declines = map[Behaviour]Decline{
	Succeed:      {},
	Decliner:     {Class: "soft", Code: "insufficient_funds"},
	HardDecline:  {Class: "hard", Code: "lost_card"},
	Authenticate: {Class: "authentication", Code: "authentication_required"},
	Removed:      {Class: "hard", Code: "payment_method_missing"},
}

// Method is a saved card.
type Method struct {
	ID        string    `json:"id"`
	Customer  string    `json:"customer"`
	Kind      string    `json:"kind"`
	Label     string    `json:"label"`
	ExpMonth  int       `json:"exp_month"`
	ExpYear   int       `json:"exp_year"`
	Behaviour Behaviour `json:"behaviour"`
	// Detached: the shop had it forgotten.
	Detached bool `json:"detached,omitempty"`
}

// Refund is money sent back.
type Refund struct {
	ID string `json:"id"`
	// RefundID is the shop's own id, and the key that makes a call idempotent.
	RefundID  string       `json:"refund_id"`
	Payment   string       `json:"payment"`
	Amount    money.Amount `json:"amount"`
	Reason    string       `json:"reason,omitempty"`
	State     string       `json:"state"`
	CreatedAt int64        `json:"created_at"`
}

// feeOf is what the provider keeps: 0.25 and 1.4 %, never more than the payment.
func feeOf(a money.Amount) money.Amount {
	return money.New(min(a.Minor, 25+a.Minor/1000*14+a.Minor%1000*14/1000), a.Currency)
}
