package task

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
)

// perform works on a claimed task until its outcome is written. The caller's
// context lends its values; what ends the call is the kind's timeout, or the
// hard end of a shutdown.
func (e *Engine) perform(ctx context.Context, c claim) error {
	defer e.news.tell(c.row.ID)
	breaker := &e.laneOf(c.kind, c.row.Queue).breaker
	if c.decided != nil {
		breaker.untried()
		return e.finish(ctx, c, *c.decided)
	}
	if Phase(c.row.Phase) == PhaseSettle {
		breaker.untried()
		return e.finish(ctx, c, settle(c))
	}
	notes := &journal{}
	a := e.call(context.WithValue(ctx, journalKey{}, notes), c)
	if a.lost {
		breaker.untried()
		return nil
	}
	e.logPanic(c, a.err)
	breaker.record(reached(a.err) || errors.Is(a.err, ErrNotNeeded))
	end := e.conclude(c, a)
	end.notes = notes.text()
	return e.finish(ctx, c, end)
}

// reached tells whether the other side answered, whatever it said.
func reached(err error) bool {
	if err == nil {
		return true
	}
	switch fault.OutcomeOf(err).Result {
	case fault.Unavailable, fault.Unknown:
		return false
	}
	return true
}

func (e *Engine) call(ctx context.Context, c claim) answer {
	t := fromRow(c.row)
	if t.Phase == PhaseDo && c.kind.looks() {
		kept, err := e.look(ctx, c, t)
		if err != nil || !kept {
			return answer{err: err, before: true, lost: err == nil}
		}
		if e.stopping() {
			return answer{err: fault.Came(fault.Unavailable, "stopping", ""), before: true}
		}
	}
	ctx, cancel := e.callContext(ctx, c.kind.Timeout)
	defer cancel()
	switch t.Phase {
	case PhasePoll:
		return e.poll(ctx, c, t)
	case PhaseReconcile:
		return e.reconcile(ctx, c, t)
	default:
		return e.do(ctx, c, t)
	}
}

func (e *Engine) do(ctx context.Context, c claim, t Task) (a answer) {
	if ctx.Err() != nil {
		return answer{err: fault.Came(fault.Unavailable, "no_time_left", "").Because(ctx.Err()), before: true}
	}
	a.err = guard(func() (err error) {
		a.progress, err = c.kind.Do(ctx, t)
		return err
	})
	return a
}

// look keeps how the outside stands before the call; false means that the claim
// was lost and the call must not be made. It has a time of its own: what it takes is not
// taken from a call whose lost answer a person would have to decide about.
func (e *Engine) look(ctx context.Context, c claim, t Task) (bool, error) {
	ctx, cancel := e.callContext(ctx, c.kind.Timeout)
	defer cancel()
	var seen any
	err := guard(func() (err error) {
		seen, err = c.kind.Look(ctx, t)
		return err
	})
	if err != nil {
		return false, err
	}
	text, err := json.Marshal(seen)
	if err != nil {
		return false, fault.Came(fault.Held, "look_unreadable", "What the look saw is not JSON.").Because(err)
	}
	var n int64
	err = e.store.Tx(ctx, func(q *db.Queries) (err error) {
		n, err = q.TaskAttemptLooked(ctx, db.TaskAttemptLookedParams{
			Look: string(text), LookedAt: db.At(e.clock.Now()), ID: c.token,
		})
		return err
	})
	if err != nil {
		return false, fault.Came(fault.Unavailable, "look_not_kept", "").Because(err)
	}
	return n > 0, nil
}

func (e *Engine) poll(ctx context.Context, c claim, t Task) (a answer) {
	if c.kind.Poll == nil {
		return answer{err: fault.Came(fault.Held, "no_poll", "The kind waits and cannot poll.")}
	}
	a.err = guard(func() (err error) {
		a.progress, err = c.kind.Poll(ctx, t)
		return err
	})
	return a
}

func (e *Engine) reconcile(ctx context.Context, c claim, t Task) (a answer) {
	if c.kind.Reconcile == nil {
		return answer{err: fault.Came(fault.Held, "no_reconcile", "The kind cannot tell whether the call took effect.")}
	}
	last, err := e.store.Read().TaskLastDo(ctx, t.ID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return answer{err: fmt.Errorf("read the look of task %s: %w", t.ID, err)}
	}
	a.err = guard(func() (err error) {
		a.verdict, err = c.kind.Reconcile(ctx, t, raw(last.Look))
		return err
	})
	return a
}
