package upstream

import "context"

// Contacts is an upstream that keeps WHOIS contacts (registrants) by handle.
type Contacts interface {
	Contacts(ctx context.Context) ([]Contact, error)
	// CreateContact stores a contact and gives its handle. A field that the upstream
	// refuses is ErrInvalid: the customer can mend it. The call is not idempotent.
	CreateContact(ctx context.Context, c Contact) (handle string, err error)
	// UpdateContact changes the fields that are not empty.
	UpdateContact(ctx context.Context, handle string, c Contact) error
}

// Contact is a person or organisation as WHOIS wants it.
type Contact struct {
	// Handle is the upstream's id of the contact, empty for one not made yet.
	Handle              string
	FirstName, LastName string
	// Company and CompanyNumber are empty for a person.
	Company, CompanyNumber string
	Email                  string
	// Phone is E.164: +31201234567.
	Phone                  string
	Street, Number         string
	Postcode, City, Region string
	// Country is ISO 3166-1 alpha-2, upper case.
	Country string
}
