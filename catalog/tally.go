package catalog

import "hostfront/tally"

// Tally tells a run of catalog.sync in the shape of every job's report. What of the
// answer could not be used is a note: the sync itself is whole or nothing.
func (r SyncReport) Tally() *tally.Report {
	t := tally.Of(r.Products+r.TLDs, map[string]int{
		"products": r.Products, "tlds": r.TLDs, "added": r.Added, "changed": r.Changed, "returned": r.Returned,
		"withdrawn": r.Withdrawn, "prices": r.Prices, "held_up": r.HeldUp, "held_down": r.HeldDown,
	})
	for _, text := range r.Skipped {
		t.Note(text)
	}
	return t
}
