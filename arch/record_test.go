package arch_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// passing are the tables whose rows may be deleted: nothing is owed, owned or proven by
// one of them.
var passing = []string{
	"account_sessions", "account_links", "catalog_costs", "catalog_rules", "quotes", "quote_lines", "idempotency_keys",
	"name_reservations", "settings", "upstream_ignored",
}

// ended are tables of which only what is over may be deleted: the statement says so.
var ended = map[string]string{
	"tasks":         "(state = 'done' OR state = 'cancelled')",
	"task_attempts": "(t.state = 'done' OR t.state = 'cancelled')",
	"cron_runs":     "r.state <> 'running'",
}

var remark = regexp.MustCompile(`--[^\n]*`)

var deletes = regexp.MustCompile(`(?i)\b(?:DELETE\s+FROM|DROP\s+TABLE(?:\s+IF\s+EXISTS)?|TRUNCATE(?:\s+TABLE)?)\s+(\w+)`)

func deletedRecords(file, text string) (complaints []string) {
	for _, statement := range strings.Split(remark.ReplaceAllString(text, ""), ";") {
		for _, found := range deletes.FindAllStringSubmatch(statement, -1) {
			table := strings.ToLower(found[1])
			if over := ended[table]; slices.Contains(passing, table) || over != "" && strings.Contains(statement, over) {
				continue
			}
			complaints = append(complaints, file+": "+found[0]+": what was billed, paid, promised or done is kept")
		}
	}
	return complaints
}

// Others had a clean-up that deleted invoices by raw SQL and orphaned what hung on them.
func TestWhatWasBilledPaidOrDeliveredIsNeverDeleted(t *testing.T) {
	t.Parallel()
	for file, text := range sqlFiles(t, "queries/*.sql") {
		report(t, deletedRecords(file, text))
	}
}

func TestTheRuleOnDeletedRecordsCatches(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"DELETE FROM invoices WHERE id = ?", "delete  from ledger_entries", "DROP TABLE tasks", "TRUNCATE subscriptions",
		"DELETE FROM tasks WHERE id = ?; UPDATE tasks SET seq = 1 WHERE (state = 'done' OR state = 'cancelled')",
	} {
		caught(t, text, deletedRecords("x.sql", text))
	}
	spared(t, "a session", deletedRecords("x.sql", "DELETE FROM account_sessions WHERE expires_at < 1; -- DELETE FROM invoices"))
}

var passingKind = regexp.MustCompile(`Name: (\w+),[^\n]*Passing: true`)

// Whether a thing was bought, charged or given back already is asked of its task.
func TestOnlyTasksOfMailsAndWebhooksAreDeleted(t *testing.T) {
	t.Parallel()
	var kinds []string
	for _, name := range sourceNames(t, ".go") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, found := range passingKind.FindAllStringSubmatch(string(text), -1) {
			kinds = append(kinds, found[1])
		}
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{"KindSend", "KindWebhook"}) {
		t.Errorf("the kinds that are Passing are %v", kinds)
	}
}

var (
	namedTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)`")
	writtenTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)\(`)
)

// A document that promises a proof promises one that is there.
func TestEveryTestThatADocumentNamesExists(t *testing.T) {
	t.Parallel()
	written := map[string]bool{}
	for _, name := range sourceNames(t, "_test.go") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range writtenTest.FindAllStringSubmatch(string(text), -1) {
			written[found[1]] = true
		}
	}
	if len(written) < 300 {
		t.Fatalf("only %d tests were found", len(written))
	}
	for file, text := range sqlFiles(t, "docs/*.md") {
		for _, found := range namedTest.FindAllStringSubmatch(text, -1) {
			if !written[found[1]] {
				t.Errorf("%s names %s, which is no test", file, found[1])
			}
		}
	}
}

// sourceNames are the files of the repository that end so.
func sourceNames(t *testing.T, end string) (names []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, end) {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
