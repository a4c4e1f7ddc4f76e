package agree

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/review"
	"hostfront/task"
	"hostfront/upstream"
)

// KindSwitchRenewal tells an upstream whether to renew a name: off for one that is not
// wanted any more, on again for one that is.
const KindSwitchRenewal = "upstream.switch_renewal"

// switchPayload names the name, the service that has or had it, and the difference.
type switchPayload struct {
	Upstream  string    `json:"upstream"`
	Name      string    `json:"name"`
	ServiceID string    `json:"service_id"`
	Code      string    `json:"code"`
	On        bool      `json:"on"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

func switchSubject(upstream, name string) string { return "renewal:" + upstream + ":" + name }

// Kinds are the tasks that talk to upstreams, to be registered with the engine.
func (a *Auditor) Kinds() []task.Kind {
	if len(a.Sources) == 0 {
		return nil
	}
	kind := task.Kind{
		Name: KindSwitchRenewal, Queue: a.Sources[0].Name(), Idempotent: true,
		Check: a.stillDiffers, Do: a.switchRenewal, Failed: a.askInstead,
	}
	for _, s := range a.Sources[1:] {
		kind.Queues = append(kind.Queues, s.Name())
	}
	return []task.Kind{kind}
}

func switchOf(t task.Task) (p switchPayload, err error) {
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return p, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	return p, nil
}

// stillDiffers: nobody has bought the name, or changed their mind, since.
func (a *Auditor) stillDiffers(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := switchOf(t)
	if err != nil {
		return err
	}
	row, err := q.AgreeServiceNow(ctx, p.ServiceID)
	if err != nil {
		return fmt.Errorf("read service %s: %w", p.ServiceID, err)
	}
	if live(row.State) {
		if wanted(row) != p.On {
			return task.ErrNotNeeded
		}
		return nil
	}
	r := &run{Auditor: a, upstream: p.Upstream}
	if _, err := r.formerHolder(ctx, q, p.Name); errors.Is(err, errAgrees) || (err == nil && p.On) {
		return task.ErrNotNeeded
	} else if err != nil {
		return fmt.Errorf("read who has %s: %w", p.Name, err)
	}
	return nil
}

// switchRenewal makes the call. A name that is not on the account any more needs nothing.
func (a *Auditor) switchRenewal(ctx context.Context, t task.Task) (task.Progress, error) {
	p, err := switchOf(t)
	if err != nil {
		return task.Progress{}, fault.Came(fault.Rejected, "payload", "").Because(err)
	}
	domains, ok := a.sources[p.Upstream].(upstream.Domains)
	if !ok {
		return task.Progress{}, fault.Came(fault.Rejected, "capability_missing", "")
	}
	task.Note(ctx, "renewal", map[string]any{"name": p.Name, "auto_renew": p.On})
	err = domains.UpdateDomain(ctx, p.Name, upstream.DomainUpdate{AutoRenew: &p.On})
	switch {
	case errors.Is(err, upstream.ErrNotFound):
		return task.Progress{}, nil
	case errors.Is(err, upstream.ErrForbidden):
		return task.Progress{}, fault.Came(fault.Rejected, "renewal_not_switched", "the key may not do it").Because(err)
	}
	return task.Progress{}, err
}

// askInstead: what the upstream refuses, or the key may not do, is for a person, before
// it is too late.
func (a *Auditor) askInstead(ctx context.Context, q *db.Queries, t task.Task, _ *fault.Outcome) error {
	p, err := switchOf(t)
	if err != nil {
		return err
	}
	r := &run{Auditor: a, upstream: p.Upstream}
	d := Difference{Code: p.Code, Service: Service{Name: p.Name}, Domain: upstream.Domain{Name: p.Name, ExpiresAt: p.ExpiresAt}}
	_, err = review.Ask(ctx, q, a.Tasks, r.question(d, p.ServiceID))
	return err
}
