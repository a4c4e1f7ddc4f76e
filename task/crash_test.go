package task_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

var errCut = errors.New("the power is cut")

// power is the seam of the crash: at the k-th boundary it goes out, and stays out
// for commits and calls alike until the restart.
type power struct {
	left int // boundaries until it goes out; negative: never
	out  bool
	seen int
}

func (p *power) boundary(string) error {
	if p.out {
		return errCut
	}
	p.seen++
	if p.left > 0 {
		if p.left--; p.left == 0 {
			p.out = true
			return errCut
		}
	}
	return nil
}

// call is a call to the outside with a boundary before and after it.
func (p *power) call(effect func()) error {
	if err := p.boundary("call:before"); err != nil {
		return err
	}
	effect()
	return p.boundary("call:after")
}

// shop is a contact and a domain name that waits for it, each bought once.
type shop struct {
	power             *power
	contacts, domains int
}

func (s *shop) buy(name string, count *int) task.Kind {
	return task.Kind{
		Name: name, Queue: "up",
		Look: func(context.Context, task.Task) (any, error) {
			var seen int
			err := s.power.call(func() { seen = *count })
			return seen, err
		},
		Do: func(context.Context, task.Task) (task.Progress, error) {
			err := s.power.call(func() { *count++ })
			return task.Progress{Result: *count, Waiting: true}, err
		},
		Poll: func(context.Context, task.Task) (task.Progress, error) {
			return task.Progress{}, s.power.call(func() {})
		},
		Reconcile: func(_ context.Context, _ task.Task, look json.RawMessage) (task.Verdict, error) {
			var before, now int
			if err := json.Unmarshal(look, &before); err != nil {
				return task.Unclear, err
			}
			if err := s.power.call(func() { now = *count }); err != nil {
				return task.Unclear, err
			}
			if now > before {
				return task.Yes(task.Progress{Result: now, Waiting: true}), nil
			}
			return task.No, nil
		},
		Done: func(ctx context.Context, q *db.Queries, _ task.Task) error {
			return q.SettingPut(ctx, db.SettingPutParams{Name: "done " + name, Value: "1", UpdatedAt: 1})
		},
	}
}

// TestEveryCrashPointBuysOnceAndFinishes cuts the power at every boundary of a
// purchase, restarts on the same database and lets it finish.
func TestEveryCrashPointBuysOnceAndFinishes(t *testing.T) {
	t.Parallel()
	points := crashRun(t, -1)
	if points < 20 {
		t.Fatalf("only %d boundaries: the seam is broken", points)
	}
	t.Logf("%d crash points", points)
	for k := 1; k <= points; k++ {
		crashRun(t, k)
	}
}

func crashRun(t *testing.T, cutAt int) (boundaries int) {
	t.Helper()
	p := &power{left: -1}
	s := &shop{power: p}
	b := setupCut(t, p.boundary, leading(s.buy("contact", &s.contacts)), s.buy("domain", &s.domains))
	contact := b.add(task.Params{Kind: "contact", Subject: "cus_1"})
	domain := b.add(task.Params{Kind: "domain", Subject: "svc_1", AfterTaskID: contact})
	p.left, p.seen = cutAt, 0
	for range 100 {
		did, err := b.engine.Step(t.Context())
		if p.out {
			break
		}
		if err != nil {
			t.Fatalf("cut at %d: %v", cutAt, err)
		}
		if !did {
			if _, waits, _ := b.engine.NextDue(t.Context()); !waits {
				break
			}
			b.toNext()
		}
	}
	boundaries = p.seen
	p.out, p.left = false, -1
	b.restart()
	b.through()
	b.wantState(contact, task.Done)
	b.wantState(domain, task.Done)
	if s.contacts != 1 || s.domains != 1 {
		t.Fatalf("cut at %d: %d contacts and %d domains, journal %v %v", cutAt, s.contacts, s.domains, b.outcomes(contact), b.outcomes(domain))
	}
	return boundaries
}

