package task

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"
)

// Stats is how much work there is, for the metrics.
type Stats struct {
	// States counts the unfinished tasks.
	States []StateCount
	// Outcomes counts what tries came to in this process, since it started.
	Outcomes []OutcomeCount
	// Open names the queues whose breaker is open.
	Open []string
}

// StateCount is the unfinished tasks of one kind in one state.
type StateCount struct {
	Kind  string
	State State
	Tasks int64
	// Age is how long the oldest has stood in the state; Overdue how long ago the
	// first was due, zero when none is.
	Age, Overdue time.Duration
}

// OutcomeCount is how many tries of a kind came to one outcome.
type OutcomeCount struct {
	Kind, Outcome string
	Tries         int64
}

// Stats counts the unfinished tasks.
func (e *Engine) Stats(ctx context.Context) (Stats, error) {
	rows, err := e.store.Read().TaskStats(ctx)
	if err != nil {
		return Stats{}, fmt.Errorf("count the tasks: %w", err)
	}
	now := e.clock.Now()
	s := Stats{States: make([]StateCount, 0, len(rows)), Outcomes: e.outcomes.counts()}
	for _, r := range rows {
		c := StateCount{Kind: r.Kind, State: State(r.State), Tasks: r.Tasks}
		c.Age = max(0, now.Sub(time.UnixMilli(r.OldestUpdatedAt)))
		switch c.State {
		case Ready, Waiting, Unknown, Settling:
			c.Overdue = max(0, now.Sub(time.UnixMilli(r.OldestRunAt)))
		}
		s.States = append(s.States, c)
	}
	for _, l := range e.lanesByName() {
		if l.breaker.open() {
			s.Open = append(s.Open, l.queue)
		}
	}
	return s, nil
}

// outcomes counts them since the process started.
type outcomes struct {
	mu    sync.Mutex
	tries map[OutcomeCount]int64
}

func (t *outcomes) add(kind, outcome string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tries == nil {
		t.tries = map[OutcomeCount]int64{}
	}
	t.tries[OutcomeCount{Kind: kind, Outcome: outcome}]++
}

func (t *outcomes) counts() []OutcomeCount {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]OutcomeCount, 0, len(t.tries))
	for c, n := range t.tries {
		c.Tries = n
		all = append(all, c)
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].Kind+"\x00"+all[i].Outcome < all[j].Kind+"\x00"+all[j].Outcome
	})
	return all
}
