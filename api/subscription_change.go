package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/money"
	"hostfront/order"
)

// ChangeBody is another product, or another cycle.
type ChangeBody struct {
	ProductID string     `json:"product_id,omitempty" maxLength:"64" doc:"A product of the same kind; the present one when left out"`
	Cycle     string     `json:"cycle,omitempty" maxLength:"20" example:"year" doc:"A cycle the product is sold by; the present one when left out"`
	At        string     `json:"at,omitempty" enum:"now,period_end" doc:"now (the default): the rest of the period is credited and charged anew; period_end: with the next period"`
	AsOf      *time.Time `json:"as_of,omitempty" doc:"Of a preview, to have exactly that"`
	Token     string     `json:"token,omitempty" maxLength:"64" doc:"Of that preview: where it comes to something else by now, the change is refused"`
}

type changePreviewInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body ChangeBody
}

type changeInput struct {
	KeyInput
	ID      string `path:"id" maxLength:"64"`
	RawBody []byte
	Body    ChangeBody
}

// ChangeTargetAnswer is what a subscription is, or will be.
type ChangeTargetAnswer struct {
	ProductID   string       `json:"product_id"`
	Description string       `json:"description"`
	Cycle       string       `json:"cycle"`
	Price       money.Amount `json:"price" doc:"Of a cycle, without VAT"`
}

// ChangePreviewAnswer is what a change comes to: what is issued is exactly this.
type ChangePreviewAnswer struct {
	From        ChangeTargetAnswer `json:"from"`
	To          ChangeTargetAnswer `json:"to"`
	At          string             `json:"at" enum:"now,period_end"`
	AsOf        time.Time          `json:"as_of"`
	Token       string             `json:"token"`
	ExpiresAt   time.Time          `json:"expires_at" doc:"Until then as_of and token can be taken up"`
	EffectiveAt time.Time          `json:"effective_at" doc:"What credit and charge are counted from. What goes back is counted from when the preview lapses."`
	Documents   []billing.Draft    `json:"documents" doc:"The invoice, or the credit notes, that are issued at once"`
	Pay         money.Amount       `json:"pay" doc:"What is to be paid now, VAT included"`
	Credit      money.Amount       `json:"credit" doc:"What becomes credit, VAT included"`
}

// ChangeAnswer is a change of product or cycle.
type ChangeAnswer struct {
	ID             string             `json:"id"`
	SubscriptionID string             `json:"subscription_id"`
	State          string             `json:"state" enum:"pending,scheduled,done,withdrawn" doc:"pending: until its invoice is paid; scheduled: with the next period"`
	InvoiceID      string             `json:"invoice_id,omitempty" doc:"To be paid with POST /v1/invoices/{id}/pay, unless a saved method is charged"`
	CreditNoteID   string             `json:"credit_note_id,omitempty"`
	EffectiveAt    time.Time          `json:"effective_at"`
	From           ChangeTargetAnswer `json:"from"`
	To             ChangeTargetAnswer `json:"to"`
}

// NextInvoiceAnswer is the renewal that comes next.
type NextInvoiceAnswer struct {
	SubscriptionID string        `json:"subscription_id"`
	BilledAt       time.Time     `json:"billed_at"`
	DueAt          time.Time     `json:"due_at"`
	Document       billing.Draft `json:"document"`
}

// changeRoutes are the changes of product and cycle.
func (s *Server) changeRoutes() {
	handle(s, operation{ID: "preview-change", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/change/preview", Tag: "Subscriptions", Access: customer,
		Summary: "What another product or cycle comes to; nothing is changed"}, s.previewChange)
	handle(s, operation{ID: "change-subscription", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/change", Tag: "Subscriptions", Access: customer,
		Summary: "Change to another product or cycle", Status: http.StatusCreated,
		Description: "At once, the unused rest goes back and the rest of the period is charged anew, on one invoice: the change is made when that is paid. One that comes to less than nothing is made now and its difference becomes credit. An unpaid bill of the next period is withdrawn and drawn anew; 409 while that is being paid."}, s.changeSubscription)
	handle(s, operation{ID: "list-changes", Method: http.MethodGet, Path: "/v1/subscriptions/{id}/changes", Tag: "Subscriptions", Access: customer,
		Summary: "The changes of a subscription, oldest first"}, s.listChanges)
}

