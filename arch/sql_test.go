package arch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sqlRules are what keeps one schema and one set of queries good on both
// engines. Quoted text and comments are taken out before they are looked at.
func sqlRules() map[*regexp.Regexp]string {
	rules := map[*regexp.Regexp]string{}
	for pattern, why := range map[string]string{
		`\b(NOT )?I?LIKE\b`:    "LIKE minds case on one engine only: keep a lower-cased column and compare",
		`\bCOUNT\s*\(\s*\*`:    "count(*) reads every row: say which column, or keep a counter",
		`\bOFFSET\b`:           "OFFSET reads what it skips: page by id",
		`::`:                   "a cast is CAST(x AS type)",
		`\bAUTOINCREMENT\b`:    "ids are made by the program",
		`\b(BIG|SMALL)?SERIAL`: "ids are made by the program",
		`(SELECT|RETURNING)\s+(\w+\.)?\*|,\s*\w+\.\*`:    "columns are named, never *",
		`\bsqlc\.(slice|embed)\b`:                        "that works on one engine only",
		`\bINSERT\s+OR\b|\bREPLACE\s+INTO\b`:             "ON CONFLICT says it on both engines",
		`\b(INT|INTEGER|SMALLINT)\b`:                     "that has 32 bits on PostgreSQL: BIGINT",
		`\b(REAL|FLOAT|DOUBLE|NUMERIC|DECIMAL|MONEY)\b`:  "minor units are BIGINT, decimals are TEXT",
		`\b(TIMESTAMP|TIMESTAMPTZ|DATETIME|DATE|TIME)\b`: "instants are BIGINT, in milliseconds",
		`\b(JSON|JSONB|BLOB|BYTEA|UUID|VARCHAR|CHAR)\b`:  "that is TEXT",
		`\b(now|datetime|strftime|julianday|date_trunc|random|gen_random_uuid|json_extract|jsonb?_\w+|typeof|ifnull|iif|group_concat|string_agg|printf|instr)\s*\(|\bCURRENT_(TIMESTAMP|DATE|TIME)\b`: "a function of one engine, or a clock that is not ours",
		`\bDEFERRABLE\b`:                  "a constraint that fails at the commit fails its neighbours in the group",
		`\bCREATE\s+(TRIGGER|FUNCTION)\b`: "rules live in the program",
		`\bCOLLATE\b`:                     "engines differ in collations",
		`\bFOR\s+UPDATE\b`:                "one engine only: repeat the condition in the WHERE",
	} {
		rules[regexp.MustCompile("(?i)"+pattern)] = why
	}
	return rules
}

// plainSQL is SQL without comments and without what stands in quotes.
func plainSQL(text string) string {
	text = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(text, "")
	return regexp.MustCompile(`'[^']*'`).ReplaceAllString(text, "''")
}

func badSQL(file, text string) (complaints []string) {
	for i, line := range strings.Split(plainSQL(text), "\n") {
		for rule, why := range sqlRules() {
			if found := rule.FindString(line); found != "" {
				complaints = append(complaints, fmt.Sprintf("%s:%d: %q: %s", file, i+1, found, why))
			}
		}
	}
	return complaints
}

// badMigration wants forward only, one word at the top, and a type that is known
// to both for every column.
func badMigration(file, text string) (complaints []string) {
	if !strings.HasPrefix(text, "-- +goose Up\n") {
		complaints = append(complaints, file+": does not start with -- +goose Up")
	}
	if strings.Contains(text, "+goose Down") {
		complaints = append(complaints, file+": goes down: migrations go forward only")
	}
	if strings.Contains(text, "NO TRANSACTION") {
		complaints = append(complaints, file+": runs without a transaction: a failure would leave half of it")
	}
	return complaints
}

func sqlFiles(t *testing.T, pattern string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	found := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimPrefix(filepath.ToSlash(name), "../")] = string(text)
	}
	return found
}

func TestSQLIsGoodOnBothEngines(t *testing.T) {
	t.Parallel()
	for file, text := range sqlFiles(t, "queries/*.sql") {
		report(t, badSQL(file, text))
	}
	versions := map[string]string{}
	for file, text := range sqlFiles(t, "db/migrations/*.sql") {
		report(t, badSQL(file, text))
		report(t, badMigration(file, text))
		version, _, _ := strings.Cut(filepath.Base(file), "_")
		if other, taken := versions[version]; taken {
			t.Errorf("%s and %s have the same version", file, other)
		}
		versions[version] = file
	}
}

func TestTheRuleOnSQLCatches(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"SELECT * FROM a", "SELECT a.* FROM a", "SELECT a.id, b.* FROM a", "DELETE FROM a RETURNING *",
		"SELECT id FROM a WHERE name LIKE 'x'", "SELECT id FROM a WHERE name not like 'x'", "SELECT count(*) FROM a", "SELECT COUNT ( * ) FROM a",
		"SELECT id FROM a LIMIT 1 OFFSET 2", "SELECT '1'::text", "CREATE TABLE a (id BIGINT AUTOINCREMENT)", "CREATE TABLE a (id BIGSERIAL)",
		"SELECT id FROM a WHERE id IN (sqlc.slice('ids'))", "INSERT OR IGNORE INTO a (id) VALUES (1)", "SELECT CAST(n AS INTEGER) FROM a",
		"CREATE TABLE a (price REAL)", "CREATE TABLE a (at TIMESTAMP)", "SELECT datetime('now')", "CREATE TABLE a (at BIGINT DEFAULT CURRENT_TIMESTAMP)",
		"CREATE TABLE a (b TEXT REFERENCES c DEFERRABLE INITIALLY DEFERRED)", "SELECT id FROM a FOR UPDATE", "CREATE TABLE a (data JSONB)",
	} {
		caught(t, text, badSQL("x.sql", text))
	}
	spared(t, "plain SQL", badSQL("x.sql", "-- all * that we like: count(*)\nSELECT id, CAST(coalesce(sum(n), 0) AS BIGINT) AS n FROM dates WHERE kind = 'like * ::' AND a * 2 > 4"))
	caught(t, "no header", badMigration("x.sql", "CREATE TABLE a (id TEXT)"))
	caught(t, "down", badMigration("x.sql", "-- +goose Up\n-- +goose Down\n"))
	caught(t, "no transaction", badMigration("x.sql", "-- +goose Up\n-- +goose NO TRANSACTION\n"))
}
