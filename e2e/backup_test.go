package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"hostfront/app"
	"hostfront/audit"
	"hostfront/backup"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
)

// TestBackupsOfAShopAtWorkAreWholeAndCanBeSoldFrom takes copies while customers buy and
// the shop delivers: each must pass the audit, hold no less than the one before, and the
// last must open as a shop.
func TestBackupsOfAShopAtWorkAreWholeAndCanBeSoldFrom(t *testing.T) {
	t.Parallel()
	if dbtest.OnPostgres() {
		t.Skip("PostgreSQL is backed up with pg_dump")
	}
	f := openFront(t)
	f.Work()
	folder := backup.Folder{Store: f.App.Store, Clock: clock.System{}, Path: t.TempDir(), Keep: backup.Keep{Daily: 1}}
	var bought atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var buyers sync.WaitGroup
	for n := range 3 {
		buyer, email := f.customer(fmt.Sprintf("buyer-%d@example.com", n)), fmt.Sprintf("buyer-%d@example.com", n)
		product := f.monthly()
		buyers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprintf("name-%d-%d.nl", n, i)
				quote := text(buyer.post("/v1/quotes", cart(product, name), http.StatusCreated), "id")
				placed := buyer.once(name).post("/v1/orders", checkout(quote, email, "sandbox"), http.StatusCreated)
				f.press(text(placed, "payment.next_action.url"), "pay")
				bought.Add(1)
			}
		})
	}
	var last backup.Made
	for copies := 0; copies < 5 || bought.Load() < 12; copies++ {
		made, err := folder.Run(t.Context())
		if err != nil {
			t.Fatalf("copy %d: %v", copies, err)
		}
		if len(made.Books.Findings) > 0 {
			t.Errorf("copy %d, after %d purchases: %s", copies, bought.Load(), made.Books)
		}
		if made.LedgerRows < last.LedgerRows {
			t.Errorf("copy %d has %d rows of the ledger, the one before %d", copies, made.LedgerRows, last.LedgerRows)
		}
		last = made
	}
	stop()
	buyers.Wait()
	if left, err := filepath.Glob(filepath.Join(folder.Path, "*")); err != nil || len(left) != 1 {
		t.Errorf("kept are %v, %v; want the last of the day", left, err)
	}
	if last.LedgerRows == 0 {
		t.Fatal("nothing was booked while the copies were made")
	}
	f.restored(t, last.Path)
}

// restored opens a shop on a restored copy, whose books must be in order.
func (f *front) restored(t *testing.T, copied string) {
	t.Helper()
	c := f.App.Config
	c.DatabaseURL = filepath.Join(t.TempDir(), "restored.db")
	var out bytes.Buffer
	if err := app.Restore(t.Context(), c, app.RestoreOptions{From: copied, Out: &out}); err != nil {
		t.Fatalf("restore: %v", err)
	}
	store, err := db.Open(t.Context(), c.DatabaseURL, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if damage, err := store.Damage(t.Context()); err != nil || len(damage) > 0 {
		t.Errorf("the restored database: %v, %v", damage, err)
	}
	report, err := audit.Run(t.Context(), store.Read())
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("the restored books: %s, %v", report, err)
	}
}
