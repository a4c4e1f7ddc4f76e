package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/account"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/order"
)

// RegistrantBody is who names are registered to: a person or an organisation.
type RegistrantBody struct {
	Type          string `json:"type" enum:"person,organisation"`
	FirstName     string `json:"first_name" maxLength:"100"`
	LastName      string `json:"last_name" maxLength:"100"`
	Company       string `json:"company,omitempty" maxLength:"200"`
	CompanyNumber string `json:"company_number,omitempty" maxLength:"50" doc:"Where the TLD asks for it"`
	Email         string `json:"email" maxLength:"254"`
	Phone         string `json:"phone" maxLength:"20" doc:"E.164: +31201234567"`
	Street        string `json:"street" maxLength:"200"`
	Number        string `json:"number" maxLength:"20"`
	Postcode      string `json:"postcode" maxLength:"20"`
	City          string `json:"city" maxLength:"100"`
	Country       string `json:"country" pattern:"^[A-Za-z]{2}$"`
}

// ConsentsBody is what the customer agreed to at the checkout.
type ConsentsBody struct {
	Terms             bool   `json:"terms"`
	RegistryTerms     bool   `json:"registry_terms"`
	ImmediateDelivery bool   `json:"immediate_delivery" doc:"Delivery begins at once, and with it the right to withdraw ends"`
	Version           string `json:"version,omitempty" maxLength:"50" doc:"Of the texts that were shown"`
}

// OrderBody turns a quote into an order.
type OrderBody struct {
	QuoteID    string          `json:"quote_id" maxLength:"64"`
	Registrant *RegistrantBody `json:"registrant,omitempty" doc:"Needed when a name is registered or transferred"`
	Consents   ConsentsBody    `json:"consents"`
	Payment    PaymentBody     `json:"payment"`
}

// OrderAnswer is an order and where its lines stand.
type OrderAnswer struct {
	ID        string            `json:"id"`
	Number    string            `json:"number"`
	State     string            `json:"state" enum:"pending_payment,review,paid,delivering,action_required,completed,partly_failed,failed,cancelled"`
	QuoteID   string            `json:"quote_id"`
	InvoiceID string            `json:"invoice_id"`
	Net       money.Amount      `json:"net"`
	VAT       money.Amount      `json:"vat"`
	Gross     money.Amount      `json:"gross"`
	Lines     []OrderLineAnswer `json:"lines"`
	CreatedAt time.Time         `json:"created_at"`
}

// OrderLineAnswer is a line of an order.
type OrderLineAnswer struct {
	ID           string        `json:"id"`
	Kind         string        `json:"kind"`
	Description  string        `json:"description"`
	ProductID    string        `json:"product_id,omitempty"`
	Domain       string        `json:"domain"`
	Cycle        string        `json:"cycle"`
	Years        int64         `json:"years,omitempty"`
	Net          money.Amount  `json:"net"`
	VAT          money.Amount  `json:"vat"`
	Gross        money.Amount  `json:"gross"`
	IntroPeriods int64         `json:"intro_periods,omitempty" doc:"For how many cycles, the first included, it is at an introductory price"`
	State        string        `json:"state" enum:"pending_payment,review,paid,delivering,action_required,completed,failed,cancelled"`
	Code         string        `json:"code,omitempty" doc:"Why it failed or what it waits for"`
	Fields       []fault.Field `json:"fields,omitempty" doc:"What the customer must mend"`
	ServiceID    string        `json:"service_id,omitempty" doc:"What it became"`
}

// PlacedAnswer is a new order, what it costs, and how to pay it.
type PlacedAnswer struct {
	Order   OrderAnswer             `json:"order"`
	Invoice InvoiceAnswer           `json:"invoice"`
	Payment Nullable[PaymentAnswer] `json:"payment" doc:"null when nothing is to be paid"`
}

type placeInput struct {
	KeyInput
	RawBody []byte
	Body    OrderBody
}

type retryInput struct {
	ID   string `path:"id" maxLength:"64"`
	Line string `path:"line" maxLength:"64"`
	Body struct {
		AuthCode   string          `json:"auth_code,omitempty" maxLength:"255"`
		Registrant *RegistrantBody `json:"registrant,omitempty"`
		Domain     string          `json:"domain,omitempty" maxLength:"253"`
	}
}

// orderRoutes are orders and their progress.
func (s *Server) orderRoutes() {
	handle(s, operation{ID: "place-order", Method: http.MethodPost, Path: "/v1/orders", Tag: "Quotes and orders", Access: customer,
		Summary: "Order what was quoted; the answer says how to pay", Status: http.StatusCreated,
		Description: "Needs an Idempotency-Key. Sending the request again with the same key answers with the same order."}, s.placeOrder)
	handle(s, operation{ID: "list-orders", Method: http.MethodGet, Path: "/v1/orders", Tag: "Quotes and orders", Cursor: "ord", Access: customer,
		Summary: "The customer's orders"}, s.listOrders)
	handle(s, operation{ID: "get-order", Method: http.MethodGet, Path: "/v1/orders/{id}", Tag: "Quotes and orders", Access: customer,
		Summary: "An order and where its lines stand"}, s.getOrder)
	handle(s, operation{ID: "retry-line", Method: http.MethodPost, Path: "/v1/orders/{id}/lines/{line}/retry", Tag: "Quotes and orders", Access: customer,
		Summary: "Mend a line that is in action_required, and go on"}, s.retryLine)
	s.orderEventsRoute()
}

