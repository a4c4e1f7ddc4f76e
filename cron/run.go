package cron

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"hostfront/db"
	"hostfront/tally"
)

// turn is one run of a job by this process.
type turn struct {
	entry *entry
	id    string // of the run, and the lease's token
	asked bool
	due   db.Instant
}

// claim makes this process the runner of a job, if it is due (or asked for) and
// nobody runs it.
func (s *Schedule) claim(ctx context.Context, e *entry, asked bool) (turn, bool, error) {
	t := turn{entry: e, id: s.store.NewID("run"), asked: asked}
	claimed := false
	err := s.store.TxReadCommitted(ctx, func(q *db.Queries) error {
		claimed = false
		row, err := q.CronJobByName(ctx, e.Name)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		before := db.At(now)
		if asked {
			before = max(before, row.DueAt)
		}
		n, err := q.CronJobClaim(ctx, db.CronJobClaimParams{
			LeaseToken: t.id, LeaseUntil: db.At(s.steady.Now().Add(lease)),
			Name: e.Name, NowAt: before, SteadyUntil: db.At(s.steady.Now()),
		})
		if err != nil || n == 0 {
			return err
		}
		claimed, t.due = true, row.DueAt
		return s.open(ctx, q, t, row.LeaseToken, now)
	})
	if err != nil {
		return turn{}, false, fmt.Errorf("claim job %s: %w", e.Name, err)
	}
	return t, claimed, nil
}

// open writes the run, and closes the one whose runner is gone.
func (s *Schedule) open(ctx context.Context, q *db.Queries, t turn, gone string, now time.Time) error {
	if gone != "" {
		_, err := q.CronRunClose(ctx, db.CronRunCloseParams{
			State: string(Lost), Error: "the process that ran it is gone", EndedAt: db.At(now), ID: gone,
		})
		if err != nil {
			return err
		}
	}
	slot := t.due
	if slot > db.At(now) {
		slot = 0
	}
	return q.CronRunInsert(ctx, db.CronRunInsertParams{
		ID: t.id, Job: t.entry.Name, Asked: t.asked, SlotAt: slot, StartedAt: db.At(now),
	})
}

// run does the work of a claimed job and writes what came of it, also when the
// caller has given up meanwhile.
func (s *Schedule) run(ctx context.Context, t turn) error {
	ctx, cancel := s.work.Detach(ctx)
	stop := s.extend(ctx, t, cancel)
	report, err := safely(ctx, t.entry.Run)
	stop()
	lost := context.Cause(ctx) == errLost
	cancel(nil)
	if lost {
		s.log.Warn("job was taken over by another process", "job", t.entry.Name, "run", t.id)
		return nil
	}
	return s.finish(context.WithoutCancel(ctx), t, report, err)
}

// safely runs the job; a panic is a failed run.
func safely(ctx context.Context, job func(context.Context) (*tally.Report, error)) (report *tally.Report, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &errPanicked{value: v, stack: debug.Stack()}
		}
	}()
	return job(ctx)
}

type errPanicked struct {
	value any
	stack []byte
}

func (p *errPanicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }
