package dunning

import "hostfront/tally"

// Tally tells a run of billing.dunning in the shape of every job's report.
func (r Report) Tally() *tally.Report {
	counts, done := map[string]int{"looked": r.Looked, "passed": r.Passed, "written_off": r.WrittenOff}, r.WrittenOff
	for action, n := range r.Taken {
		counts[string(action)] += n
		done += n
	}
	for reason, n := range r.Frozen {
		counts["frozen_"+reason] += n
	}
	t := tally.Of(done, counts)
	t.SkippedCount = r.Skipped
	for _, s := range r.Skips {
		t.Skipped = append(t.Skipped, tally.Skip(s))
	}
	return t
}
