package task

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hostfront/db"
)

// leaseMargin is how long a lease outlasts its call, so that the outcome is
// written while the claim still holds.
const leaseMargin = time.Minute

// claim is a task that this process may work on until its lease ends.
type claim struct {
	row   db.Task // as claimed
	kind  *Kind
	token string // the attempt's id
	// decided is what it comes to without a call, or nil.
	decided *ending
}

// errUndecided is a failure to decide about one task of several: it names the
// task, so that it cannot keep the others from being claimed.
type errUndecided struct {
	row db.Task
	err error
}

func (e *errUndecided) Error() string { return fmt.Sprintf("check task %s: %v", e.row.ID, e.err) }
func (e *errUndecided) Unwrap() error { return e.err }

// claimAll claims those of the tasks that are still as they were seen, in one
// commit. A task whose Check breaks the transaction is put off and the others
// are claimed without it.
func (e *Engine) claimAll(ctx context.Context, seen []db.Task) ([]claim, error) {
	for len(seen) > 0 {
		claims, err := e.claimTogether(ctx, seen)
		var undecided *errUndecided
		if !errors.As(err, &undecided) {
			return claims, err
		}
		e.log.Error("task check failed", "task", undecided.row.ID, "kind", undecided.row.Kind, "error", undecided.err)
		if err := e.putOff(ctx, undecided); err != nil {
			return nil, err
		}
		seen = slices.DeleteFunc(slices.Clone(seen), func(r db.Task) bool { return r.ID == undecided.row.ID })
	}
	return nil, nil
}

func (e *Engine) claimTogether(ctx context.Context, seen []db.Task) ([]claim, error) {
	// Everyone locks rows in one order, so that two replicas cannot wait for each
	// other.
	seen = slices.Clone(seen)
	slices.SortFunc(seen, func(a, b db.Task) int { return strings.Compare(a.ID, b.ID) })
	var claims []claim
	err := e.store.TxReadCommitted(ctx, func(q *db.Queries) error {
		claims = claims[:0]
		for _, row := range seen {
			c, ok, err := e.claimOne(ctx, q, row)
			if err != nil {
				return err
			}
			if ok {
				claims = append(claims, c)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim tasks: %w", err)
	}
	return claims, nil
}

func (e *Engine) claimOne(ctx context.Context, q *db.Queries, row db.Task) (claim, bool, error) {
	kind, err := e.kind(row.Kind)
	if err != nil {
		return claim{}, false, err
	}
	c := claim{row: row, kind: kind, token: e.store.NewID("att")}
	now := e.clock.Now()
	p := db.TaskClaimParams{
		LeaseToken: c.token, LeaseUntil: db.At(e.steady.Now().Add(kind.longest() + leaseMargin)), UpdatedAt: db.At(now),
		ID: row.ID, SeenState: row.State, SeenTries: row.Tries, NowAt: db.At(now),
	}
	switch Phase(row.Phase) {
	case PhaseDo:
		p.MoreAttempts = 1
	case PhasePoll:
		p.MorePolls = 1
	}
	n, err := q.TaskClaim(ctx, p)
	if err != nil || n == 0 {
		return claim{}, false, err
	}
	c.row.State, c.row.LeaseToken, c.row.LeaseUntil = string(Running), c.token, p.LeaseUntil
	c.row.Tries++
	c.row.Attempts += p.MoreAttempts
	c.row.Polls += p.MorePolls
	if err := e.open(ctx, q, c, now); err != nil {
		return claim{}, false, err
	}
	if c.decided, err = e.decide(ctx, q, c); err != nil {
		return claim{}, false, &errUndecided{row: row, err: err}
	}
	return c, true, nil
}

// open writes the attempt. A kind that looks before its call has not called
// until the look is stored; any other may have from here on.
func (e *Engine) open(ctx context.Context, q *db.Queries, c claim, now time.Time) error {
	p := db.TaskAttemptInsertParams{
		ID: c.token, TaskID: c.row.ID, Number: c.row.Tries, Phase: c.row.Phase, StartedAt: db.At(now),
	}
	if Phase(c.row.Phase) == PhaseDo && !c.kind.looks() {
		p.LookedAt = p.StartedAt
	}
	return q.TaskAttemptInsert(ctx, p)
}

func (k *Kind) looks() bool { return k.Look != nil && !k.Idempotent }
