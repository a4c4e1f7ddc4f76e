package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/fault"
)

// offsetSetting is where the demo's clock offset is kept, in milliseconds.
const offsetSetting = "clock_offset_ms"

// ErrStuck says that moving the clock came to an instant that never grew quiet.
var ErrStuck = errors.New("the shop does not grow quiet")

// restoreOffset sets the business clock to where it was left.
func (a *App) restoreOffset(ctx context.Context) error {
	setting, err := a.Store.Read().SettingByName(ctx, offsetSetting)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the clock's offset: %w", err)
	}
	ms, err := strconv.ParseInt(setting.Value, 10, 64)
	if err != nil {
		return fmt.Errorf("the clock's offset is %q: %w", setting.Value, err)
	}
	a.Clock.SetOffset(time.Duration(ms) * time.Millisecond)
	return nil
}

// Now is the shop's time.
func (a *App) Now() time.Time { return a.Clock.Now() }

// jobStride is how far a moving clock goes at most between two looks at the jobs.
// Tasks run at their very instant; a job that was due several times in a stride
// runs once at its end, as it does after a downtime.
const jobStride = 6 * time.Hour

// MoveTo moves the business clock forward to t, stopping at each instant where
// something is due and waiting there until the shop and its stand-ins are quiet:
// a month passes as it would, in order, only faster. Time never goes back.
func (a *App) MoveTo(ctx context.Context, t time.Time) error {
	if !a.options.MovableTime {
		return fault.New(fault.Conflict, "clock_fixed", "Time can be moved only in the demo.")
	}
	if t.Before(a.Clock.Now()) {
		return fault.InvalidField("now", "in_the_past", "Time in the shop does not go back; it is %s.", a.Clock.Now().Format(time.RFC3339))
	}
	for {
		if err := a.Drain(ctx); err != nil {
			return err
		}
		next, any, err := a.nextStop(ctx)
		if err != nil {
			return err
		}
		if !any || next.After(t) {
			break
		}
		if err := a.setClock(ctx, next); err != nil {
			return err
		}
	}
	if err := a.setClock(ctx, t); err != nil {
		return err
	}
	a.Tasks.Wake()
	return a.Drain(ctx)
}

// nextStop is where a moving clock stops next: where a task is due, or at the end
// of a stride in which a job is.
func (a *App) nextStop(ctx context.Context) (time.Time, bool, error) {
	tasks, anyTask, err := a.Tasks.NextDue(ctx)
	if err != nil {
		return time.Time{}, false, err
	}
	jobs, anyJob, err := a.Jobs.NextDue(ctx)
	if err != nil {
		return time.Time{}, false, err
	}
	if stride := a.Clock.Now().Add(jobStride); anyJob && jobs.Before(stride) {
		jobs = stride
	}
	switch {
	case !anyTask:
		return jobs, anyJob, nil
	case !anyJob || tasks.Before(jobs):
		return tasks, true, nil
	}
	return jobs, true, nil
}

// Drain does what is due at this instant until nothing is, stand-ins included.
// Workers may be doing the same beside it. A look that finds all quiet is made
// twice, since a stand-in may have called back between the looks.
func (a *App) Drain(ctx context.Context) error {
	for quiet := 0; quiet < 2; {
		worked, err := a.Step(ctx)
		if err != nil {
			return err
		}
		if worked {
			quiet = 0
			continue
		}
		still, err := a.still(ctx)
		if err != nil {
			return err
		}
		if still {
			quiet++
			continue
		}
		quiet = 0
		if err := pause(ctx); err != nil {
			return fmt.Errorf("%w: %w", ErrStuck, err)
		}
	}
	return nil
}

// still says whether neither the shop nor its stand-ins have anything under way.
func (a *App) still(ctx context.Context) (bool, error) {
	if a.options.Quiet != nil {
		if err := a.options.Quiet(ctx); err != nil {
			return false, err
		}
	}
	return a.Tasks.Quiet(ctx)
}

// pause gives workers beside Drain a moment of real time.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-clock.After(time.Millisecond):
		return nil
	}
}

// Step does the one next due thing, a task before a job, and says whether there
// was one. It is how tests, crash points and simulations drive a shop.
func (a *App) Step(ctx context.Context) (bool, error) {
	worked, err := a.Tasks.Step(ctx)
	if worked || err != nil {
		return worked, err
	}
	return a.Jobs.Step(ctx)
}

// setClock moves the business clock to t and keeps its offset.
func (a *App) setClock(ctx context.Context, t time.Time) error {
	ahead := t.Sub(a.options.Clock.Now())
	if ahead <= a.Clock.Offset() {
		return nil
	}
	text := strconv.FormatInt(ahead.Milliseconds(), 10)
	err := a.Store.Tx(ctx, func(q *db.Queries) error {
		return q.SettingPut(ctx, db.SettingPutParams{Name: offsetSetting, Value: text, UpdatedAt: db.At(t)})
	})
	if err != nil {
		return fmt.Errorf("keep the clock's offset: %w", err)
	}
	a.Clock.SetOffset(ahead)
	return nil
}
