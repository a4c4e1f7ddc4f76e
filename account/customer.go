package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/tax"
)

// The states of a customer's VAT number.
const (
	VATNone      = "none"      // there is no number
	VATPending   = "pending"   // given, not looked at: VAT is charged
	VATConfirmed = "confirmed" // VIES or an admin says that it is real and theirs
	VATRejected  = "rejected"  // looked at and refused: VAT is charged
)

// Customer is who buys. Company is empty for a person; Country is ISO 3166-1
// alpha-2; Phone is E.164 or empty; VATID is normalised ("NL001234567B01").
type Customer struct {
	ID, Email                      string
	FirstName, LastName, Company   string
	Street, Number, Postcode, City string
	Country, Phone                 string
	VATID, VATStatus               string
	Locale                         string
	// HasPassword is false for a customer who signs in by link alone.
	HasPassword bool
	// EmailConfirmed is true once a link sent to Email was used.
	EmailConfirmed bool
	Flags          Flags
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Flags are an admin's exceptions for one customer.
type Flags struct {
	NoAutomaticPayment bool `json:"no_automatic_payment"` // saved methods are never charged
	NoInvoicing        bool `json:"no_invoicing"`         // renewals are not billed
	NoSuspension       bool `json:"no_suspension"`        // nothing is suspended for being unpaid
	// WrittenOff: the shop has given the customer up. Nothing is billed any more, and what
	// is open is a bad debt.
	WrittenOff bool `json:"written_off,omitempty"`
}

// Business is true when the customer buys as a company or with a VAT number.
func (c Customer) Business() bool { return c.Company != "" || c.VATID != "" }

// Name is the customer's full name.
func (c Customer) Name() string { return c.FirstName + " " + c.LastName }

// Buyer is the customer as package tax wants it.
func (c Customer) Buyer() tax.Buyer {
	return tax.Buyer{Country: c.Country, Business: c.Business(), VATConfirmed: c.VATStatus == VATConfirmed, VATID: c.VATID}
}

// Customer reads a customer; fault NotFound when there is none.
func (a *Accounts) Customer(ctx context.Context, q *db.Queries, id string) (Customer, error) {
	row, err := q.CustomerByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Customer{}, fault.Missing("customer", id)
	}
	if err != nil {
		return Customer{}, fmt.Errorf("read customer %s: %w", id, err)
	}
	return customerOf(row), nil
}

func customerOf(r db.Customer) Customer {
	return Customer{
		ID: r.ID, Email: r.Email, FirstName: r.FirstName, LastName: r.LastName, Company: r.Company,
		Street: r.Street, Number: r.HouseNumber, Postcode: r.Postcode, City: r.City, Country: r.Country,
		Phone: r.Phone, VATID: r.VatID, VATStatus: r.VatStatus, Locale: r.Locale,
		HasPassword: r.PasswordHash != "", EmailConfirmed: !r.EmailConfirmedAt.IsZero(),
		Flags:     Flags{NoAutomaticPayment: r.NoAutomaticPayment, NoInvoicing: r.NoInvoicing, NoSuspension: r.NoSuspension, WrittenOff: r.WrittenOff},
		CreatedAt: r.CreatedAt.Time(), UpdatedAt: r.UpdatedAt.Time(),
	}
}
