package service

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// domainTransfer moves a name here through an upstream order. It takes days: the
// losing registrar has its time to answer.
func (s *Services) domainTransfer(queue string) task.Kind {
	return task.Kind{
		Name: KindDomainTransfer, Queue: queue, Leads: true, PollEvery: transferPoll, AlarmAfter: 10 * 24 * time.Hour,
		Check: s.nameIsOurs, Look: s.lookAtName, Do: s.placeTransfer, Poll: s.pollTransfer, Reconcile: s.reconcileTransfer,
		Done: s.delivered, Believe: s.orderBelieved, Failed: s.failed, Cancelled: s.cancelled, ActionRequired: s.actionRequired,
	}
}

// transferPoll: a code is refused within minutes, everything else takes hours.
func transferPoll(poll int) time.Duration {
	steps := []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute, time.Hour}
	return steps[min(max(poll-1, 0), len(steps)-1)]
}

func (s *Services) placeTransfer(ctx context.Context, t task.Task) (task.Progress, error) {
	p, err := s.placeOrder(ctx, t)
	if errors.Is(err, upstream.ErrInvalid) || errors.Is(err, upstream.ErrConflict) {
		return task.Progress{}, transferRefused("", err)
	}
	return p, err
}

// transferRefused is what the customer can mend. Where the upstream gives no reason
// the code is the likeliest, and unlocking the name the other.
func transferRefused(cause string, err error) *fault.Outcome {
	if cause == upstream.CauseTransferLock {
		return fault.Came(fault.ActionRequired, "transfer_locked",
			"The name is locked at its present registrar. Unlock it there, then try again.").Because(err)
	}
	o := fault.Came(fault.ActionRequired, "auth_code_refused",
		"The transfer was refused. Ask the present registrar for a new auth code and see that the name is not locked there.").Because(err)
	o.Fields = []fault.Field{{Name: "auth_code", Code: "refused", Message: "A valid auth code from the present registrar."}}
	return o
}

func (s *Services) pollTransfer(ctx context.Context, t task.Task) (task.Progress, error) {
	if resultOf(t).OrderID == "" { // known to have arrived by the name alone
		return s.transferArrived(ctx, t)
	}
	line, err := s.progressOf(ctx, t)
	if err != nil {
		return task.Progress{}, err
	}
	switch line.State {
	case upstream.LineFailed:
		s.noteReason(ctx, t, line.Reason)
		return task.Progress{}, transferRefused(line.Cause, nil)
	case upstream.LineDone:
		return s.transferArrived(ctx, t)
	}
	return task.Progress{Result: resultOf(t), Waiting: true}, nil
}

// noteReason keeps the upstream's own words for the operator, without the auth code
// that they may quote.
func (s *Services) noteReason(ctx context.Context, t task.Task, reason string) {
	d, err := s.delivery(ctx, s.Store.Read(), t)
	if err != nil || reason == "" {
		return
	}
	code, err := s.Sealer.Open(d.AuthCodeSealed)
	if err != nil {
		return
	}
	task.Note(ctx, "reason", upstream.Redact(reason, string(code)))
}

// transferArrived reads the expiry of a name that has come. The upstream may show
// the name a little later than it calls the order completed.
func (s *Services) transferArrived(ctx context.Context, t task.Task) (task.Progress, error) {
	const patience = 24 * time.Hour
	result := resultOf(t)
	if result.CompletedAt == 0 {
		result.CompletedAt = s.now()
	}
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return task.Progress{}, unanswered(err)
	}
	seen, found, err := seeName(ctx, a, d.Domain)
	if err == nil && seen.Ours && !found.ExpiresAt.IsZero() {
		result.ExpiresAt = db.At(found.ExpiresAt)
		return task.Progress{Result: result}, nil
	}
	return task.Progress{Result: result, Waiting: !seen.Blind && s.now() < result.CompletedAt.Add(patience)}, nil
}

// reconcileTransfer: a name that was not ours and now is has been moved. Anything
// else is no proof, since a transfer takes days.
func (s *Services) reconcileTransfer(ctx context.Context, t task.Task, look json.RawMessage) (task.Verdict, error) {
	verdict, err := s.reconcileName(ctx, t, look)
	if verdict == task.No {
		return task.Unclear, err
	}
	return verdict, err
}
