package audit

import "hostfront/tally"

// Tally tells an audit in the shape of every job's report: the broken rows are notes.
func (r Report) Tally() *tally.Report {
	t := tally.Of(r.Rules, map[string]int{"rules": r.Rules, "findings": len(r.Findings)})
	for _, f := range r.Findings {
		if len(t.Notes) == tally.Listed {
			break
		}
		t.Note(f.Rule + ": " + f.Subject + " (" + f.Detail + ")")
	}
	return t
}
