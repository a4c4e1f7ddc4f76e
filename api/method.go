package api

import (
	"context"
	"net/http"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/order"
)

// MethodAnswer is a method that is kept for renewals.
type MethodAnswer struct {
	ID       string `json:"id"`
	Gateway  string `json:"gateway"`
	Kind     string `json:"kind"`
	Label    string `json:"label"`
	ExpMonth int    `json:"exp_month,omitempty"`
	ExpYear  int    `json:"exp_year,omitempty"`
	Default  bool   `json:"default" doc:"Renewals are charged to it, unless a subscription has a method of its own"`
	Expired  bool   `json:"expired" doc:"Its last month is over: it is charged only when no other is left"`
	Refused  bool   `json:"refused" doc:"Its bank refused it for good: it is not charged until it is made the default again"`
}

// SetupBody asks for a method to be saved without a payment.
type SetupBody struct {
	Gateway     string `json:"gateway" maxLength:"50" doc:"A name of GET /v1/payment-gateways that has saves_methods"`
	ReturnURL   string `json:"return_url,omitempty" format:"uri" pattern:"^https?://" maxLength:"2000" doc:"Where a redirect brings the customer back"`
	MakeDefault *bool  `json:"make_default,omitempty" doc:"Charge renewals to it from then on, and what is open at once; true when left out"`
}

// SetupAnswer is the saving of a method.
type SetupAnswer struct {
	ID         string                       `json:"id"`
	Gateway    string                       `json:"gateway"`
	State      string                       `json:"state" enum:"pending,requires_action,processing,succeeded,failed,cancelled"`
	NextAction Nullable[billing.NextAction] `json:"next_action" doc:"What the customer must do; null when nothing"`
	MethodID   string                       `json:"method_id,omitempty" doc:"The method that was saved, once it succeeded"`
	Declined   string                       `json:"declined,omitempty" enum:"soft,hard,authentication,transport" doc:"Why the last try did not go through"`
}

type setupInput struct {
	KeyInput
	RawBody []byte
	Body    SetupBody
}

type useMethodInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		MethodID string `json:"method_id" maxLength:"64" doc:"A method of the customer; empty for the default"`
	}
}

// methodRoutes are a customer's saved methods.
func (s *Server) methodRoutes() {
	handle(s, operation{ID: "list-payment-methods", Method: http.MethodGet, Path: "/v1/payment-methods", Tag: "Payment methods", Access: customer,
		Summary: "Saved methods, the default first"}, s.listMethods)
	handle(s, operation{ID: "add-payment-method", Method: http.MethodPost, Path: "/v1/payment-methods", Tag: "Payment methods", Access: customer,
		Summary: "Save a method without a payment", Status: http.StatusCreated,
		Description: "Follow next_action as with a payment; GET /v1/payment-method-setups/{id} tells when it is saved. Left for a day, it is cancelled."}, s.addMethod)
	handle(s, operation{ID: "get-payment-method-setup", Method: http.MethodGet, Path: "/v1/payment-method-setups/{id}", Tag: "Payment methods", Access: customer,
		Summary: "The saving of a method, and what the customer must do next"}, s.getSetup)
	handle(s, operation{ID: "default-payment-method", Method: http.MethodPost, Path: "/v1/payment-methods/{id}/default", Tag: "Payment methods", Access: customer,
		Summary: "Charge renewals to this method, and what is open at once", Status: http.StatusNoContent}, s.chooseMethod)
	handle(s, operation{ID: "remove-payment-method", Method: http.MethodDelete, Path: "/v1/payment-methods/{id}", Tag: "Payment methods", Access: customer,
		Summary: "Forget a saved method, here and at the payment provider", Status: http.StatusNoContent}, s.removeMethod)
	handle(s, operation{ID: "set-subscription-method", Method: http.MethodPut, Path: "/v1/subscriptions/{id}/payment-method", Tag: "Payment methods", Access: customer,
		Summary: "Charge this subscription to a method of its own, or to the default again"}, s.setSubscriptionMethod)
	handle(s, operation{ID: "admin-list-payment-methods", Method: http.MethodGet, Path: "/v1/admin/customers/{id}/payment-methods", Tag: "Admin: customers", Access: admin,
		Summary: "A customer's saved methods, the default first"}, s.adminListMethods)
	handle(s, operation{ID: "admin-set-subscription-method", Method: http.MethodPut, Path: "/v1/admin/subscriptions/{id}/payment-method", Tag: "Admin: customers", Access: admin,
		Summary: "Charge a subscription to one of its customer's methods, or to their default again"}, s.adminSetSubscriptionMethod)
}

// listMethods is GET /v1/payment-methods.
func (s *Server) listMethods(ctx context.Context, _ *struct{}) (*pageOutput[MethodAnswer], error) {
	return s.methodsOf(ctx, customerID(ctx))
}

// adminListMethods is GET /v1/admin/customers/{id}/payment-methods.
func (s *Server) adminListMethods(ctx context.Context, in *idInput) (*pageOutput[MethodAnswer], error) {
	if _, err := s.cfg.Accounts.Customer(ctx, s.cfg.Store.Read(), in.ID); err != nil {
		return nil, err
	}
	return s.methodsOf(ctx, in.ID)
}

