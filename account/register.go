package account

import (
	"context"
	"fmt"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
)

// Registration is what a new customer gives. Required are Email, the names and
// Country; an empty Password makes a customer who signs in by link.
type Registration struct {
	Email, Password                string
	FirstName, LastName, Company   string
	Street, Number, Postcode, City string
	Country, Phone, VATID, Locale  string
	// Address is the client's, for the limits and the record of the session.
	Address string
}

// Register makes a customer and opens a session. Fault Invalid names each bad
// field; Conflict email_taken when the address has an account.
func (a *Accounts) Register(ctx context.Context, r Registration) (Tokens, Customer, error) {
	if err := a.limits.registerAddress.take(a.clock.Now(), r.Address); err != nil {
		return Tokens{}, Customer{}, err
	}
	d, fields := r.details().normalise()
	fields = append(checkEmail("email", r.Email), fields...)
	if r.Password != "" {
		fields = append(fields, checkPassword("password", r.Password, r.Email)...)
	}
	if len(fields) > 0 {
		return Tokens{}, Customer{}, fault.InvalidFields(fields...)
	}
	hash := ""
	if r.Password != "" {
		var err error
		if hash, err = a.hasher.hash(ctx, r.Password); err != nil {
			return Tokens{}, Customer{}, err
		}
	}
	return a.insert(ctx, r, d, hash)
}

func (r Registration) details() details {
	return details{
		FirstName: r.FirstName, LastName: r.LastName, Company: r.Company, Street: r.Street, Number: r.Number,
		Postcode: r.Postcode, City: r.City, Country: r.Country, Phone: r.Phone, VATID: r.VATID, Locale: r.Locale,
	}
}

func (a *Accounts) insert(ctx context.Context, r Registration, d details, hash string) (Tokens, Customer, error) {
	id, o := a.store.NewID("cus"), a.newOpening(r.Address)
	row := d.insertParams(id, r.Email, hash)
	row.CreatedAt, row.UpdatedAt = db.At(o.at), db.At(o.at)
	var c Customer
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		made, err := q.CustomerInsert(ctx, row)
		if err != nil {
			return err
		}
		if made == 0 {
			return fault.New(fault.Conflict, "email_taken", "There is an account with this mail address. Sign in, or ask for a sign-in link.")
		}
		if c, err = a.Customer(ctx, q, id); err != nil {
			return err
		}
		if err := a.open(ctx, q, id, o); err != nil {
			return err
		}
		return a.events.Emit(ctx, q, event.Params{Kind: "account.registered", Subject: id, CustomerID: id, Data: map[string]string{"customer_id": id}})
	})
	if err != nil {
		return Tokens{}, Customer{}, fmt.Errorf("register customer: %w", err)
	}
	tokens, err := a.tokens(id, o.sessionID, o.refresh)
	return tokens, c, err
}
