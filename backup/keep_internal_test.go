package backup

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheNewestOfEachDayAndWeekIsKept(t *testing.T) {
	t.Parallel()
	f := Folder{Path: t.TempDir(), Keep: Keep{Daily: 3, Weekly: 2}}
	start := time.Date(2026, 3, 31, 2, 13, 0, 0, time.UTC) // a Tuesday
	for day := range 30 {
		for _, hour := range []int{0, 6} {
			write(t, f, nameAt(start.AddDate(0, 0, -day).Add(time.Duration(hour)*time.Hour)))
		}
	}
	foreign := []string{"hostfront-2026.db", "shop.db", "hostfront-20260301T021300.000Z.db.old", "hostfront-20261301T021300.000Z.db"}
	for _, name := range foreign {
		write(t, f, name)
	}
	if _, err := f.prune(); err != nil {
		t.Fatal(err)
	}
	want := append([]string{
		"hostfront-20260331T081300.000Z.db", "hostfront-20260330T081300.000Z.db", "hostfront-20260329T081300.000Z.db", // 3 days; the first is the week's
	}, foreign...)
	left, err := os.ReadDir(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, e := range left {
		found[e.Name()] = true
	}
	for _, name := range want {
		if !found[name] {
			t.Errorf("%s is gone", name)
		}
	}
	// The Sunday before is the newest of its week, and of a day that is kept.
	if len(found) != len(want) {
		t.Errorf("%d files are left, want %d: %v", len(found), len(want), found)
	}
	newest, err := f.Newest()
	if err != nil || !newest.Equal(time.Date(2026, 3, 31, 8, 13, 0, 0, time.UTC)) {
		t.Errorf("the newest is of %s, %v", newest, err)
	}
}

func TestTheNewestCopyIsNeverRemoved(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 31, 2, 13, 0, 0, time.UTC)
	gone := Keep{}.superfluous([]time.Time{at, at.Add(-time.Hour)})
	if len(gone) != 1 || !gone[0].Equal(at.Add(-time.Hour)) {
		t.Errorf("removed are %v", gone)
	}
}

func write(t *testing.T, f Folder, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(f.Path, name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}