func (s *Server) methodsOf(ctx context.Context, customerID string) (*pageOutput[MethodAnswer], error) {
	methods, err := s.cfg.Billing.Methods(ctx, s.cfg.Store.Read(), customerID)
	if err != nil {
		return nil, err
	}
	return pageOf(methods, "", methodAnswer), nil
}

// addMethod is POST /v1/payment-methods.
func (s *Server) addMethod(ctx context.Context, in *setupInput) (*replayable[SetupAnswer], error) {
	limits, err := s.checkOut(ctx)
	if err != nil {
		return nil, err
	}
	id, replayed, err := s.startSetup(ctx, in, limits.admit)
	limits.end(err, replayed)
	if err != nil {
		return nil, err
	}
	made, err := s.cfg.Billing.RunSetup(ctx, id)
	if err != nil {
		return nil, err
	}
	return answered(setupAnswer(made), replayed), nil
}

// startSetup writes a setup and ties it to its key in one transaction; a key that was used
// before gives that one's setup. admit is asked before a new one is made.
func (s *Server) startSetup(ctx context.Context, in *setupInput, admit func() error) (id string, replayed bool, err error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/payment-methods", in.RawBody)
	err = s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
		replayed = false
		if key.Key != "" {
			if id, replayed, err = order.Claimed(ctx, q, key); err != nil || replayed {
				return err
			}
		}
		if err = admit(); err != nil {
			return err
		}
		id, err = s.cfg.Billing.StartSetup(ctx, q, billing.SetupParams{
			CustomerID: customerID(ctx), Gateway: in.Body.Gateway, ReturnURL: in.Body.ReturnURL,
			MakeDefault: in.Body.MakeDefault == nil || *in.Body.MakeDefault,
		})
		if err != nil || key.Key == "" {
			return err
		}
		_, err = order.Claim(ctx, q, key, id, s.cfg.Clock.Now())
		return err
	})
	return id, replayed, err
}

// getSetup is GET /v1/payment-method-setups/{id}.
func (s *Server) getSetup(ctx context.Context, in *idInput) (*body[SetupAnswer], error) {
	found, err := s.cfg.Billing.Setup(ctx, in.ID)
	if err == nil && found.CustomerID != customerID(ctx) {
		err = missing("payment method setup", in.ID)
	}
	if err != nil {
		return nil, err
	}
	return &body[SetupAnswer]{setupAnswer(found)}, nil
}

// chooseMethod is POST /v1/payment-methods/{id}/default.
func (s *Server) chooseMethod(ctx context.Context, in *idInput) (*struct{}, error) {
	if err := s.mayCheckOut(ctx); err != nil {
		return nil, err
	}
	return nil, s.cfg.Billing.ChooseMethod(ctx, customerID(ctx), in.ID)
}

// removeMethod is DELETE /v1/payment-methods/{id}.
func (s *Server) removeMethod(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, s.cfg.Billing.RemoveMethod(ctx, customerID(ctx), in.ID)
}

// setSubscriptionMethod is PUT /v1/subscriptions/{id}/payment-method.
func (s *Server) setSubscriptionMethod(ctx context.Context, in *useMethodInput) (*body[SubscriptionAnswer], error) {
	if err := s.mayCheckOut(ctx); err != nil {
		return nil, err
	}
	var changed billing.Subscription
	err := s.cfg.Store.Tx(ctx, func(q *db.Queries) error {
		sub, err := s.cfg.Billing.Subscription(ctx, q, in.ID)
		if err == nil && sub.CustomerID != customerID(ctx) {
			err = missing("subscription", in.ID)
		}
		if err != nil {
			return err
		}
		changed, err = s.cfg.Billing.UseMethod(ctx, q, in.ID, in.Body.MethodID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &body[SubscriptionAnswer]{subscriptionAnswer(changed)}, nil
}

// adminSetSubscriptionMethod is PUT /v1/admin/subscriptions/{id}/payment-method.
func (s *Server) adminSetSubscriptionMethod(ctx context.Context, in *useMethodInput) (*body[SubscriptionAnswer], error) {
	return audited(ctx, s, change{"subscription.payment_method", in.ID, in.Body}, func() (*body[SubscriptionAnswer], error) {
		var changed billing.Subscription
		err := s.cfg.Store.Tx(ctx, func(q *db.Queries) (err error) {
			changed, err = s.cfg.Billing.UseMethod(ctx, q, in.ID, in.Body.MethodID)
			return err
		})
		if err != nil {
			return nil, err
		}
		return &body[SubscriptionAnswer]{subscriptionAnswer(changed)}, nil
	})
}

func methodAnswer(m billing.Method) MethodAnswer {
	return MethodAnswer{
		ID: m.ID, Gateway: m.Gateway, Kind: m.Kind, Label: m.Label, ExpMonth: m.ExpMonth, ExpYear: m.ExpYear,
		Default: m.Default, Expired: m.Expired, Refused: m.Refused,
	}
}

func setupAnswer(v billing.Setup) SetupAnswer {
	return SetupAnswer{
		ID: v.ID, Gateway: v.Gateway, State: string(v.State), NextAction: nullable(v.NextAction), MethodID: v.MethodID,
		Declined: string(v.Decline.Class),
	}
}
