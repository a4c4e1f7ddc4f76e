package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Keep is how many copies stay: the newest of each of so many days that have one, and
// the newest of each of so many weeks (ISO 8601, from Monday), in UTC.
type Keep struct{ Daily, Weekly int }

// A copy is called by its instant: hostfront-20261122T031500.000Z.db.
const (
	namePrefix = "hostfront-"
	nameSuffix = ".db"
	nameTime   = "20060102T150405.000Z"
)

func nameAt(at time.Time) string { return namePrefix + at.UTC().Format(nameTime) + nameSuffix }

// instantOf is when a copy of that name was made; false for a name that is none.
func instantOf(name string) (time.Time, bool) {
	at, err := time.Parse(nameTime, strings.TrimSuffix(strings.TrimPrefix(name, namePrefix), nameSuffix))
	return at, err == nil && nameAt(at) == name
}

// copies are the instants of the copies in the folder, the newest first.
func (f Folder) copies() ([]time.Time, error) {
	entries, err := os.ReadDir(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for backups: %w", err)
	}
	var all []time.Time
	for _, e := range entries {
		if at, ok := instantOf(e.Name()); ok && e.Type().IsRegular() {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, func(a, b time.Time) int { return b.Compare(a) })
	return all, nil
}

// prune removes the copies that are not to be kept, and gives their names.
func (f Folder) prune() ([]string, error) {
	removed := []string{}
	copies, err := f.copies()
	if err != nil {
		return removed, err
	}
	for _, at := range f.Keep.superfluous(copies) {
		if err := os.Remove(filepath.Join(f.Path, nameAt(at))); err != nil {
			return removed, fmt.Errorf("remove an old backup: %w", err)
		}
		removed = append(removed, nameAt(at))
	}
	return removed, nil
}

// superfluous are those of the copies, given newest first, that are not kept. The
// newest always is.
func (k Keep) superfluous(copies []time.Time) []time.Time {
	days, weeks := map[string]bool{}, map[string]bool{}
	var gone []time.Time
	for i, at := range copies {
		year, week := at.ISOWeek()
		ofDay := first(days, at.Format(time.DateOnly), k.Daily)
		ofWeek := first(weeks, fmt.Sprintf("%d-%d", year, week), k.Weekly)
		if i > 0 && !ofDay && !ofWeek {
			gone = append(gone, at)
		}
	}
	return gone
}

// first says whether a copy is the newest of its time, and that time one of so many.
func first(seen map[string]bool, of string, most int) bool {
	if seen[of] || len(seen) >= most {
		return false
	}
	seen[of] = true
	return true
}
