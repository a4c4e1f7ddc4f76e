package task

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/drain"
)

// Config is what an Engine is handed.
type Config struct {
	Store *db.Store
	// Clock is the shop's: when tasks are due. Steady is for leases and breakers,
	// and nothing moves it; nil is the wall clock.
	Clock, Steady clock.Clock
	// Entropy spreads the pauses between tries. Nil is crypto/rand.
	Entropy io.Reader
	Log     *slog.Logger
	// SoleOwner says that no other process works on this database (SQLite under
	// its lock): claims that are there at the start are a dead process's, and end.
	SoleOwner bool
	// Slots bounds how many tasks of a queue run at once; a queue that is not
	// named has DefaultSlots.
	Slots map[string]int
	// Yielding are queues that start one task a second only while another queue has
	// all it can do: mails about money wait for the money.
	Yielding []string
	// Alarm tells an operator; package event keeps it. Nil only logs.
	Alarm func(ctx context.Context, q *db.Queries, a Alarm) error
}

// DefaultSlots is how many tasks of one queue run at once unless Config says
// otherwise.
const DefaultSlots = 8

// Engine runs tasks. Safe for concurrent use once its kinds are registered.
type Engine struct {
	store  *db.Store
	clock  clock.Clock
	steady clock.Clock
	log    *slog.Logger
	alarm  func(ctx context.Context, q *db.Queries, a Alarm) error
	jitter jitter

	kinds  map[string]*Kind
	lanes  map[string]*lane
	slots  map[string]int
	yields []string
	wrong  error // a kind that cannot be, told at Start

	adopting  sync.Mutex
	soleOwner bool
	adopted   bool

	news     news
	outcomes outcomes
	work     *drain.Group
}

// New is an engine without kinds, standing still.
func New(c Config) *Engine {
	if c.Steady == nil {
		c.Steady = clock.System{}
	}
	if c.Entropy == nil {
		c.Entropy = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		store: c.Store, clock: c.Clock, steady: c.Steady, log: c.Log, alarm: c.Alarm,
		kinds: map[string]*Kind{}, lanes: map[string]*lane{}, slots: c.Slots, yields: c.Yielding, soleOwner: c.SoleOwner, work: drain.New(),
	}
	e.jitter.entropy = c.Entropy
	return e
}

// Register makes kinds known. It comes before Start; what is wrong with a kind is
// told there.
func (e *Engine) Register(kinds ...Kind) {
	for _, k := range kinds {
		if err := e.register(k.withDefaults()); err != nil {
			e.wrong = errors.Join(e.wrong, err)
		}
	}
}

func (e *Engine) register(k Kind) error {
	if k.Name == "" || k.Queue == "" {
		return fmt.Errorf("task kind %q has no name or no queue", k.Name)
	}
	if k.Do == nil {
		return fmt.Errorf("task kind %s has no Do", k.Name)
	}
	if k.Passing && k.Leads {
		return fmt.Errorf("task kind %s is Passing, and tasks may wait for it", k.Name)
	}
	if _, twice := e.kinds[k.Name]; twice {
		return fmt.Errorf("task kind %s is registered twice", k.Name)
	}
	e.kinds[k.Name] = &k
	for _, queue := range append([]string{k.Queue}, k.Queues...) {
		e.lane(queue)
	}
	return nil
}

// laneOf is the lane that a task runs in; that of its kind where its own queue is not
// known any more.
func (e *Engine) laneOf(k *Kind, queue string) *lane {
	if l := e.lanes[queue]; l != nil {
		return l
	}
	return e.lanes[k.Queue]
}

// lane is a queue's, made when it is first asked for; before the workers start.
func (e *Engine) lane(queue string) {
	if e.lanes[queue] == nil {
		e.lanes[queue] = newLane(e, queue)
	}
}

func (e *Engine) kind(name string) (*Kind, error) {
	k, ok := e.kinds[name]
	if !ok {
		return nil, fmt.Errorf("task kind %q is not registered", name)
	}
	return k, nil
}

// adopt ends, once, the claims that a dead process left behind, where no other
// process can hold any.
func (e *Engine) adopt(ctx context.Context) error {
	if !e.soleOwner {
		return nil
	}
	e.adopting.Lock()
	defer e.adopting.Unlock()
	if e.adopted {
		return nil
	}
	err := e.store.Tx(ctx, func(q *db.Queries) error {
		_, err := q.TasksEndLeases(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("end the claims of the process before: %w", err)
	}
	e.adopted = true
	return nil
}
