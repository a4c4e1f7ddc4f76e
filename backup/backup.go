package backup

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"hostfront/audit"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/tally"
)

// Made is a copy that was made and found good.
type Made struct {
	Path string `json:"path"`
	// LedgerRows is how many rows of the ledger it holds.
	LedgerRows int64 `json:"ledger_rows"`
	// Books is what the audit of the copy found.
	Books audit.Report `json:"books"`
	// Removed are the names of older copies that are not kept any more.
	Removed []string `json:"removed"`
}

// Tally is what the run did, for the history of jobs.
func (m Made) Tally() *tally.Report {
	r := tally.Of(1, map[string]int{"ledger_rows": int(m.LedgerRows), "broken_rows": len(m.Books.Findings), "removed": len(m.Removed)})
	r.Note(m.Path)
	return r
}

// To copies the database to a path, checked; a file that is there is not overwritten.
func To(ctx context.Context, store *db.Store, path string) (Made, error) {
	least, err := store.Read().BackupLedgerRows(ctx)
	if err != nil {
		return Made{}, fmt.Errorf("back up to %s: count the ledger: %w", path, err)
	}
	made := Made{Path: path, Removed: []string{}}
	err = store.Backup(ctx, path, func(ctx context.Context, draft string) error {
		made.LedgerRows, made.Books, err = look(ctx, draft)
		if err == nil && made.LedgerRows < least {
			err = fmt.Errorf("the copy holds %d rows of the ledger, and there were %d", made.LedgerRows, least)
		}
		return err
	})
	return made, err
}

// look asks a copy for its ledger and its books.
func look(ctx context.Context, path string) (ledger int64, books audit.Report, err error) {
	q, done, err := db.ReadFile(path)
	if err != nil {
		return 0, audit.Report{}, err
	}
	defer done()
	if ledger, err = q.BackupLedgerRows(ctx); err != nil {
		return 0, audit.Report{}, fmt.Errorf("count the ledger of the copy: %w", err)
	}
	books, err = audit.Run(ctx, q)
	return ledger, books, err
}

// Folder is where copies are kept.
type Folder struct {
	Store *db.Store
	Clock clock.Clock
	// Path is the folder, Keep which of the copies in it stay.
	Path string
	Keep Keep
}

// Run makes a copy in the folder and removes what is not to be kept.
func (f Folder) Run(ctx context.Context) (Made, error) {
	made, err := To(ctx, f.Store, filepath.Join(f.Path, nameAt(f.Clock.Now())))
	if err != nil {
		return made, err
	}
	made.Removed, err = f.prune()
	return made, err
}

// Newest is when the newest copy was made; the zero time when there is none.
func (f Folder) Newest() (time.Time, error) {
	copies, err := f.copies()
	if err != nil || len(copies) == 0 {
		return time.Time{}, err
	}
	return copies[0], nil
}
