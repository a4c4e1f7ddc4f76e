package audit

import (
	"context"
	"fmt"

	"hostfront/db"
)

// Finding is a row that breaks an invariant.
type Finding struct {
	// Rule names the invariant; Means says it, to the operator.
	Rule  string `json:"rule"`
	Means string `json:"means"`
	// Subject is the id of the row.
	Subject string `json:"subject"`
	// Detail is by how much, or what else: minor units, milliseconds, a state.
	Detail string `json:"detail"`
}

// Report is what an audit asked and found.
type Report struct {
	// Rules is how many invariants were asked.
	Rules int `json:"rules"`
	// Findings are the rows that break one, at most a hundred for each rule.
	Findings []Finding `json:"findings"`
}

// String is the report for a terminal.
func (r Report) String() string {
	text := fmt.Sprintf("%d invariants, %d broken rows", r.Rules, len(r.Findings))
	for _, f := range r.Findings {
		text += fmt.Sprintf("\n%s: %s (%s): %s", f.Rule, f.Subject, f.Detail, f.Means)
	}
	return text
}

// With is the report with one rule more, whose findings were made elsewhere: a line
// each.
func (r Report) With(rule, means string, found []string) Report {
	r.Rules++
	for _, line := range found {
		r.Findings = append(r.Findings, Finding{Rule: rule, Means: means, Subject: "database", Detail: line})
	}
	return r
}

// Run asks every invariant of the database behind q, which may be live: each
// question is one statement, and sees one state.
func Run(ctx context.Context, q *db.Queries) (Report, error) {
	report := Report{Findings: []Finding{}}
	for _, rule := range rules {
		rows, err := rule.ask(ctx, q)
		if err != nil {
			return report, fmt.Errorf("audit %s: %w", rule.name, err)
		}
		report.Rules++
		for _, row := range rows {
			report.Findings = append(report.Findings, Finding{Rule: rule.name, Means: rule.means, Subject: row.subject, Detail: row.detail})
		}
	}
	return report, nil
}