// placeOrder is POST /v1/orders.
func (s *Server) placeOrder(ctx context.Context, in *placeInput) (*replayable[PlacedAnswer], error) {
	limits, err := s.checkOut(ctx)
	if err != nil {
		return nil, err
	}
	b := in.Body
	placed, err := s.cfg.Orders.Place(ctx, order.PlaceParams{
		CustomerID: customerID(ctx), QuoteID: b.QuoteID, Registrant: registrantOf(b.Registrant), Address: peer(ctx),
		Consents: order.Consents(b.Consents), Gateway: b.Payment.Gateway, ReturnURL: b.Payment.ReturnURL, SaveMethod: b.Payment.SaveMethod,
		Idempotency: s.idempotency(ctx, in.KeyInput, "POST /v1/orders", in.RawBody), Admit: limits.admit,
	})
	limits.end(err, placed.Replayed)
	if err != nil {
		return nil, err
	}
	answer, err := s.placedAnswer(ctx, placed.Order)
	if err != nil {
		return nil, err
	}
	return answered(answer, placed.Replayed), nil
}

func (s *Server) placedAnswer(ctx context.Context, o order.Order) (PlacedAnswer, error) {
	answer := PlacedAnswer{Order: orderAnswer(o)}
	invoice, err := s.cfg.Billing.Invoice(ctx, s.cfg.Store.Read(), o.InvoiceID)
	if err != nil {
		return answer, err
	}
	answer.Invoice = invoiceAnswer(invoice)
	if o.PaymentID == "" {
		return answer, nil
	}
	payment, err := s.cfg.Billing.Payment(ctx, o.PaymentID)
	if err != nil {
		return answer, err
	}
	paid := paymentAnswer(payment)
	answer.Payment = nullable(&paid)
	return answer, nil
}

// listOrders is GET /v1/orders.
func (s *Server) listOrders(ctx context.Context, in *PageInput) (*pageOutput[OrderAnswer], error) {
	orders, next, err := s.cfg.Orders.List(ctx, customerID(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(orders, next, orderAnswer), nil
}

// getOrder is GET /v1/orders/{id}.
func (s *Server) getOrder(ctx context.Context, in *idInput) (*body[OrderAnswer], error) {
	return orderBody(s.cfg.Orders.Get(ctx, customerID(ctx), in.ID))
}

// retryLine is POST /v1/orders/{id}/lines/{line}/retry.
func (s *Server) retryLine(ctx context.Context, in *retryInput) (*body[OrderAnswer], error) {
	return orderBody(s.cfg.Orders.Retry(ctx, order.RetryParams{
		CustomerID: customerID(ctx), OrderID: in.ID, LineID: in.Line,
		AuthCode: in.Body.AuthCode, Registrant: registrantOf(in.Body.Registrant), Domain: in.Body.Domain,
	}))
}

func registrantOf(b *RegistrantBody) *account.Registrant {
	if b == nil {
		return nil
	}
	return &account.Registrant{
		Type: b.Type, FirstName: b.FirstName, LastName: b.LastName, Company: b.Company, CompanyNumber: b.CompanyNumber,
		Email: b.Email, Phone: b.Phone, Street: b.Street, Number: b.Number, Postcode: b.Postcode, City: b.City, Country: b.Country,
	}
}

func orderBody(o order.Order, err error) (*body[OrderAnswer], error) {
	if err != nil {
		return nil, err
	}
	return &body[OrderAnswer]{orderAnswer(o)}, nil
}

func orderAnswer(o order.Order) OrderAnswer {
	answer := OrderAnswer{
		ID: o.ID, Number: o.Number, State: string(o.State), QuoteID: o.QuoteID, InvoiceID: o.InvoiceID,
		Net: o.Net, VAT: o.VAT, Gross: o.Gross, Lines: []OrderLineAnswer{}, CreatedAt: o.CreatedAt,
	}
	for _, l := range o.Lines {
		answer.Lines = append(answer.Lines, OrderLineAnswer{
			ID: l.ID, Kind: l.Kind, Description: l.Description, ProductID: l.ProductID, Domain: l.Domain, Cycle: l.Cycle,
			Years: l.Years, Net: l.Net, VAT: l.VAT, Gross: l.Gross, IntroPeriods: l.IntroPeriods, State: string(l.State), Code: l.Code, Fields: l.Fields,
			ServiceID: l.ServiceID,
		})
	}
	return answer
}
