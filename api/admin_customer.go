package api

import (
	"context"
	"net/http"

	"hostfront/account"
	"hostfront/db"
)

// AdminCustomerAnswer is a customer as staff sees them.
type AdminCustomerAnswer struct {
	CustomerAnswer
	HasPassword    bool          `json:"has_password"`
	EmailConfirmed bool          `json:"email_confirmed"`
	Flags          account.Flags `json:"flags"`
}

type customersInput struct {
	PageInput
	Email string `query:"email" maxLength:"254" doc:"Only this address"`
}

type flagsInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body account.Flags
}

type vatInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Status string `json:"status" enum:"pending,confirmed,rejected"`
	}
}

// adminCustomerRoutes are customers, as staff sees them.
func (s *Server) adminCustomerRoutes() {
	handle(s, operation{ID: "admin-list-customers", Method: http.MethodGet, Path: "/v1/admin/customers", Tag: "Admin: customers", Cursor: "cus", Access: admin,
		Summary: "Customers, oldest first"}, s.adminListCustomers)
	handle(s, operation{ID: "admin-get-customer", Method: http.MethodGet, Path: "/v1/admin/customers/{id}", Tag: "Admin: customers", Access: admin,
		Summary: "A customer"}, s.adminGetCustomer)
	handle(s, operation{ID: "admin-set-vat-status", Method: http.MethodPut, Path: "/v1/admin/customers/{id}/vat-status", Tag: "Admin: customers", Access: admin,
		Summary: "Confirm or refuse a VAT number: until it is confirmed, VAT is charged"}, s.adminSetVATStatus)
	handle(s, operation{ID: "admin-set-flags", Method: http.MethodPut, Path: "/v1/admin/customers/{id}/flags", Tag: "Admin: customers", Access: admin,
		Summary:     "Exempt a customer from automatic payment, invoicing or suspension, or write them off",
		Description: "written_off ends every subscription at once and gives up what is open; taking it back brings nothing back."}, s.adminSetFlags)
}

// adminListCustomers is GET /v1/admin/customers.
func (s *Server) adminListCustomers(ctx context.Context, in *customersInput) (*pageOutput[AdminCustomerAnswer], error) {
	customers, next, err := s.cfg.Accounts.List(ctx, account.Filter{Email: in.Email, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return pageOf(customers, next, adminCustomerAnswer), nil
}

// adminGetCustomer is GET /v1/admin/customers/{id}.
func (s *Server) adminGetCustomer(ctx context.Context, in *idInput) (*body[AdminCustomerAnswer], error) {
	who, err := s.cfg.Accounts.Customer(ctx, s.cfg.Store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[AdminCustomerAnswer]{adminCustomerAnswer(who)}, nil
}

// adminSetVATStatus is PUT /v1/admin/customers/{id}/vat-status.
func (s *Server) adminSetVATStatus(ctx context.Context, in *vatInput) (*body[AdminCustomerAnswer], error) {
	return s.changeCustomer(ctx, "customer.vat_status", in.ID, func(q *db.Queries) (before, after account.Customer, err error) {
		return s.cfg.Accounts.SetVATStatus(ctx, q, in.ID, in.Body.Status)
	})
}

// adminSetFlags is PUT /v1/admin/customers/{id}/flags.
func (s *Server) adminSetFlags(ctx context.Context, in *flagsInput) (*body[AdminCustomerAnswer], error) {
	return s.changeCustomer(ctx, "customer.flags", in.ID, func(q *db.Queries) (before, after account.Customer, err error) {
		return s.cfg.Dunning.SetFlags(ctx, q, in.ID, in.Body)
	})
}

// changeCustomer makes a change and its audit entry one transaction.
func (s *Server) changeCustomer(ctx context.Context, action, id string, set func(*db.Queries) (before, after account.Customer, err error)) (*body[AdminCustomerAnswer], error) {
	var changed account.Customer
	err := s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
		before, after, err := set(q)
		if err != nil {
			return err
		}
		changed = after
		return s.cfg.Accounts.Audit(ctx, q, account.AuditEntry{
			AdminID: callerOf(ctx).Admin.ID, Action: action, Subject: id, Address: peer(ctx),
			Before: adminCustomerAnswer(before), After: adminCustomerAnswer(after),
		})
	})
	if err != nil {
		return nil, err
	}
	return &body[AdminCustomerAnswer]{adminCustomerAnswer(changed)}, nil
}

func adminCustomerAnswer(c account.Customer) AdminCustomerAnswer {
	return AdminCustomerAnswer{
		CustomerAnswer: customerAnswer(c), HasPassword: c.HasPassword, EmailConfirmed: c.EmailConfirmed, Flags: c.Flags,
	}
}