func TestAnAnswerIsKeptWhenWhatFollowsFromItFails(t *testing.T) {
	t.Parallel()
	up, fails := &upstream{}, 4
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order, Done: func(_ context.Context, _ *db.Queries, tk task.Task) error {
		if text(tk.Result) != `{"order":1}` {
			t.Errorf("Done saw %s", tk.Result)
		}
		if fails--; fails > 1 {
			return errors.New("a row is in the way")
		} else if fails == 1 {
			panic("in the way")
		}
		return nil
	}})
	id := b.add(task.Params{Kind: "order"})
	b.drain()
	if got := b.wantState(id, task.Settling); text(got.Result) != `{"order":1}` {
		t.Fatalf("result %s", got.Result)
	}
	b.restart()
	for b.get(id).State == task.Settling {
		b.toNext()
		b.step()
		if fails == 1 && !slices.Contains(b.alarms(), task.AlarmSettling) {
			t.Fatalf("no alarm: %v", b.alarms())
		}
	}
	b.wantState(id, task.Done)
	if up.calls != 1 || len(b.alarms()) != 0 {
		t.Fatalf("calls %d, alarms %v", up.calls, b.alarms())
	}
}

func TestAFailureIsKeptWithItsCauseWhenWhatFollowsFromItFails(t *testing.T) {
	t.Parallel()
	tries := 0
	up := &upstream{answer: func(int) error { return came(fault.Rejected) }}
	b := setup(t, task.Kind{Name: "order", Queue: "up", Do: up.order, Failed: func(_ context.Context, _ *db.Queries, _ task.Task, c *fault.Outcome) error {
		if tries++; tries == 1 {
			return errors.New("a row is in the way")
		}
		if c.Code != "code_rejected" || c.Result != fault.Rejected {
			t.Errorf("Failed saw %v", c)
		}
		return nil
	}})
	id := b.add(task.Params{Kind: "order"})
	b.through()
	if got := b.wantState(id, task.Failed); got.ErrorCode != "code_rejected" || tries != 2 || up.calls != 1 {
		t.Fatalf("code %s, tries %d, calls %d", got.ErrorCode, tries, up.calls)
	}
}

// TestTheWorkOfADeadProcessGoesOnOnlyWhenItsLeaseEnds: beside other processes a
// lease is believed until the steady clock is past it.
func TestTheWorkOfADeadProcessGoesOnOnlyWhenItsLeaseEnds(t *testing.T) {
	t.Parallel()
	p := &power{left: -1}
	s := &shop{power: p}
	b := setupCut(t, p.boundary, s.buy("domain", &s.domains))
	id := b.add(task.Params{Kind: "domain"})
	p.left = 6 // the claim, the look and its commit are through, and the call has begun
	if _, err := b.engine.Step(t.Context()); err == nil {
		t.Fatal("the crash did not happen")
	}
	p.out, p.left = false, -1
	b.engine = b.another(false, b.kinds...)
	b.drain()
	b.clock.Advance(1000 * minute)
	b.drain()
	b.wantState(id, task.Running)
	b.steady.Advance(2 * minute)
	b.through()
	b.wantState(id, task.Done)
	if s.domains != 1 {
		t.Fatalf("bought %d times: %v", s.domains, b.outcomes(id))
	}
}

func TestAnAnswerThatComesAfterItsClaimWasTakenOverIsKeptInTheJournal(t *testing.T) {
	t.Parallel()
	var b *bundle
	var other *task.Engine
	kind := task.Kind{Name: "order", Queue: "up", Do: func(context.Context, task.Task) (task.Progress, error) {
		b.steady.Advance(10 * minute) // the process slept
		if _, err := other.Step(context.Background()); err != nil {
			t.Error(err)
		}
		return task.Progress{Result: "ord-7"}, nil
	}}
	b = setup(t, kind)
	other = b.another(false, kind)
	id := b.add(task.Params{Kind: "order"})
	b.step()
	b.wantState(id, task.Held)
	journal, err := b.engine.Journal(t.Context(), id)
	if err != nil || len(journal) != 1 || journal[0].Outcome != "late: done" || text(journal[0].Result) != `"ord-7"` {
		t.Fatalf("journal %+v, %v", journal, err)
	}
}
