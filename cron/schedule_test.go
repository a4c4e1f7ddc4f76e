package cron_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hostfront/clock"
	"hostfront/cron"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/event"
	"hostfront/fault"
	"hostfront/tally"
)

// bundle is a schedule on a database of its own, with clocks that stand still at
// 2026-01-31 10:00.
type bundle struct {
	writes        int
	t             *testing.T
	store         *db.Store
	clock, steady *clock.Manual
	events        *event.Log
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{t: t, clock: clock.NewManual(dbtest.Start()), steady: clock.NewManual(dbtest.Start())}
	b.store = dbtest.Open(t, func(o *db.Options) { o.Clock, o.Cut = b.clock, b.cut })
	b.events = event.New(b.store, b.clock)
	return b
}

func (b *bundle) schedule(soleOwner bool, jobs ...cron.Job) *cron.Schedule {
	s := cron.New(cron.Config{
		Store: b.store, Clock: b.clock, Steady: b.steady, Log: slog.New(slog.DiscardHandler), SoleOwner: soleOwner, Events: b.events,
	})
	s.Register(jobs...)
	return s
}

func (b *bundle) step(s *cron.Schedule) bool {
	b.t.Helper()
	did, err := s.Step(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return did
}

func (b *bundle) history(s *cron.Schedule, job string) []cron.Run {
	b.t.Helper()
	runs, err := s.History(b.t.Context(), job, "", 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return runs
}

func counting(name, spec string, n *int) cron.Job {
	return cron.Job{Name: name, Spec: spec, Run: func(context.Context) (*tally.Report, error) {
		*n++
		return tally.Of(*n, nil), nil
	}}
}

func TestAJobRunsAtItsSlotAndIsRecorded(t *testing.T) {
	t.Parallel()
	b, n := setup(t), 0
	s := b.schedule(true, counting("sync", "0 11 * * *", &n))
	if b.step(s) {
		t.Fatal("it ran before its slot")
	}
	next, ok, err := s.NextDue(t.Context())
	if err != nil || !ok || !next.Equal(time.Date(2026, 1, 31, 11, 0, 0, 0, time.UTC)) {
		t.Fatalf("next %s %t %v", next, ok, err)
	}
	b.clock.Advance(time.Hour)
	if !b.step(s) || b.step(s) || n != 1 {
		t.Fatalf("ran %d times", n)
	}
	runs := b.history(s, "sync")
	if len(runs) != 1 || runs[0].State != cron.Done || runs[0].Report.Done != 1 || !runs[0].SlotAt.Equal(next) || runs[0].Asked {
		t.Fatalf("%+v", runs)
	}
	if next, _, _ = s.NextDue(t.Context()); !next.Equal(time.Date(2026, 2, 1, 11, 0, 0, 0, time.UTC)) {
		t.Fatalf("next %s", next)
	}
}

func TestAfterDowntimeAJobRunsOnceNotOnceForEverySlot(t *testing.T) {
	t.Parallel()
	b, n := setup(t), 0
	b.step(b.schedule(true, counting("renew", "@every 10m", &n)))
	b.clock.Advance(90 * 24 * time.Hour)
	s := b.schedule(true, counting("renew", "@every 10m", &n))
	for b.step(s) {
	}
	if n != 1 {
		t.Fatalf("ran %d times", n)
	}
	if next, _, _ := s.NextDue(t.Context()); !next.Equal(b.clock.Now().Add(10 * time.Minute)) {
		t.Fatalf("next %s", next)
	}
}

func TestAFailedJobIsRecordedAlarmedAndRunAtItsNextSlot(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"Error": func() error { return errors.New("nobody home") },
		"Panic": func() error { panic("nobody home") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, fails := setup(t), true
			s := b.schedule(true, cron.Job{Name: "sync", Spec: "@hourly", Run: func(context.Context) (*tally.Report, error) {
				if fails {
					return nil, fail()
				}
				return nil, nil
			}})
			b.step(s)
			b.clock.Advance(time.Hour)
			if !b.step(s) || b.step(s) {
				t.Fatal("it did not run once")
			}
			run := b.history(s, "sync")[0]
			if run.State != cron.Failed || !strings.Contains(run.Error, "nobody home") || run.EndedAt.IsZero() {
				t.Fatalf("%+v", run)
			}
			if open, _ := b.events.OpenAlarms(t.Context(), "", 0); len(open) != 1 || open[0].Code != cron.AlarmFailed || open[0].Subject != "sync" {
				t.Fatalf("alarms %+v", open)
			}
			fails = false
			b.clock.Advance(time.Hour)
			b.step(s)
			if open, _ := b.events.OpenAlarms(t.Context(), "", 0); len(open) != 0 {
				t.Fatalf("alarms %+v after it ran", open)
			}
		})
	}
}

