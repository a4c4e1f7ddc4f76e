package api

import (
	"context"
	"fmt"

	"hostfront/account"
	"hostfront/db"
	"hostfront/fault"
)

// adminRoutes are for the reseller's staff, a subject at a time.
func (s *Server) adminRoutes() {
	s.adminPriceRoutes()
	s.adminCustomerRoutes()
	s.adminOrderRoutes()
	s.adminDeliveryRoutes()
	s.adminBillingRoutes()
	s.adminSubscriptionRoutes()
	s.adminCreditRoutes()
	s.adminDunningRoutes()
	s.adminTaskRoutes()
	s.adminTaskAboutRoutes()
	s.adminUpstreamRoutes()
	s.adminWebhookRoutes()
	s.adminOperateRoutes()
}

// change is something that staff does to something.
type change struct {
	// Action is noun.verb: "task.settle"; Subject is the id of what it is done to.
	Action, Subject string
	// Asked is what was asked for, without secrets.
	Asked any
}

// audited writes who does what in the audit log, then does it. The entry comes
// first, as the record of the intent: a power cut in between leaves an entry for
// a change that was not made, never a change without an entry. A refusal is
// written behind it.
func audited[T any](ctx context.Context, s *Server, c change, do func() (T, error)) (T, error) {
	entry := account.AuditEntry{
		AdminID: callerOf(ctx).Admin.ID, Action: c.Action, Subject: c.Subject, After: c.Asked, Address: peer(ctx),
	}
	var none T
	if err := s.writeAudit(ctx, entry); err != nil {
		return none, err
	}
	done, err := do()
	if err == nil {
		return done, nil
	}
	entry.Action += ".refused"
	entry.After = map[string]string{"reason": refusal(err)}
	if auditErr := s.writeAudit(ctx, entry); auditErr != nil {
		s.cfg.Log.ErrorContext(ctx, "write audit entry", "action", entry.Action, "subject", entry.Subject, "error", auditErr)
	}
	return none, err
}

func (s *Server) writeAudit(ctx context.Context, entry account.AuditEntry) error {
	err := s.cfg.Store.Tx(ctx, func(q *db.Queries) error { return s.cfg.Accounts.Audit(ctx, q, entry) })
	if err != nil {
		return fmt.Errorf("write audit entry %s of %s: %w", entry.Action, entry.Subject, err)
	}
	return nil
}

// refusal is an error as the audit log keeps it: its code, not its cause.
func refusal(err error) string {
	if e, ok := fault.As(err); ok {
		return e.Code
	}
	return "internal"
}

// auditedVoid is audited for a change that answers with nothing.
func auditedVoid(ctx context.Context, s *Server, c change, do func() error) (*struct{}, error) {
	return audited(ctx, s, c, func() (*struct{}, error) { return nil, do() })
}
