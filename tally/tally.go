// Package tally owns the one shape in which every job says what it did: how much is
// done, what it counted on the way, and which things it skipped and why. A thing that
// cannot be dealt with is skipped: it never stops those behind it.
//
// It does not own what becomes of a report (package cron keeps it, and rings while
// something is skipped).
package tally

import "sync"

// Report is what a run of a job did. Safe for concurrent use while it is filled.
type Report struct {
	// Done is how many things the run dealt with.
	Done int `json:"done"`
	// Counts are figures of the job's own, by name.
	Counts map[string]int `json:"counts"`
	// Skipped are the things that could not be dealt with, at most Listed of them.
	Skipped []Skip `json:"skipped"`
	// SkippedCount is how many they were.
	SkippedCount int `json:"skipped_count"`
	// Notes are what else an operator should read.
	Notes []string `json:"notes,omitempty"`

	mu sync.Mutex
}

// Skip is a thing that a run passed over, and why.
type Skip struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Teller is what a job gives back: it can tell what the run did in the one shape.
type Teller interface{ Tally() *Report }

// Tally is the report itself.
func (r *Report) Tally() *Report { return r }

// Of is a report of a run that counts in figures of its own: done things, and the rest
// by name.
func Of(done int, counts map[string]int) *Report {
	r := New()
	r.Done = done
	for name, n := range counts {
		r.Counts[name] = n
	}
	return r
}

// Listed is how many skipped things a report names; the rest is counted.
const Listed = 100

// New is an empty report.
func New() *Report { return &Report{Counts: map[string]int{}, Skipped: []Skip{}} }

// Did counts n things that were dealt with.
func (r *Report) Did(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Done += n
}

// Count adds n to a figure of the job's own.
func (r *Report) Count(name string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Counts[name] += n
}

// Skip notes a thing that could not be dealt with. No error skips nothing, and counts as
// done.
func (r *Report) Skip(id string, err error) {
	if err == nil {
		r.Did(1)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.SkippedCount++
	if len(r.Skipped) < Listed {
		r.Skipped = append(r.Skipped, Skip{ID: id, Reason: err.Error()})
	}
}

// Note adds a sentence for the operator.
func (r *Report) Note(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Notes = append(r.Notes, text)
}
