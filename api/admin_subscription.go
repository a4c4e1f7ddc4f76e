package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/money"

	"github.com/shopspring/decimal"
)

// AdminSubscriptionAnswer is a subscription as staff sees it.
type AdminSubscriptionAnswer struct {
	SubscriptionAnswer
	CustomerID  string              `json:"customer_id"`
	Cost        money.Amount        `json:"cost" doc:"What the upstream charges for a cycle"`
	Least       money.Amount        `json:"least" doc:"Cost and floor when prices were last reviewed: a lower price sells at a loss"`
	BelowCost   bool                `json:"below_cost"`
	PricePolicy string              `json:"price_policy" enum:"shop,keep,follow" doc:"Its own policy, or the shop's"`
	Notices     []PriceNoticeAnswer `json:"notices,omitempty" doc:"The prices that were announced, oldest first; not in lists"`
}

// PriceNoticeAnswer is a price that was announced.
type PriceNoticeAnswer struct {
	State    string       `json:"state" enum:"told,applied,withdrawn"`
	OldPrice money.Amount `json:"old_price"`
	NewPrice money.Amount `json:"new_price"`
	FromAt   time.Time    `json:"from_at"`
	ToldAt   time.Time    `json:"told_at"`
}

type subscriptionsInput struct {
	PageInput
	CustomerID string `query:"customer_id" maxLength:"64"`
	State      string `query:"state" enum:"active,past_due,suspended,paused,cancelled"`
	BelowCost  bool   `query:"below_cost" doc:"Only those that are billed at less than cost and floor; it goes alone"`
}

type adminCancelInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		At   string `json:"at" enum:"period_end,now"`
		Rest string `json:"rest,omitempty" enum:"keep,credit" doc:"With now: whether the unused rest becomes credit; the shop's policy when left out"`
	}
}

type phasesInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Phases []PhaseAnswer `json:"phases" maxItems:"12" doc:"In their order; they take the place of those it has"`
	}
}

type pricePolicyInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Policy string `json:"policy" enum:"shop,keep,follow" doc:"shop: as the setting says"`
	}
}

// shopPolicy is what the API calls a subscription without a policy of its own.
const shopPolicy = "shop"

// adminSubscriptionRoutes are what staff decides about subscriptions.
func (s *Server) adminSubscriptionRoutes() {
	const tag, path = "Admin: subscriptions", "/v1/admin/subscriptions"
	handle(s, operation{ID: "admin-list-subscriptions", Method: http.MethodGet, Path: path, Tag: tag, Cursor: "sub", Access: admin,
		Summary: "All subscriptions, oldest first"}, s.adminListSubscriptions)
	handle(s, operation{ID: "admin-get-subscription", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Access: admin,
		Summary: "One of them, with the prices that were announced"}, s.adminGetSubscription)
	handle(s, operation{ID: "admin-next-invoice", Method: http.MethodGet, Path: path + "/{id}/next-invoice", Tag: tag, Access: admin,
		Summary: "The next renewal, as it would be drawn now"}, s.adminNextInvoice)
	handle(s, operation{ID: "admin-cancel-subscription", Method: http.MethodPost, Path: path + "/{id}/cancel", Tag: tag, Access: admin,
		Summary: "End a subscription; a domain, too, may end before its year is over"}, s.adminCancelSubscription)
	handle(s, operation{ID: "admin-uncancel-subscription", Method: http.MethodPost, Path: path + "/{id}/uncancel", Tag: tag, Access: admin,
		Summary: "Take a cancellation back, while it has not ended"}, s.adminUncancelSubscription)
	handle(s, operation{ID: "admin-pause-subscription", Method: http.MethodPost, Path: path + "/{id}/pause", Tag: tag, Access: admin,
		Summary: "Pause hosting"}, s.adminPauseSubscription)
	handle(s, operation{ID: "admin-resume-subscription", Method: http.MethodPost, Path: path + "/{id}/resume", Tag: tag, Access: admin,
		Summary: "Take paused hosting up again"}, s.adminResumeSubscription)
	handle(s, operation{ID: "admin-preview-change", Method: http.MethodPost, Path: path + "/{id}/change/preview", Tag: tag, Access: admin,
		Summary: "What another product or cycle comes to; nothing is changed"}, s.adminPreviewChange)
	handle(s, operation{ID: "admin-change-subscription", Method: http.MethodPost, Path: path + "/{id}/change", Tag: tag, Access: admin,
		Summary: "Change to another product or cycle", Status: http.StatusCreated}, s.adminChangeSubscription)
	handle(s, operation{ID: "admin-set-phases", Method: http.MethodPut, Path: path + "/{id}/phases", Tag: tag, Access: admin,
		Summary: "Give discounts on the periods that are billed next"}, s.adminSetPhases)
	handle(s, operation{ID: "admin-set-price-policy", Method: http.MethodPut, Path: path + "/{id}/price-policy", Tag: tag, Access: admin,
		Summary: "Keep the agreed price of a subscription, or let it follow the shop's"}, s.adminSetPricePolicy)
}

// adminListSubscriptions is GET /v1/admin/subscriptions.
func (s *Server) adminListSubscriptions(ctx context.Context, in *subscriptionsInput) (*pageOutput[AdminSubscriptionAnswer], error) {
	filter := billing.SubscriptionFilter{CustomerID: in.CustomerID, State: billing.SubscriptionState(in.State), BelowCost: in.BelowCost}
	subscriptions, err := s.cfg.Billing.AllSubscriptions(ctx, filter, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	next := nextOf(subscriptions, in.Limit, func(v billing.Subscription) string { return v.ID })
	return pageOf(subscriptions, next, adminSubscriptionAnswer), nil
}

// adminGetSubscription is GET /v1/admin/subscriptions/{id}.
func (s *Server) adminGetSubscription(ctx context.Context, in *idInput) (*body[AdminSubscriptionAnswer], error) {
	sub, err := s.cfg.Billing.Subscription(ctx, s.cfg.Store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	notices, err := s.cfg.Billing.PriceNotices(ctx, s.cfg.Store.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	answer := adminSubscriptionAnswer(sub)
	for _, n := range notices {
		answer.Notices = append(answer.Notices, PriceNoticeAnswer{
			State: n.State, OldPrice: n.OldNet, NewPrice: n.NewNet, FromAt: n.FromAt.Time(), ToldAt: n.ToldAt.Time(),
		})
	}
	return &body[AdminSubscriptionAnswer]{answer}, nil
}

// adminNextInvoice is GET /v1/admin/subscriptions/{id}/next-invoice.
func (s *Server) adminNextInvoice(ctx context.Context, in *idInput) (*body[NextInvoiceAnswer], error) {
	return s.nextInvoiceOf(ctx, in.ID)
}

// staffDecides carries out a decision of staff about a subscription, with its audit entry.
func (s *Server) staffDecides(ctx context.Context, c change, do decision) (*body[AdminSubscriptionAnswer], error) {
	return audited(ctx, s, c, func() (*body[AdminSubscriptionAnswer], error) {
		var sub billing.Subscription
		err := s.cfg.Store.Tx(ctx, func(q *db.Queries) (err error) {
			sub, err = do(ctx, q)
			return err
		})
		if err != nil {
			return nil, err
		}
		return &body[AdminSubscriptionAnswer]{adminSubscriptionAnswer(sub)}, nil
	})
}

// adminCancelSubscription is POST /v1/admin/subscriptions/{id}/cancel.
func (s *Server) adminCancelSubscription(ctx context.Context, in *adminCancelInput) (*body[AdminSubscriptionAnswer], error) {
	p := billing.CancelParams{When: billing.CancelWhen(in.Body.At), Rest: billing.RestPolicy(in.Body.Rest), By: billing.ByStaff}
	return s.staffDecides(ctx, change{"subscription.cancel", in.ID, in.Body}, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Cancel(ctx, q, in.ID, p)
	})
}

// adminUncancelSubscription is POST /v1/admin/subscriptions/{id}/uncancel.
func (s *Server) adminUncancelSubscription(ctx context.Context, in *idInput) (*body[AdminSubscriptionAnswer], error) {
	return s.staffDecides(ctx, change{"subscription.uncancel", in.ID, nil}, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Uncancel(ctx, q, in.ID)
	})
}

// adminPauseSubscription is POST /v1/admin/subscriptions/{id}/pause.
func (s *Server) adminPauseSubscription(ctx context.Context, in *idInput) (*body[AdminSubscriptionAnswer], error) {
	return s.staffDecides(ctx, change{"subscription.pause", in.ID, nil}, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Pause(ctx, q, in.ID, billing.ByStaff)
	})
}

