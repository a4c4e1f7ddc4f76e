package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
)

// writer owns the one connection that writes. A single goroutine takes the
// closures that wait and commits them in groups: a commit costs a flush to the
// disk, a group shares it.
type writer struct {
	conn    *sql.Conn
	stmts   *prepared
	options Options
	inside  *marks
	self    uint64 // the goroutine that serves

	jobs    chan *job
	stop    chan struct{}
	stopped chan struct{}
}

// job is one waiting transaction.
type job struct {
	ctx  context.Context
	fn   func(q *Queries) error
	done chan struct{} // closed when err and panicked are set
	err  error

	panicked *Panic
}

func (j *job) answer(err error) {
	j.err = err
	close(j.done)
}

// Panic is what Tx panics with on SQLite when its closure did: the closure ran
// on the writer's goroutine, whose stack would otherwise be lost.
type Panic struct {
	Value any
	Stack []byte
}

// Error is the value and the stack of the closure.
func (p *Panic) Error() string {
	return fmt.Sprintf("panic in a transaction: %v\n%s", p.Value, p.Stack)
}

// errExited is given when a closure ends its goroutine, as a test's FailNow does.
var errExited = errors.New("the transaction's closure ended its goroutine")

func startWriter(conn *sql.Conn, o Options, inside *marks) *writer {
	w := &writer{
		conn:    conn,
		stmts:   &prepared{on: conn, detached: true},
		options: o,
		inside:  inside,
		jobs:    make(chan *job),
		stop:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	go w.serve()
	return w
}

// do hands fn to the writer and waits for its commit. Once fn has started, the
// answer is waited for whatever becomes of ctx, so that it is always true.
func (w *writer) do(ctx context.Context, fn func(q *Queries) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stopped:
		return ErrClosed
	}
	<-j.done
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.err
}

// serve is the writer's goroutine.
func (w *writer) serve() {
	over := false
	w.self = goroutineID()
	defer func() {
		if over {
			close(w.stopped)
			return
		}
		go w.serve() // a closure ended the goroutine: the next takes over
	}()
	for !over {
		select {
		case j := <-w.jobs:
			w.group(j)
		case <-w.stop:
			over = true
		}
	}
}

// end lets the group under way finish and stops the goroutine.
func (w *writer) end() {
	close(w.stop)
	<-w.stopped
}

// group runs the first closure and those that wait behind it, and commits them
// together.
func (w *writer) group(first *job) {
	g := &group{w: w}
	defer g.abandon()
	for j := first; j != nil; j = w.waiting(len(g.kept)) {
		g.run(j)
	}
	g.commit()
}

// waiting is the next closure that stands ready, if the group has room.
func (w *writer) waiting(size int) *job {
	if size >= w.options.Group {
		return nil
	}
	select {
	case j := <-w.jobs:
		return j
	default:
		return nil
	}
}

// call runs the closure, and turns a panic into an error.
func (w *writer) call(j *job) (err error) {
	l := lease(w.stmts)
	defer l.end()
	w.inside.enter(w.self)
	defer w.inside.leave(w.self)
	defer func() {
		if v := recover(); v != nil {
			j.panicked = &Panic{Value: v, Stack: debug.Stack()}
			err = j.panicked
		}
	}()
	return j.fn(New(l))
}

func (w *writer) exec(query string) error {
	_, err := w.stmts.ExecContext(context.Background(), query)
	return err
}
