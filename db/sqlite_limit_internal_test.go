package db

import "testing"

func TestALimitIsNoReasonToCompileAStatementAnew(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"SELECT id FROM tasks WHERE id > ?1 ORDER BY id LIMIT ?2":             "SELECT id FROM tasks WHERE id > ?1 ORDER BY id LIMIT ?2 + 0",
		"SELECT a FROM (SELECT a FROM t LIMIT ?12) WHERE a = ?1 LIMIT ?3":     "SELECT a FROM (SELECT a FROM t LIMIT ?12 + 0) WHERE a = ?1 LIMIT ?3 + 0",
		"SELECT id FROM tasks LIMIT 1":                                        "SELECT id FROM tasks LIMIT 1",
		"INSERT INTO limits (n) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM t)": "INSERT INTO limits (n) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM t)",
	} {
		if got := steady(query); got != want {
			t.Errorf("%q", got)
		}
	}
}
