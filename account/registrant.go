package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// The types of a registrant.
const (
	Person       = "person"
	Organisation = "organisation"
)

// Registrant is the WHOIS contact that a domain name is registered to. Type is
// person or organisation; Company is needed by the latter; CompanyNumber where
// the TLD asks (ValidateRegistrant). Its JSON is what a storefront sends.
type Registrant struct {
	// ID and CustomerID are set on what was read back.
	ID            string `json:"-"`
	CustomerID    string `json:"-"`
	Type          string `json:"type"`
	FirstName     string `json:"first_name"`
	LastName      string `json:"last_name"`
	Company       string `json:"company,omitempty"`
	CompanyNumber string `json:"company_number,omitempty"`
	Email         string `json:"email"`
	Phone         string `json:"phone"`
	Street        string `json:"street"`
	Number        string `json:"number"`
	Postcode      string `json:"postcode"`
	City          string `json:"city"`
	Country       string `json:"country"`
}

// normalise writes every field in its one form and names those that are not
// acceptable, whatever the TLD.
func (r Registrant) normalise() (Registrant, []fault.Field) {
	c := checks{prefix: "registrant."}
	if r.Type != Person && r.Type != Organisation {
		c.refuse("type", "invalid_type", "A registrant is a person or an organisation.")
	}
	c.text("first_name", &r.FirstName, required)
	c.text("last_name", &r.LastName, required)
	company := optional
	if r.Type == Organisation {
		company = required
	}
	c.text("company", &r.Company, company)
	c.text("company_number", &r.CompanyNumber, optional)
	c.email("email", &r.Email)
	c.phone("phone", &r.Phone, required)
	c.text("street", &r.Street, required)
	c.text("number", &r.Number, required)
	c.text("postcode", &r.Postcode, required)
	c.text("city", &r.City, required)
	c.country("country", &r.Country)
	return r, c.fields
}

// fingerprint is the same for the same content.
func (r Registrant) fingerprint() (string, error) {
	content, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("fingerprint registrant: %w", err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

// Registrant keeps a registrant of a customer and gives its id: once for each
// distinct content, so that the same person has one contact upstream however
// many names are registered. Fault Invalid when it is not acceptable anywhere;
// what a TLD asks on top is ValidateRegistrant.
func (a *Accounts) Registrant(ctx context.Context, q *db.Queries, customerID string, r Registrant) (id string, err error) {
	r, fields := r.normalise()
	if len(fields) > 0 {
		return "", fault.InvalidFields(fields...)
	}
	print, err := r.fingerprint()
	if err != nil {
		return "", err
	}
	id = a.store.NewID("reg")
	made, err := q.RegistrantInsert(ctx, db.RegistrantInsertParams{
		ID: id, CustomerID: customerID, Fingerprint: print, Type: r.Type, FirstName: r.FirstName, LastName: r.LastName,
		Company: r.Company, CompanyNumber: r.CompanyNumber, Email: r.Email, Phone: r.Phone, Street: r.Street,
		HouseNumber: r.Number, Postcode: r.Postcode, City: r.City, Country: r.Country, CreatedAt: db.At(a.clock.Now()),
	})
	if err != nil {
		return "", fmt.Errorf("keep registrant of %s: %w", customerID, err)
	}
	if made == 1 {
		return id, nil
	}
	id, err = q.RegistrantIDByFingerprint(ctx, db.RegistrantIDByFingerprintParams{CustomerID: customerID, Fingerprint: print})
	if err != nil {
		return "", fmt.Errorf("find registrant of %s: %w", customerID, err)
	}
	return id, nil
}

// RegistrantByID reads a registrant; fault NotFound when there is none.
func (a *Accounts) RegistrantByID(ctx context.Context, q *db.Queries, id string) (Registrant, error) {
	r, err := q.RegistrantByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Registrant{}, fault.Missing("registrant", id)
	}
	if err != nil {
		return Registrant{}, fmt.Errorf("read registrant %s: %w", id, err)
	}
	return Registrant{
		ID: r.ID, CustomerID: r.CustomerID, Type: r.Type, FirstName: r.FirstName, LastName: r.LastName, Company: r.Company,
		CompanyNumber: r.CompanyNumber, Email: r.Email, Phone: r.Phone, Street: r.Street, Number: r.HouseNumber,
		Postcode: r.Postcode, City: r.City, Country: r.Country,
	}, nil
}

// Handle is what an upstream calls a registrant, false when it has none there yet.
func (a *Accounts) Handle(ctx context.Context, q *db.Queries, registrantID, upstream string) (string, bool, error) {
	handle, err := q.RegistrantHandleByUpstream(ctx, db.RegistrantHandleByUpstreamParams{RegistrantID: registrantID, Upstream: upstream})
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read handle of registrant %s at %s: %w", registrantID, upstream, err)
	}
	return handle, true, nil
}

// SetHandle keeps what an upstream calls a registrant. The first one stays: a
// second contact of the same content, made in a race, is as good and not needed.
func (a *Accounts) SetHandle(ctx context.Context, q *db.Queries, registrantID, upstream, handle string) error {
	_, err := q.RegistrantHandleInsert(ctx, db.RegistrantHandleInsertParams{
		RegistrantID: registrantID, Upstream: upstream, Handle: handle, CreatedAt: db.At(a.clock.Now()),
	})
	if err != nil {
		return fmt.Errorf("keep handle of registrant %s at %s: %w", registrantID, upstream, err)
	}
	return nil
}