func TestOneProcessOfManyRunsAJob(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ran atomic.Int64
	job := cron.Job{Name: "renew", Spec: "@hourly", Run: func(context.Context) (*tally.Report, error) { return tally.Of(int(ran.Add(1)), nil), nil }}
	schedules := make([]*cron.Schedule, 8)
	for i := range schedules {
		schedules[i] = b.schedule(false, job)
		b.step(schedules[i])
	}
	b.clock.Advance(time.Hour)
	var stepping sync.WaitGroup
	for _, s := range schedules {
		stepping.Go(func() {
			if _, err := s.Step(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	stepping.Wait()
	if ran.Load() != 1 {
		t.Fatalf("ran %d times", ran.Load())
	}
}

// held is a job that reports and waits.
func held() (job cron.Job, entered, leave chan struct{}) {
	entered, leave = make(chan struct{}, 1), make(chan struct{})
	return cron.Job{Name: "sync", Spec: "@hourly", Run: func(context.Context) (*tally.Report, error) {
		entered <- struct{}{}
		<-leave
		return tally.Of(9, nil), nil
	}}, entered, leave
}

func TestWhatAJobSkipsIsRungUntilARunSkipsNothing(t *testing.T) {
	t.Parallel()
	b, poison := setup(t), true
	s := b.schedule(true, cron.Job{Name: "renew", Spec: "@hourly", Run: func(context.Context) (*tally.Report, error) {
		r := tally.New()
		r.Skip("sub_1", nil)
		if poison {
			r.Skip("sub_2", errors.New("its price is nonsense"))
		}
		return r, nil
	}})
	b.step(s)
	b.clock.Advance(time.Hour)
	b.step(s)
	run := b.history(s, "renew")[0]
	if run.State != cron.Done || run.Report.Done != 1 || run.Report.SkippedCount != 1 || run.Report.Skipped[0].Reason != "its price is nonsense" {
		t.Errorf("the run: %+v, %+v", run, run.Report)
	}
	open, err := b.events.OpenAlarms(t.Context(), "", 10)
	if err != nil || len(open) != 1 || open[0].Code != cron.AlarmSkipped || open[0].Subject != "renew" {
		t.Errorf("alarms: %+v, %v", open, err)
	}
	poison = false
	b.clock.Advance(time.Hour)
	b.step(s)
	if open, err := b.events.OpenAlarms(t.Context(), "", 10); err != nil || len(open) != 0 {
		t.Errorf("alarms: %+v, %v", open, err)
	}
}

func TestAJobCutShortByACrashRunsAgain(t *testing.T) {
	t.Parallel()
	for name, soleOwner := range map[string]bool{"AtOnceAlone": true, "AfterItsLeaseBesideOthers": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, n := setup(t), 0
			job, entered, leave := held()
			dead := b.schedule(false, job)
			b.step(dead)
			b.clock.Advance(time.Hour)
			over := make(chan struct{})
			go func() {
				defer close(over)
				if _, err := dead.Step(context.Background()); err != nil {
					t.Error(err)
				}
			}()
			<-entered
			s := b.schedule(soleOwner, counting("sync", "@hourly", &n))
			if !soleOwner {
				if b.step(s) {
					t.Fatal("a lease was not believed")
				}
				b.steady.Advance(2 * time.Minute)
			}
			if !b.step(s) || n != 1 {
				t.Fatalf("ran %d times", n)
			}
			close(leave)
			<-over // the late end of the dead one's run changes nothing
			var states []cron.State
			for _, r := range b.history(s, "sync") {
				states = append(states, r.State)
			}
			if !slices.Equal(states, []cron.State{cron.Done, cron.Lost}) || b.step(s) {
				t.Fatalf("runs %v", states)
			}
		})
	}
}

func TestAJobIsRunWhenAskedForAndKeepsItsSlot(t *testing.T) {
	t.Parallel()
	b, n := setup(t), 0
	s := b.schedule(true, counting("sync", "0 11 * * *", &n))
	run, err := s.RunNow(t.Context(), "sync")
	if err != nil || run.State != cron.Done || !run.Asked || !run.SlotAt.IsZero() || run.Report.Done != 1 {
		t.Fatalf("%+v, %v", run, err)
	}
	if next, _, _ := s.NextDue(t.Context()); !next.Equal(time.Date(2026, 1, 31, 11, 0, 0, 0, time.UTC)) {
		t.Fatalf("next %s", next)
	}
	if _, err := s.RunNow(t.Context(), "unheard-of"); !fault.Is(err, "not_found") {
		t.Fatal(err)
	}
}

func TestAJobThatRunsIsNotRunBesideItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	job, entered, leave := held()
	s := b.schedule(true, job)
	asked, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	run, err := s.RunNow(asked, "sync")
	if err != nil || run.State != cron.Running {
		t.Fatalf("%+v, %v", run, err)
	}
	if _, err := s.RunNow(t.Context(), "sync"); !fault.Is(err, "job_running") {
		t.Fatal(err)
	}
	b.clock.Advance(time.Hour)
	if b.step(s) {
		t.Fatal("it was run beside itself")
	}
	close(leave)
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if runs := b.history(s, "sync"); len(runs) != 1 || runs[0].State != cron.Done {
		t.Fatalf("%+v", runs)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RunNow(t.Context(), "sync"); !errors.Is(err, cron.ErrStopped) {
		t.Fatal(err)
	}
}

func TestTheScheduleRunsDueJobsByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	job, entered, leave := held()
	close(leave)
	b.step(b.schedule(true, job))
	b.clock.Advance(time.Hour)
	s := b.schedule(true, job)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-entered
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if runs := b.history(s, "sync"); len(runs) != 1 || runs[0].State != cron.Done {
		t.Fatalf("%+v", runs)
	}
}

func TestANewSpecMovesTheJob(t *testing.T) {
	t.Parallel()
	b, n := setup(t), 0
	b.step(b.schedule(true, counting("sync", "0 11 * * *", &n)))
	s := b.schedule(true, counting("sync", "30 10 * * *", &n))
	if next, _, _ := s.NextDue(t.Context()); !next.Equal(time.Date(2026, 1, 31, 10, 30, 0, 0, time.UTC)) {
		t.Fatalf("next %s", next)
	}
}

func TestABadJobIsRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	n := 0
	for name, jobs := range map[string][]cron.Job{
		"Spec":  {counting("sync", "every day", &n)},
		"Zone":  {counting("sync", "TZ=Europe/Amsterdam 0 3 * * *", &n)},
		"Twice": {counting("sync", "@hourly", &n), counting("sync", "@daily", &n)},
		"Empty": {{Name: "sync", Spec: "@hourly"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := setup(t).schedule(true, jobs...).Start(t.Context()); err == nil {
				t.Fatal("started")
			}
		})
	}
}
