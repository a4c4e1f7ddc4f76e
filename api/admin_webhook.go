package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"hostfront/billing"
	"hostfront/tally"
)

// WebhookAnswer is an event of the inbox.
type WebhookAnswer struct {
	ID          string          `json:"id"`
	Gateway     string          `json:"gateway"`
	EventID     string          `json:"event_id" doc:"The gateway's own id of it"`
	Kind        string          `json:"kind"`
	State       string          `json:"state" enum:"pending,processed,ignored,failed"`
	Ignored     string          `json:"ignored,omitempty" doc:"Why nothing was done about it"`
	Error       string          `json:"error,omitempty" doc:"What went wrong last"`
	TaskID      string          `json:"task_id,omitempty" doc:"The task that last worked on it"`
	Replays     int64           `json:"replays"`
	Payload     json.RawMessage `json:"payload,omitempty" doc:"As it came, without secrets and personal data; in the detail only"`
	ReceivedAt  time.Time       `json:"received_at"`
	ProcessedAt *time.Time      `json:"processed_at,omitempty"`
}

type webhooksInput struct {
	PageInput
	Gateway string `query:"gateway" maxLength:"64"`
}

type replayInput struct {
	Body struct {
		Since time.Time `json:"since" doc:"Those received since then that were not processed"`
	}
}

// adminWebhookRoutes are what gateways called back with.
func (s *Server) adminWebhookRoutes() {
	handle(s, operation{ID: "admin-list-webhooks", Method: http.MethodGet, Path: "/v1/admin/webhooks", Tag: "Admin: operation", Cursor: "whk", Access: admin,
		Summary: "The webhook inbox, newest first"}, s.adminListWebhooks)
	handle(s, operation{ID: "admin-get-webhook", Method: http.MethodGet, Path: "/v1/admin/webhooks/{id}", Tag: "Admin: operation", Access: admin,
		Summary: "An event of it, with what it said"}, s.adminGetWebhook)
	handle(s, operation{ID: "admin-replay-webhook", Method: http.MethodPost, Path: "/v1/admin/webhooks/{id}/replay", Tag: "Admin: operation", Access: admin,
		Summary: "Read again what it is about, whatever came of it before"}, s.adminReplayWebhook)
	handle(s, operation{ID: "admin-replay-webhooks", Method: http.MethodPost, Path: "/v1/admin/webhooks/replay", Tag: "Admin: operation", Access: admin,
		Summary: "The same for all that came since a time and were not processed"}, s.adminReplayWebhooks)
}

// adminListWebhooks is GET /v1/admin/webhooks.
func (s *Server) adminListWebhooks(ctx context.Context, in *webhooksInput) (*pageOutput[WebhookAnswer], error) {
	page, next, err := s.cfg.Billing.Webhooks(ctx, in.Gateway, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(page, next, webhookAnswer), nil
}

// adminGetWebhook is GET /v1/admin/webhooks/{id}.
func (s *Server) adminGetWebhook(ctx context.Context, in *idInput) (*body[WebhookAnswer], error) {
	w, err := s.cfg.Billing.Webhook(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[WebhookAnswer]{webhookAnswer(w)}, nil
}

// adminReplayWebhook is POST /v1/admin/webhooks/{id}/replay.
func (s *Server) adminReplayWebhook(ctx context.Context, in *idInput) (*body[WebhookAnswer], error) {
	_, err := auditedVoid(ctx, s, change{"webhook.replay", in.ID, nil}, func() error { return s.cfg.Billing.ReplayWebhook(ctx, in.ID) })
	if err != nil {
		return nil, err
	}
	return s.adminGetWebhook(ctx, in)
}

// adminReplayWebhooks is POST /v1/admin/webhooks/replay.
func (s *Server) adminReplayWebhooks(ctx context.Context, in *replayInput) (*body[ReportAnswer], error) {
	report, err := audited(ctx, s, change{"webhook.replay", "", in.Body}, func() (*tally.Report, error) {
		return s.cfg.Billing.ReplayWebhooksSince(ctx, in.Body.Since)
	})
	if err != nil {
		return nil, err
	}
	return &body[ReportAnswer]{*reportAnswer(report)}, nil
}

func webhookAnswer(w billing.Webhook) WebhookAnswer {
	return WebhookAnswer{
		ID: w.ID, Gateway: w.Gateway, EventID: w.EventID, Kind: w.Kind, State: string(w.State), Ignored: w.Ignored, Error: w.Error,
		TaskID: w.TaskID, Replays: w.Replays, Payload: json.RawMessage(w.Payload),
		ReceivedAt: w.ReceivedAt, ProcessedAt: instant(w.ProcessedAt),
	}
}
