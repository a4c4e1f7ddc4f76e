package cron

import (
	"context"
	"errors"
	"time"

	"hostfront/db"
)

// lease is how long a runner may be silent; it speaks up every third of it.
const lease = time.Minute

// errLost: another process has taken the job over.
var errLost = errors.New("the job's lease was lost")

// extend speaks up for the lease while the job works; a lost lease cancels it.
func (s *Schedule) extend(ctx context.Context, t turn, cancel context.CancelCauseFunc) (stop func()) {
	over := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(lease / 3) // real time, as the lease's steady clock is
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			if err := s.extendOnce(ctx, t); errors.Is(err, errLost) {
				cancel(errLost)
				return
			} else if err != nil {
				s.log.Error("extending a job's lease failed", "job", t.entry.Name, "error", err)
			}
		}
	}()
	return func() { close(over); <-ended }
}

func (s *Schedule) extendOnce(ctx context.Context, t turn) error {
	return s.store.TxReadCommitted(context.WithoutCancel(ctx), func(q *db.Queries) error {
		n, err := q.CronJobExtend(ctx, db.CronJobExtendParams{
			LeaseUntil: db.At(s.steady.Now().Add(lease)), Name: t.entry.Name, LeaseToken: t.id,
		})
		if err == nil && n == 0 {
			return errLost
		}
		return err
	})
}
