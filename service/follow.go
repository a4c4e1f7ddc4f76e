package service

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/event"
)

// ReasonPaused is why a service is suspended whose customer has paused it.
const ReasonPaused = "paused"

// follow has services follow what is decided about their subscriptions: hosting that has
// ended is ended upstream and a name is let lapse; a pause suspends. A name that is cancelled
// and has not ended is switched off by the nightly comparison, before the upstream renews it.
func (s *Services) follow() {
	for kind, do := range map[string]func(context.Context, *db.Queries, db.Service) error{
		"subscription.ended":       s.subscriptionEnded,
		"subscription.pause_began": s.pauseBegan,
		"subscription.pause_ended": s.pauseEnded,
	} {
		s.Events.Subscribe(kind, func(ctx context.Context, q *db.Queries, e event.Event) error {
			svc, there, err := s.subscribed(ctx, q, e)
			if err != nil || !there {
				return err
			}
			return do(ctx, q, svc)
		})
	}
}

// subscribed is the service of an event about a subscription that it follows.
func (s *Services) subscribed(ctx context.Context, q *db.Queries, e event.Event) (db.Service, bool, error) {
	var of struct {
		ServiceID string `json:"service_id"`
		Apart     bool   `json:"apart"`
	}
	if err := json.Unmarshal(e.Data, &of); err != nil {
		return db.Service{}, false, fmt.Errorf("data of event %s: %w", e.ID, err)
	}
	if of.Apart {
		return db.Service{}, false, nil
	}
	svc, err := q.ServiceByID(ctx, of.ServiceID)
	if errors.Is(err, sql.ErrNoRows) {
		return svc, false, nil
	}
	if err != nil {
		return svc, false, fmt.Errorf("read service %s: %w", of.ServiceID, err)
	}
	return svc, true, nil
}

func (s *Services) subscriptionEnded(ctx context.Context, q *db.Queries, svc db.Service) error {
	if svc.Kind == KindDomain {
		return s.LetLapse(ctx, q, svc.ID, ReasonCancelled)
	}
	return s.Terminate(ctx, q, svc.ID, ReasonCancelled)
}

func (s *Services) pauseBegan(ctx context.Context, q *db.Queries, svc db.Service) error {
	return s.Suspend(ctx, q, svc.ID, ReasonPaused)
}

func (s *Services) pauseEnded(ctx context.Context, q *db.Queries, svc db.Service) error {
	return s.Unsuspend(ctx, q, svc.ID)
}
