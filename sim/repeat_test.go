package sim_test

import "testing"

// TestASeedLivesTheSameYearsAgain lives one seed twice: all that is in the two
// databases is the same, table by table, but for what is random on purpose.
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
		if first == nil {
			first = sums
		}
		for table, sum := range sums {
			if first[table] != sum {
				t.Errorf("table %s is %s and then %s", table, first[table], sum)
			}
		}
		if len(sums) < 30 {
			t.Fatalf("only %d tables were looked at", len(sums))
		}
	}
}
