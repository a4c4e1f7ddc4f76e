package db

import "fmt"

// group is the transaction that several closures share: each after the first
// has a savepoint, so that one that fails takes back only its own.
type group struct {
	w    *writer
	open bool   // BEGIN was executed
	kept []*job // what will be committed

	running *job // the closure under way
}

func (g *group) run(j *job) {
	if err := j.ctx.Err(); err != nil {
		j.answer(err)
		return
	}
	if err := g.mark(); err != nil {
		j.answer(err)
		return
	}
	g.running = j
	err := g.w.call(j)
	g.running = nil
	if err == nil {
		err = g.keep(j)
		if err == nil {
			return
		}
	}
	g.takeBack()
	j.answer(err)
}

// mark makes the place to come back to: the first closure needs no savepoint,
// since taking it back takes back the whole transaction.
func (g *group) mark() error {
	if !g.open {
		if err := g.w.exec("BEGIN IMMEDIATE"); err != nil {
			return fmt.Errorf("begin transaction: %w", err)
		}
		g.open = true
		return nil
	}
	if err := g.w.exec("SAVEPOINT closure"); err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	return nil
}

func (g *group) keep(j *job) error {
	if len(g.kept) > 0 {
		if err := g.w.exec("RELEASE closure"); err != nil {
			return fmt.Errorf("end transaction: %w", err)
		}
	}
	g.kept = append(g.kept, j)
	return nil
}

// takeBack undoes the last closure. When SQLite has rolled back the transaction
// by itself (a full disk, a failing one) the savepoint is gone, and with it what
// the others wrote: they are told so.
func (g *group) takeBack() {
	if len(g.kept) == 0 {
		g.rollback()
		return
	}
	err := g.w.exec("ROLLBACK TO closure")
	if err == nil {
		err = g.w.exec("RELEASE closure")
	}
	if err != nil {
		g.fail(fmt.Errorf("the transaction was rolled back with another one: %w", err))
	}
}

// commit makes the group durable and answers everyone in it.
func (g *group) commit() {
	if len(g.kept) == 0 {
		return
	}
	if err := g.w.options.Cut(CutBefore); err != nil {
		g.fail(err)
		return
	}
	if err := g.w.exec("COMMIT"); err != nil {
		g.fail(fmt.Errorf("commit: %w", err))
		return
	}
	g.open = false
	g.answer(g.w.options.Cut(CutAfter))
}

func (g *group) fail(err error) {
	g.rollback()
	g.answer(err)
}

func (g *group) answer(err error) {
	for _, j := range g.kept {
		j.answer(err)
	}
	g.kept = nil
}

// rollback is asked for also where SQLite may have rolled back already; its
// complaint that there is nothing to roll back is no news.
func (g *group) rollback() {
	if g.open {
		_ = g.w.exec("ROLLBACK")
		g.open = false
	}
}

// abandon answers everyone when a closure ended the goroutine under us.
func (g *group) abandon() {
	if g.running == nil {
		return
	}
	j := g.running
	g.running = nil
	g.takeBack()
	j.answer(errExited)
	g.commit()
}
