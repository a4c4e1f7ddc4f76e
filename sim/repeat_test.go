package sim_test

import (
	"encoding/json"
	"testing"
)

// TestASeedLivesTheSameYearsAgain lives one seed twice: all that is in the two
// databases is the same, table by table, but for what is random on purpose, and so is
// what happened and what the world outside has.
func TestASeedLivesTheSameYearsAgain(t *testing.T) {
	t.Parallel()
	s := scenario{seed: 7, customers: 12, days: 40, rates: usual().rougher(3)}
	var first map[string]string
	for range 2 {
		w := openWorld(t, s)
		w.years()
		b := w.books()
		sums := b.digest()
		b.close()
		sums["what happened"] = w.seen.String()
		sums["what Stripe moved"] = written(w, w.stripe.Charges(), w.stripe.Refunds(), w.stripe.Disputes(), w.stripe.Payouts())
		sums["what LJPc has"] = written(w, w.ljpc.Orders(), w.ljpc.Domains(), w.ljpc.Sites())
		if first == nil {
			first = sums
		}
		for table, sum := range sums {
			if first[table] != sum {
				t.Errorf("%s: %s and then %s", table, first[table], sum)
			}
		}
		if len(sums) < 30 {
			t.Fatalf("only %d tables were looked at", len(sums))
		}
	}
}

func written(w *world, what ...any) string {
	text, err := json.Marshal(what)
	w.must(err, "write it down")
	return string(text)
}
