package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/account"
)

// CustomerAnswer is a customer's own details.
type CustomerAnswer struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company,omitempty"`
	Country   string `json:"country"`
	AddressFields
	Phone     string    `json:"phone,omitempty"`
	VATID     string    `json:"vat_id,omitempty"`
	VATStatus string    `json:"vat_status" enum:"none,pending,confirmed,rejected" doc:"VAT is reverse charged only once it is confirmed"`
	Locale    string    `json:"locale,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// ChangesBody is what a customer may change; a field that is left out stays.
type ChangesBody struct {
	FirstName *string `json:"first_name,omitempty" minLength:"1" maxLength:"100"`
	LastName  *string `json:"last_name,omitempty" minLength:"1" maxLength:"100"`
	Company   *string `json:"company,omitempty" maxLength:"200"`
	Country   *string `json:"country,omitempty" pattern:"^[A-Za-z]{2}$"`
	Street    *string `json:"street,omitempty" maxLength:"200"`
	Number    *string `json:"number,omitempty" maxLength:"20"`
	Postcode  *string `json:"postcode,omitempty" maxLength:"20"`
	City      *string `json:"city,omitempty" maxLength:"100"`
	Phone     *string `json:"phone,omitempty" maxLength:"20"`
	VATID     *string `json:"vat_id,omitempty" maxLength:"20"`
	Locale    *string `json:"locale,omitempty" maxLength:"10"`
}

// UpdatedAnswer is what a customer has become.
type UpdatedAnswer struct {
	CustomerAnswer
	DroppedVATID string `json:"dropped_vat_id,omitempty" doc:"The VAT number that a move to another country took. Give the new country's as vat_id"`
}

type changesInput struct {
	Body ChangesBody
}

// accountRoutes are the customer's own details.
func (s *Server) accountRoutes() {
	handle(s, operation{ID: "get-account", Method: http.MethodGet, Path: "/v1/account", Tag: "Account", Access: customer,
		Summary: "The customer's details"}, s.getAccount)
	handle(s, operation{ID: "update-account", Method: http.MethodPatch, Path: "/v1/account", Tag: "Account", Access: customer,
		Summary:     "Change the customer's details",
		Description: "A field that is left out stays as it is. A move to another country without a new vat_id drops the VAT number, which belongs to the old one (dropped_vat_id)."}, s.updateAccount)
}

// getAccount is GET /v1/account.
func (s *Server) getAccount(ctx context.Context, _ *struct{}) (*body[CustomerAnswer], error) {
	who, err := s.cfg.Accounts.Customer(ctx, s.cfg.Store.Read(), customerID(ctx))
	if err != nil {
		return nil, err
	}
	return &body[CustomerAnswer]{customerAnswer(who)}, nil
}

// updateAccount is PATCH /v1/account.
func (s *Server) updateAccount(ctx context.Context, in *changesInput) (*body[UpdatedAnswer], error) {
	b := in.Body
	who, err := s.cfg.Accounts.Update(ctx, customerID(ctx), account.Changes{
		FirstName: b.FirstName, LastName: b.LastName, Company: b.Company, Country: b.Country, Street: b.Street, Number: b.Number,
		Postcode: b.Postcode, City: b.City, Phone: b.Phone, VATID: b.VATID, Locale: b.Locale,
	})
	if err != nil {
		return nil, err
	}
	return &body[UpdatedAnswer]{UpdatedAnswer{customerAnswer(who.Customer), who.DroppedVATID}}, nil
}

func customerAnswer(c account.Customer) CustomerAnswer {
	return CustomerAnswer{
		ID: c.ID, Email: c.Email, FirstName: c.FirstName, LastName: c.LastName, Company: c.Company, Country: c.Country,
		AddressFields: AddressFields{Street: c.Street, Number: c.Number, Postcode: c.Postcode, City: c.City},
		Phone:         c.Phone, VATID: c.VATID, VATStatus: c.VATStatus, Locale: c.Locale, CreatedAt: c.CreatedAt,
	}
}
