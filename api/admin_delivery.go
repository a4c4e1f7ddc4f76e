package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
)

type allowCostInput struct {
	ID   string `path:"id" maxLength:"64"`
	Line string `path:"line" maxLength:"64"`
	Body struct {
		Cost money.Amount `json:"cost" doc:"The most that the upstream may charge for this line, without VAT"`
	}
}

type expiryInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		ExpiresAt time.Time `json:"expires_at"`
	}
}

// adminDeliveryRoutes are the decisions on a delivery that only staff can take.
func (s *Server) adminDeliveryRoutes() {
	handle(s, operation{ID: "admin-allow-cost", Method: http.MethodPost, Path: "/v1/admin/orders/{id}/lines/{line}/allow-cost", Tag: "Admin: orders", Access: admin,
		Summary:     "Let a line be bought at more than was quoted",
		Description: "The price guard holds a line whose price has risen since the quote. This raises what it may cost; retry its task then.",
		Status:      http.StatusNoContent}, s.adminAllowCost)
	handle(s, operation{ID: "admin-set-expiry", Method: http.MethodPut, Path: "/v1/admin/services/{id}/expiry", Tag: "Admin: orders", Access: admin,
		Summary: "Set a domain's expiry: one that the upstream does not tell, or a year that is given away",
		Description: "A year that the upstream has and that is not to be billed is given away before its bill is due; from then on it is owed, and its invoice may be written off. " +
			"The nightly comparison follows what the upstream tells, and asks about an expiry that is earlier.",
		Status: http.StatusNoContent}, s.adminSetExpiry)
}

// adminAllowCost is POST /v1/admin/orders/{id}/lines/{line}/allow-cost.
func (s *Server) adminAllowCost(ctx context.Context, in *allowCostInput) (*struct{}, error) {
	o, err := s.cfg.Orders.ByID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !hasLine(o, in.Line) {
		return nil, fault.Missing("order line", in.Line)
	}
	return auditedVoid(ctx, s, change{"line.allow_cost", in.Line, in.Body}, func() error {
		return s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
			return s.cfg.Services.AllowCost(ctx, q, in.Line, in.Body.Cost)
		})
	})
}

// adminSetExpiry is PUT /v1/admin/services/{id}/expiry.
func (s *Server) adminSetExpiry(ctx context.Context, in *expiryInput) (*struct{}, error) {
	return auditedVoid(ctx, s, change{"service.expiry", in.ID, in.Body}, func() error {
		return s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
			return s.cfg.Services.SetExpiry(ctx, q, in.ID, in.Body.ExpiresAt.UTC())
		})
	})
}

func hasLine(o order.Order, id string) bool {
	for _, l := range o.Lines {
		if l.ID == id {
			return true
		}
	}
	return false
}
