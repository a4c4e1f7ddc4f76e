package sim_test

import (
	"errors"
	"flag"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hostfront/clock"
)

var kills = flag.Int("kills", 5, "how often TestKill kills the program")

// TestKill runs the real program as a process, with customers that buy and pay all the
// time, and kills it with SIGKILL again and again, at any instant; now and then days
// go by until it is started again, so that renewals fall due. Its stand-ins live on.
// Then it may finish: its books are in order by its own word (hostfront audit), and
// agree with what happened outside.
func TestKill(t *testing.T) {
	t.Parallel()
	p := openProgram(t)
	load := p.customers(8)
	for n := range *kills {
		p.start()
		p.answer(p.dice.IntN(40))
		p.wait(time.Duration(p.dice.IntN(60)) * time.Millisecond)
		p.kill()
		if n%3 == 2 {
			p.away(p.dice.between(day, 12*day))
		}
	}
	p.start()
	load.finish()
	p.stop()
	p.finish()
	p.audit()
	p.compare()
	t.Logf("%d kills: %s", *kills, p.seen)
	if p.seen["orders paid"] < *kills/2 {
		t.Errorf("only %d orders were paid: there was no load", p.seen["orders paid"])
	}
}

// finish runs the program with an hour, later days, between its starts, until nothing
// is under way: what waits for minutes has them then. Staff works off what is held.
func (p *program) finish() {
	p.t.Helper()
	pauses := []time.Duration{time.Minute, 10 * time.Minute, time.Hour, time.Hour, 3 * time.Hour, day, day, day, day, day, day, day}
	for _, pause := range pauses {
		p.away(pause)
		p.start()
		p.rest()
		p.staff()
		p.rest()
		p.stop()
		if p.over() {
			return
		}
	}
	p.t.Error("the program does not come to its end")
}

// rest waits until the program has nothing to do now.
func (p *program) rest() {
	p.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for quiet := 0; quiet < 8; quiet++ {
		if b := p.busy(); b > 0 {
			quiet = -1
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the program does not grow quiet: %d tasks are due", p.busy())
		}
		p.wait(250 * time.Millisecond)
	}
}

// busy counts the tasks that are due, and the jobs.
func (p *program) busy() int64 {
	b := openBooks(p.t.Context(), p.database, p.must)
	defer b.close()
	now := p.Now().UnixMilli()
	tasks := b.ask(`SELECT count(*) AS n FROM tasks WHERE state IN ('running', 'settling') OR state IN ('ready', 'waiting', 'unknown') AND waits_for = '' AND run_at <= ?`, now)
	jobs := b.ask(`SELECT count(*) AS n FROM cron_jobs WHERE due_at <= ? OR lease_token <> ''`, now)
	return tasks[0].number("n") + jobs[0].number("n")
}

// over says whether everything that was bought has come to its end.
func (p *program) over() bool {
	b := openBooks(p.t.Context(), p.database, p.must)
	defer b.close()
	return b.ask(`
		SELECT (SELECT count(*) FROM tasks WHERE state IN ('held', 'unknown', 'running', 'settling', 'action_required'))
			+ (SELECT count(*) FROM deliveries d JOIN invoices i ON i.id = d.invoice_id WHERE d.state = 'pending' AND i.state <> 'void')
			+ (SELECT count(*) FROM payments WHERE state = 'processing') AS n`)[0].number("n") == 0
}

// audit is hostfront audit, beside nothing: it ends well when the books are in order.
func (p *program) audit() {
	p.t.Helper()
	said, err := p.command("audit").CombinedOutput()
	var ended *exec.ExitError
	if errors.As(err, &ended) || !strings.Contains(string(said), "0 broken rows") {
		p.t.Errorf("hostfront audit: %v\n%s", err, said)
	} else {
		p.must(err, "run hostfront audit")
	}
}

// compare holds the stand-ins against the books.
func (p *program) compare() {
	p.t.Helper()
	b := openBooks(p.t.Context(), p.database, p.must)
	defer b.close()
	c := &comparison{books: b, ljpc: p.ljpc, stripe: p.stripe, now: p.Now(), seen: p.seen}
	if wrong := c.all(); wrong != "" {
		p.t.Error(wrong)
	}
}

// answer waits until customers have had so many answers since the start, or long
// enough: how much happens between two kills is the same on a slow machine.
func (p *program) answer(n int) {
	enough := p.answers.Load() + int64(n)
	for deadline := time.Now().Add(20 * time.Second); p.answers.Load() < enough && time.Now().Before(deadline); {
		p.wait(time.Millisecond)
	}
}

// wait is a moment of real time: the program is a process of its own.
func (p *program) wait(d time.Duration) {
	select {
	case <-clock.After(d):
	case <-p.t.Context().Done():
	}
}
