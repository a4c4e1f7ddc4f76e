package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"
)

// SubscriptionAnswer is what is billed again and again.
type SubscriptionAnswer struct {
	ID               string          `json:"id"`
	ServiceID        string          `json:"service_id"`
	ProductID        string          `json:"product_id,omitempty"`
	Description      string          `json:"description"`
	Cycle            string          `json:"cycle" example:"month"`
	Price            money.Amount    `json:"price" doc:"The agreed price of a cycle, without VAT"`
	State            string          `json:"state" enum:"active,past_due,suspended,paused,cancelled"`
	EndsAt           *time.Time      `json:"ends_at" doc:"When it ends, once it is cancelled; null while it goes on"`
	CurrentPeriodEnd *time.Time      `json:"current_period_end" doc:"Until when it is paid for"`
	NextInvoiceAt    *time.Time      `json:"next_invoice_at"`
	PaymentMethodID  string          `json:"payment_method_id,omitempty" doc:"The method of its own that it is charged to; the default when left out"`
	NewPrice         *NewPriceAnswer `json:"new_price,omitempty" doc:"A price that was announced"`
	ChangeID         string          `json:"change_id,omitempty" doc:"A change of product or cycle that is still to come"`
	Phases           []PhaseAnswer   `json:"phases" doc:"Discounts on the periods that are billed next"`
}

// NewPriceAnswer is a price that was announced to the customer.
type NewPriceAnswer struct {
	Price  money.Amount `json:"price" doc:"Of a cycle, without VAT"`
	FromAt time.Time    `json:"from_at" doc:"Periods that start then or later are billed at it"`
}

// PhaseAnswer is a discount on some periods in a row.
type PhaseAnswer struct {
	Kind    string        `json:"kind" enum:"free,percent,amount,price"`
	Percent string        `json:"percent,omitempty" doc:"What is taken off, in percent"`
	Amount  *money.Amount `json:"amount,omitempty" doc:"What is taken off, or (price) what is left, without VAT"`
	Periods int           `json:"periods" doc:"How many periods it holds for"`
}

type cancelInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body *struct {
		At string `json:"at,omitempty" enum:"period_end,now" doc:"period_end (the default): with the period that is paid for; now: at once, and what becomes of the rest is the shop's policy. A domain only runs out."`
	}
}

// subscriptionRoutes are what a customer decides about what is billed again and again.
func (s *Server) subscriptionRoutes() {
	handle(s, operation{ID: "list-subscriptions", Method: http.MethodGet, Path: "/v1/subscriptions", Tag: "Subscriptions", Cursor: "sub", Access: customer,
		Summary: "What is billed again and again, and when next"}, s.listSubscriptions)
	handle(s, operation{ID: "get-subscription", Method: http.MethodGet, Path: "/v1/subscriptions/{id}", Tag: "Subscriptions", Access: customer,
		Summary: "One of them"}, s.getSubscription)
	handle(s, operation{ID: "cancel-subscription", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/cancel", Tag: "Subscriptions", Access: customer,
		Summary:     "End a subscription, with the period that is paid for or at once",
		Description: "Nothing more is billed, and bills for periods that have not begun are withdrawn. Hosting is ended with it; a domain lapses at its expiry, it is never deleted. 409 payment_processing while a later period is being paid."}, s.cancelSubscription)
	handle(s, operation{ID: "uncancel-subscription", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/uncancel", Tag: "Subscriptions", Access: customer,
		Summary: "Take a cancellation back, while it has not ended"}, s.uncancelSubscription)
	handle(s, operation{ID: "pause-subscription", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/pause", Tag: "Subscriptions", Access: customer,
		Summary:     "Pause hosting: nothing is billed and, from the end of what is paid, it is suspended",
		Description: "A domain cannot be paused. Whether customers may pause is the shop's choice."}, s.pauseSubscription)
	handle(s, operation{ID: "resume-subscription", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/resume", Tag: "Subscriptions", Access: customer,
		Summary:     "Take paused hosting up again",
		Description: "The days of its periods stay what they were: the rest of the present one is billed at once, by the second."}, s.resumeSubscription)
	handle(s, operation{ID: "next-invoice", Method: http.MethodGet, Path: "/v1/subscriptions/{id}/next-invoice", Tag: "Subscriptions", Access: customer,
		Summary: "The next renewal, as it would be drawn now"}, s.nextInvoice)
	s.changeRoutes()
}

