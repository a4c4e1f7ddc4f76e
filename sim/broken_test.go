package sim_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/clock"
	"hostfront/cron"
)

// settled are the tables that hold what the shop is set to, and not what a run works on: nothing is
// sold while a price rule cannot be read.
var settled = []string{"settings", "catalog_rules", "catalog_versions", "cron_jobs", "cron_runs", "goose_db_version"}

// TestBrokenRowsOfAnyTableFailNoJob lives some weeks, breaks the rows of one table after the other,
// each in another column, and has every job run over what fell due since: each goes through.
func TestBrokenRowsOfAnyTableFailNoJob(t *testing.T) {
	t.Parallel()
	w := openWorld(t, scenario{seed: 77, customers: 8, days: 45, rates: usual().rougher(3)})
	w.lives()
	w.wire.clear = true
	w.power.restore()
	b := w.books()
	tables := b.ask(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	b.close()
	w.must(w.app.Close(), "close the shop")
	books, err := os.ReadFile(w.path)
	w.must(err, "read the books")
	left, dir, tried, broken := w.Now(), folder(t), 0, 0
	for _, r := range append([]row{{"name": ""}}, tables...) {
		table := r.text("name")
		for from, rest := 0, !slices.Contains(settled, table); rest; {
			w.path = filepath.Join(dir, fmt.Sprintf("%d.db", tried))
			w.must(os.WriteFile(w.path, books, 0o600), "copy the books")
			rows := 0
			rows, from, rest = w.spoil(table, from)
			for _, failed := range w.weeksLater(left) {
				t.Errorf("with broken rows in %q, to its column %d, %s", table, from, failed)
			}
			w.must(os.Remove(w.path), "throw the copy away")
			broken, tried = broken+rows, tried+1
		}
	}
	if tried < 60 || broken < 500 {
		t.Errorf("only %d worlds, %d rows broken", tried, broken)
	}
	t.Logf("%d worlds, %d broken rows", tried, broken)
	w.path = filepath.Join(dir, "last.db")
	w.must(os.WriteFile(w.path, books, 0o600), "copy the books")
	w.config.DatabaseURL = w.path
	w.open() // to be closed with the world
}

// spoil breaks the rows of a table, the first in a column, the second in the next and so on; what
// the schema refuses stays as it was. It gives how many it broke and which column would be next;
// rest is true for one that no row was left for.
func (w *world) spoil(table string, from int) (broken, next int, rest bool) {
	if table == "" {
		return 0, 0, false // nothing is broken: the jobs go through at all
	}
	conn, err := sql.Open("sqlite", "file:"+w.path)
	w.must(err, "open the books")
	defer conn.Close()
	conn.SetMaxOpenConns(1)
	b := &books{ctx: w.ctx, conn: conn, must: w.must}
	// What is no BOOLEAN the schema of SQLite takes all the same, and nothing here writes it.
	columns := b.ask(`SELECT name, type FROM pragma_table_info(?) WHERE type <> 'BOOLEAN' ORDER BY cid`, table)
	rows := b.ask("SELECT rowid AS id FROM " + table + " ORDER BY rowid DESC LIMIT 100")
	for n, r := range rows {
		column := columns[(from+n)%len(columns)]
		var nonsense any = "{"
		if !strings.HasPrefix(column.text("type"), "TEXT") {
			nonsense = []int64{9e18, 0, -1}[n/len(columns)%3]
		}
		done, err := conn.ExecContext(w.ctx, "UPDATE OR IGNORE "+table+" SET "+column.text("name")+" = ? WHERE rowid = ?", nonsense, r.number("id"))
		if err != nil {
			continue
		}
		changed, err := done.RowsAffected()
		w.must(err, "break a row")
		broken += int(changed)
	}
	next = from + len(rows)
	return broken, next, len(rows) > 0 && next < len(columns)
}

// weeksLater opens the shop on a copy of the books when it has been away for some weeks, and has
// all jobs run, twice with some weeks in between, and what tasks are due. It gives the jobs that
// failed, and why.
func (w *world) weeksLater(left time.Time) (failed []string) {
	w.time, w.steady = clock.NewManual(left.Add(20*day)), clock.NewManual(left.Add(20*day))
	w.config.DatabaseURL, w.options.Clock, w.options.Steady = w.path, w.time, w.steady
	a, err := app.Open(w.ctx, w.config, w.options)
	if err != nil {
		return []string{"the shop does not open: " + err.Error()}
	}
	for range 2 {
		jobs, err := a.Jobs.Jobs(w.ctx)
		w.must(err, "list the jobs")
		for _, job := range jobs {
			within, stop := context.WithTimeout(w.ctx, time.Minute)
			if run, err := a.Jobs.RunNow(within, job.Name); err != nil || run.State != cron.Done {
				failed = append(failed, fmt.Sprintf("%s: %s %s %v", job.Name, run.State, run.Error, err))
			}
			stop()
		}
		for range 100 {
			if worked, err := a.Tasks.Step(w.ctx); err != nil || !worked {
				w.must(err, "do what is due")
				break
			}
		}
		w.pass(20 * day)
	}
	w.must(a.Close(), "close the shop")
	return failed
}
