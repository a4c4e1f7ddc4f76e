package db

import "regexp"

// boundLimit is a LIMIT whose number is a parameter.
var boundLimit = regexp.MustCompile(`(?i)\bLIMIT \?\d*`)

// steady is the query as SQLite keeps its plan for. The planner looks at the value of
// a parameter that stands alone behind LIMIT, and so compiles the statement anew for
// every value that is bound: a page of due tasks spent three quarters of its time on
// that. It does not look into an expression.
func steady(query string) string { return boundLimit.ReplaceAllString(query, "$0 + 0") }