// adminResumeSubscription is POST /v1/admin/subscriptions/{id}/resume.
func (s *Server) adminResumeSubscription(ctx context.Context, in *idInput) (*body[AdminSubscriptionAnswer], error) {
	return s.staffDecides(ctx, change{"subscription.resume", in.ID, nil}, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.Resume(ctx, q, in.ID)
	})
}

// adminPreviewChange is POST /v1/admin/subscriptions/{id}/change/preview.
func (s *Server) adminPreviewChange(ctx context.Context, in *changePreviewInput) (*body[ChangePreviewAnswer], error) {
	return s.previewOf(ctx, changeOf(in.ID, in.Body))
}

// adminChangeSubscription is POST /v1/admin/subscriptions/{id}/change.
func (s *Server) adminChangeSubscription(ctx context.Context, in *changeInput) (*replayable[ChangeAnswer], error) {
	key := s.idempotency(ctx, in.KeyInput, "POST /v1/admin/subscriptions/"+in.ID+"/change", in.RawBody)
	return audited(ctx, s, change{"subscription.change", in.ID, in.Body}, func() (*replayable[ChangeAnswer], error) {
		made, replayed, err := s.cfg.Orders.Change(ctx, changeOf(in.ID, in.Body), key)
		if err != nil {
			return nil, err
		}
		return answered(changeAnswer(made), replayed), nil
	})
}

// adminSetPhases is PUT /v1/admin/subscriptions/{id}/phases.
func (s *Server) adminSetPhases(ctx context.Context, in *phasesInput) (*body[AdminSubscriptionAnswer], error) {
	phases := make([]billing.Phase, 0, len(in.Body.Phases))
	for _, p := range in.Body.Phases {
		phase := billing.Phase{Kind: billing.PhaseKind(p.Kind), Periods: p.Periods}
		if p.Amount != nil {
			phase.Amount = *p.Amount
		}
		if d, err := decimal.NewFromString(p.Percent); err == nil {
			phase.Percent = d
		}
		phases = append(phases, phase)
	}
	return s.staffDecides(ctx, change{"subscription.phases", in.ID, in.Body}, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.SetPhases(ctx, q, in.ID, phases)
	})
}

// adminSetPricePolicy is PUT /v1/admin/subscriptions/{id}/price-policy.
func (s *Server) adminSetPricePolicy(ctx context.Context, in *pricePolicyInput) (*body[AdminSubscriptionAnswer], error) {
	policy := billing.PricePolicy(in.Body.Policy)
	if policy == shopPolicy {
		policy = ""
	}
	return s.staffDecides(ctx, change{"subscription.price_policy", in.ID, in.Body}, func(ctx context.Context, q *db.Queries) (billing.Subscription, error) {
		return s.cfg.Billing.SetPricePolicy(ctx, q, in.ID, policy)
	})
}

func adminSubscriptionAnswer(v billing.Subscription) AdminSubscriptionAnswer {
	answer := AdminSubscriptionAnswer{
		SubscriptionAnswer: subscriptionAnswer(v), CustomerID: v.CustomerID, Cost: v.Cost, Least: v.Least,
		BelowCost: v.Net.Cmp(v.Least) < 0, PricePolicy: string(v.PricePolicy),
	}
	if answer.PricePolicy == "" {
		answer.PricePolicy = shopPolicy
	}
	return answer
}
