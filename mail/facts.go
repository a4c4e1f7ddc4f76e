package mail

import (
	"context"
	"time"

	"hostfront/account"
	"hostfront/fault"
	"hostfront/money"
)

// Facts are where mails get what they say. Each reads how things stand now; an
// error that is fault NotFound drops the mail, any other has it tried again.
type Facts struct {
	Customer func(ctx context.Context, id string) (account.Customer, error)
	Order    func(ctx context.Context, id string) (Order, error)
	// Line is the order line of events about one.
	Line    func(ctx context.Context, orderID, lineID string) (Line, error)
	Invoice func(ctx context.Context, id string) (Invoice, error)
	// InvoicePDF is the document to attach; nil attaches none.
	InvoicePDF func(ctx context.Context, id string) ([]byte, error)
	Service    func(ctx context.Context, id string) (Service, error)
	// PayLink is a token with which whoever has it can pay an invoice, and until when.
	PayLink      func(ctx context.Context, invoiceID string) (token string, until time.Time, err error)
	Method       func(ctx context.Context, id string) (Method, error)
	Subscription func(ctx context.Context, id string) (Subscription, error)
	Dispute      func(ctx context.Context, id string) (Dispute, error)
}

// Dispute is a payment that the customer disputes at their bank.
type Dispute struct {
	ID string
	// Open is true until it is decided; then Won says whether the payment stands.
	Open, Won bool
	// Amount is zero while it is not known.
	Amount money.Amount
}

// Method is a saved way to pay.
type Method struct {
	ID string
	// Label is what the customer knows it by: "Visa •••• 4242".
	Label string
	// Charged is true while renewals are charged to it.
	Charged bool
}

// Order is an order as a mail shows it.
type Order struct {
	ID, Number      string
	Lines           []Line
	Net, VAT, Gross money.Amount
	// Transfer says how to pay, when it is to be paid by bank transfer.
	Transfer *Transfer
}

// Line is one line of an order or invoice. Price is without VAT.
type Line struct {
	ID, Description, Domain string
	Price                   money.Amount
	OrderNumber             string
	// Deadline is until when the customer may mend a line that needs it; zero when it
	// needs nothing any more.
	Deadline time.Time
}

// Transfer says where money is to be sent and with which words.
type Transfer struct {
	IBAN, BIC, Beneficiary, Reference string
}

// Invoice is an invoice or a credit note, whose amounts are then those that go
// back, as positive amounts. Number is empty for a proforma.
type Invoice struct {
	ID, Number      string
	Renewal         bool
	Lines           []Line
	Net, VAT, Gross money.Amount
	// Due is what is still to be paid of it.
	Due money.Amount
	// Earlier is what it asks for of earlier invoices, With what it comes to with that; Later is
	// what of it a later one asks for, since it is too little to be charged. Zero for none.
	Earlier, With, Later money.Amount
	// VATNote is the text that the law wants on the document.
	VATNote string
	DueAt   time.Time
	// Open is true while it is to be paid.
	Open bool
	// Credit is true for the receipt of credit that was bought.
	Credit bool
	// Corrects is the number of the invoice that a credit note corrects.
	Corrects string
	// Reason is why a credit note was made: a sentence is shown, a code is not.
	Reason string
	// Transfer says how to pay, when it is to be paid by bank transfer.
	Transfer *Transfer
}

// Service is what was delivered. Name is the domain name it is or is for.
type Service struct {
	ID, Name, Description string
	// Domain is true for a domain name, false for hosting.
	Domain bool
	// Records are to be set by the customer where the name is held elsewhere.
	Records []Record
	// VerifyRegistrant: the registry has the registrant confirm the mail address
	// RegistrantEmail within 15 days, or switches the name off (ICANN, gTLDs).
	VerifyRegistrant bool
	RegistrantEmail  string
	// PaidUntil is zero when it is not known.
	PaidUntil time.Time
	// SignOn is true when the customer can sign on to the site from the storefront.
	SignOn bool
}

// Subscription is what is billed again and again. Price is without VAT, of a Cycle.
type Subscription struct {
	ID, ServiceID, Description, Cycle string
	Price                             money.Amount
	// Domain is true for a domain name, which lapses; hosting is ended.
	Domain bool
	Paused bool
	// EndsAt is zero while it goes on; Ended is true once it has.
	EndsAt time.Time
	Ended  bool
	// PaidUntil is zero when it is not known.
	PaidUntil time.Time
}

// Record is one DNS record; Name is relative to the domain name, "@" its apex.
type Record struct {
	Type, Name, Content string
}

// Field is what the customer must mend: see fault.Field.
type Field = fault.Field