// listSubscriptions is GET /v1/subscriptions.
func (s *Server) listSubscriptions(ctx context.Context, in *PageInput) (*pageOutput[SubscriptionAnswer], error) {
	subscriptions, err := s.cfg.Billing.Subscriptions(ctx, customerID(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(subscriptions, in.Limit, func(v billing.Subscription) string { return v.ID })
	return pageOf(subscriptions, next, subscriptionAnswer), nil
}

// getSubscription is GET /v1/subscriptions/{id}.
func (s *Server) getSubscription(ctx context.Context, in *idInput) (*body[SubscriptionAnswer], error) {
	sub, err := s.ownSubscription(ctx, s.cfg.Store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[SubscriptionAnswer]{subscriptionAnswer(sub)}, nil
}

// ownSubscription is one of the caller's; somebody else's is not there.
func (s *Server) ownSubscription(ctx context.Context, q *db.Queries, id string) (billing.Subscription, error) {
	sub, err := s.cfg.Billing.Subscription(ctx, q, id)
	if err == nil && sub.CustomerID != customerID(ctx) {
		err = missing("subscription", id)
	}
	return sub, err
}

// decision is something that is decided about a subscription, in a transaction.
type decision func(ctx context.Context, q *db.Queries) (billing.Subscription, error)

// decide carries out a customer's decision about a subscription of theirs.
func (s *Server) decide(ctx context.Context, id string, do decision) (*body[SubscriptionAnswer], error) {
	var sub billing.Subscription
	err := s.cfg.Store.Tx(ctx, func(q *db.Queries) (err error) {
		if _, err := s.ownSubscription(ctx, q, id); err != nil {
			return err
		}
		sub, err = do(ctx, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &body[SubscriptionAnswer]{subscriptionAnswer(sub)}, nil
}

// cancelSubscription is POST /v1/subscriptions/{id}/cancel. Asked again, it answers the same.
func (s *Server) cancelSubscription(ctx context.Context, in *cancelInput) (*body[SubscriptionAnswer], error) {
	p := billing.CancelParams{When: billing.AtPeriodEnd, By: billing.ByCustomer}
	if in.Body != nil && in.Body.At == string(billing.AtOnce) {
		p.When = billing.AtOnce
	}
	return s.decide(ctx, in.ID, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Cancel(ctx, q, in.ID, p)
	})
}

// uncancelSubscription is POST /v1/subscriptions/{id}/uncancel.
func (s *Server) uncancelSubscription(ctx context.Context, in *idInput) (*body[SubscriptionAnswer], error) {
	return s.decide(ctx, in.ID, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Uncancel(ctx, q, in.ID)
	})
}

// pauseSubscription is POST /v1/subscriptions/{id}/pause.
func (s *Server) pauseSubscription(ctx context.Context, in *idInput) (*body[SubscriptionAnswer], error) {
	return s.decide(ctx, in.ID, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Pause(ctx, q, in.ID, billing.ByCustomer)
	})
}

// resumeSubscription is POST /v1/subscriptions/{id}/resume.
func (s *Server) resumeSubscription(ctx context.Context, in *idInput) (*body[SubscriptionAnswer], error) {
	return s.decide(ctx, in.ID, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Resume(ctx, q, in.ID)
	})
}

func subscriptionAnswer(v billing.Subscription) SubscriptionAnswer {
	answer := SubscriptionAnswer{
		ID: v.ID, ServiceID: v.ServiceID, ProductID: v.ProductID, Description: v.Description, Cycle: v.Cycle.String(), Price: v.Net,
		State: string(v.State), EndsAt: instant(v.CancelAt), CurrentPeriodEnd: instant(v.CurrentPeriodEnd),
		NextInvoiceAt: instant(v.NextInvoiceAt), ChangeID: v.ChangeID, Phases: phaseAnswers(v.Phases),
		PaymentMethodID: v.MethodID,
	}
	if !v.NoticeAt.IsZero() {
		answer.NewPrice = &NewPriceAnswer{Price: v.NoticeNet, FromAt: v.NoticeAt}
	}
	return answer
}

func phaseAnswers(phases []billing.Phase) []PhaseAnswer {
	answers := make([]PhaseAnswer, 0, len(phases))
	for _, p := range phases {
		answer := PhaseAnswer{Kind: string(p.Kind), Periods: p.Periods}
		switch p.Kind {
		case billing.PercentPhase:
			answer.Percent = p.Percent.String()
		case billing.AmountPhase, billing.PricePhase:
			answer.Amount = &p.Amount
		}
		answers = append(answers, answer)
	}
	return answers
}
