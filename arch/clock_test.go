package arch_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"testing"
)

// wallClock is what reads or waits for real time.
var wallClock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// clockExceptions are rooms that wait in real time, for something that is real
// itself. What time it is they ask the clock, as everybody does.
func clockExceptions() *exceptions {
	const (
		worker = "looks for due work every second of real time, whatever the shop's clock says"
		slow   = "a stand-in that is told to be slow is slow in real time"
	)
	return except(map[string]string{
		"task":            worker,
		"cron":            worker,
		"catalog":         worker,
		"drain":           "a process that is asked to stop waits for what is under way in real time",
		"sandbox/courier": slow,
		"sandbox/ljpc":    slow,
		"sandbox/mishap":  slow,
		"sandbox/stripe":  slow,
	})
}

// timers wait and tell no time: the only part of the wall clock that an
// exception opens.
var timers = []string{"NewTimer", "NewTicker", "AfterFunc", "After"}

// clockReads are uses of the wall clock outside package clock, whether they are
// called or handed on. Timers of package clock are not the business's time.
func clockReads(rooms []*room, allowed *exceptions) (complaints []string) {
	for _, r := range rooms {
		if r.path == "clock" || isTool(r.path) {
			continue
		}
		for _, f := range r.files {
			ast.Inspect(f, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok || !isWallClock(r.info.Uses[id]) || (slices.Contains(timers, id.Name) && allowed.has(r.path)) {
					return true
				}
				complaints = append(complaints, fmt.Sprintf("%s: time.%s: time comes from the clock that is handed down, real timers from package clock", r.where(id), id.Name))
				return true
			})
		}
	}
	return complaints
}

func isWallClock(o types.Object) bool {
	f, ok := o.(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "time" && f.Signature().Recv() == nil && slices.Contains(wallClock, f.Name())
}

func TestNothingReadsTheWallClockButTheClock(t *testing.T) {
	t.Parallel()
	allowed := clockExceptions()
	report(t, clockReads(sources(t).rooms, allowed))
	report(t, allowed.stale())
}

func TestTheRuleOnTheClockCatches(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"a read":        `import "time"` + "\n" + `var t = time.Now()`,
		"another name":  `import tm "time"` + "\n" + `var t = tm.Now()`,
		"handed on":     `import "time"` + "\n" + `var now = time.Now`,
		"a dot import":  `import . "time"` + "\n" + `var t = Now()`,
		"a sleep":       `import "time"` + "\n" + `func f() { time.Sleep(time.Second) }`,
		"a time so far": `import "time"` + "\n" + `func f(t time.Time) { time.Since(t) }`,
	} {
		caught(t, what, clockReads([]*room{sample(t, "billing", map[string]string{"x.go": "package x\n" + text})}, except(nil)))
	}
	fine := `import ("time"; "hostfront/clock")` + "\n" + `func f(c clock.Clock, t time.Time) bool { return t.After(c.Now()) }`
	spared(t, "a clock that is handed in", clockReads([]*room{sample(t, "billing", map[string]string{"x.go": "package x\n" + fine})}, except(nil)))
}