func changeOf(id string, b ChangeBody) order.ChangeParams {
	p := order.ChangeParams{SubscriptionID: id, ProductID: b.ProductID, Cycle: b.Cycle, When: billing.ChangeNow, Token: b.Token}
	if b.At == string(billing.ChangeAtPeriodEnd) {
		p.When = billing.ChangeAtPeriodEnd
	}
	if b.AsOf != nil {
		p.AsOf = b.AsOf.UTC()
	}
	return p
}

// previewChange is POST /v1/subscriptions/{id}/change/preview.
func (s *Server) previewChange(ctx context.Context, in *changePreviewInput) (*body[ChangePreviewAnswer], error) {
	p := changeOf(in.ID, in.Body)
	p.CustomerID = customerID(ctx)
	return s.previewOf(ctx, p)
}

func (s *Server) previewOf(ctx context.Context, p order.ChangeParams) (*body[ChangePreviewAnswer], error) {
	v, err := s.cfg.Orders.PreviewChange(ctx, p)
	if err != nil {
		return nil, err
	}
	return &body[ChangePreviewAnswer]{ChangePreviewAnswer{
		From: changeTargetAnswer(v.From), To: changeTargetAnswer(v.To), At: string(v.When), AsOf: v.AsOf, Token: v.Token,
		ExpiresAt: v.ExpiresAt, EffectiveAt: v.EffectiveAt, Documents: append([]billing.Draft{}, v.Documents...), Pay: v.Pay, Credit: v.Credit,
	}}, nil
}

// changeSubscription is POST /v1/subscriptions/{id}/change.
func (s *Server) changeSubscription(ctx context.Context, in *changeInput) (*replayable[ChangeAnswer], error) {
	if err := s.mayCheckOut(ctx); err != nil {
		return nil, err
	}
	p := changeOf(in.ID, in.Body)
	p.CustomerID = customerID(ctx)
	made, replayed, err := s.cfg.Orders.Change(ctx, p, s.idempotency(ctx, in.KeyInput, "POST /v1/subscriptions/"+in.ID+"/change", in.RawBody))
	if err != nil {
		return nil, err
	}
	return answered(changeAnswer(made), replayed), nil
}

// listChanges is GET /v1/subscriptions/{id}/changes.
func (s *Server) listChanges(ctx context.Context, in *idInput) (*pageOutput[ChangeAnswer], error) {
	if _, err := s.ownSubscription(ctx, s.cfg.Store.Read(), in.ID); err != nil {
		return nil, err
	}
	changes, err := s.cfg.Billing.Changes(ctx, s.cfg.Store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	return pageOf(changes, "", changeAnswer), nil
}

// nextInvoice is GET /v1/subscriptions/{id}/next-invoice.
func (s *Server) nextInvoice(ctx context.Context, in *idInput) (*body[NextInvoiceAnswer], error) {
	if _, err := s.ownSubscription(ctx, s.cfg.Store.Read(), in.ID); err != nil {
		return nil, err
	}
	return s.nextInvoiceOf(ctx, in.ID)
}

func (s *Server) nextInvoiceOf(ctx context.Context, id string) (*body[NextInvoiceAnswer], error) {
	next, err := s.cfg.Billing.NextInvoice(ctx, s.cfg.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	return &body[NextInvoiceAnswer]{NextInvoiceAnswer{
		SubscriptionID: next.SubscriptionID, BilledAt: next.BilledAt, DueAt: next.DueAt, Document: next.Draft,
	}}, nil
}

func changeAnswer(c billing.Change) ChangeAnswer {
	return ChangeAnswer{
		ID: c.ID, SubscriptionID: c.SubscriptionID, State: c.State, InvoiceID: c.InvoiceID, CreditNoteID: c.CreditNoteID,
		EffectiveAt: c.EffectiveAt.Time(), From: changeTargetAnswer(c.From), To: changeTargetAnswer(c.To),
	}
}

func changeTargetAnswer(t billing.ChangeTarget) ChangeTargetAnswer {
	return ChangeTargetAnswer{ProductID: t.ProductID, Description: t.Description, Cycle: t.Cycle, Price: t.Net}
}
