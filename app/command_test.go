package app_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hostfront/app"
	"hostfront/db"
	"hostfront/db/dbtest"
)

// shop is a configuration that holds, on a SQLite file of its own.
func shop(t *testing.T) app.Config {
	t.Helper()
	return app.Config{
		DatabaseURL: filepath.Join(t.TempDir(), "shop.db"), BaseURL: "http://shop.example", LogLevel: "error",
		SecretKey: strings.Repeat("0f", 32), LJPC: app.LJPCConfig{BaseURL: "http://127.0.0.1:1", Concurrency: 1},
		Shop: app.ShopConfig{Name: "Shop", Country: "NL", VATScheme: "oss@2021-07-01", PriceBasis: "gross", Currency: "EUR", FailedLine: "auto", RenewalPrice: "keep", PriceNotice: 30, CancelRest: "keep", PauseBy: "customer"},
		Mail: app.MailConfig{From: "shop@example.com"},
	}
}

func opened(t *testing.T, c app.Config) *app.App {
	t.Helper()
	a, err := app.Open(context.Background(), c, app.Options{})
	if err != nil {
		t.Fatalf("open the shop: %v", err)
	}
	return a
}

func closed(t *testing.T, a *app.App) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Fatalf("close the shop: %v", err)
	}
}

func TestABackupOfALiveShopRestores(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), shop(t)
	a := opened(t, c)
	if _, err := a.Accounts.CreateAdmin(ctx, "staff@example.com", "owner"); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	var out bytes.Buffer
	if err := app.Backup(ctx, c, copied, &out); err != nil || !strings.Contains(out.String(), copied) {
		t.Fatalf("backup of a live shop: %v, it said %q", err, &out)
	}
	if _, err := a.Accounts.CreateAdmin(ctx, "later@example.com", "staff"); err != nil {
		t.Fatal(err)
	}
	closed(t, a)

	if err := app.Restore(ctx, c, app.RestoreOptions{From: copied, Out: &out}); err == nil {
		t.Fatal("a database that is there was overwritten without a word")
	}
	if err := app.Restore(ctx, c, app.RestoreOptions{From: copied, Overwrite: true, Out: &out}); err != nil {
		t.Fatalf("restore: %v", err)
	}
	a = opened(t, c)
	defer closed(t, a)
	admins, err := a.Accounts.Admins(ctx)
	if err != nil || len(admins) != 1 || admins[0].Email != "staff@example.com" {
		t.Fatalf("after the restore the staff is %v, %v", admins, err)
	}
	kept, err := filepath.Glob(c.DatabaseURL + ".before-restore-*")
	if err != nil || len(kept) == 0 {
		t.Fatalf("the former database was not kept: %v, %v", kept, err)
	}
}

func TestWhatIsNoBackupIsNotRestored(t *testing.T) {
	t.Parallel()
	c := shop(t)
	bad := filepath.Join(t.TempDir(), "bad.db")
	if err := os.WriteFile(bad, []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := app.Restore(context.Background(), c, app.RestoreOptions{From: bad, Out: &out}); err == nil {
		t.Fatal("a text file was restored")
	}
	if _, err := os.Stat(c.DatabaseURL); !os.IsNotExist(err) {
		t.Fatalf("something was written: %v", err)
	}
}

func TestASecondServerRefusesToStart(t *testing.T) {
	t.Parallel()
	c := shop(t)
	a := opened(t, c)
	defer closed(t, a)
	if _, err := app.Open(context.Background(), c, app.Options{}); err == nil || strings.Contains(err.Error(), "\n") {
		t.Fatalf("a second server: %v, want one sentence", err)
	}
}

// What a restore replaces is kept, however many come in one second; and what is to be restored is
// not what is replaced.
func TestEveryRestoreKeepsWhatItReplaces(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), shop(t)
	closed(t, opened(t, c))
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := app.Backup(ctx, c, copied, io.Discard); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the backup: %v, %v", info.Mode(), err)
	}
	for range 5 {
		if err := app.Restore(ctx, c, app.RestoreOptions{From: copied, Overwrite: true, Out: io.Discard}); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := filepath.Glob(c.DatabaseURL + ".before-restore-*")
	whole := 0
	for _, path := range kept {
		if db.CheckBackup(ctx, path) == nil {
			whole++
		}
	}
	if err != nil || whole != 5 {
		t.Errorf("of 5 databases that were replaced %d are kept: %v, %v", whole, kept, err)
	}
	if err := app.Restore(ctx, c, app.RestoreOptions{From: c.DatabaseURL, Overwrite: true, Out: io.Discard}); err == nil {
		t.Error("a database was restored from itself")
	}
}

func TestAnEmptyFileIsLeftAsItIsByACommand(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), shop(t)
	if err := os.WriteFile(c.DatabaseURL, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := app.Audit(ctx, c, io.Discard); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("audit of an empty file: %v", err)
	}
	if info, err := os.Stat(c.DatabaseURL); err != nil || info.Size() != 0 {
		t.Errorf("it was written to: %v, %v", info.Size(), err)
	}
}

func TestACommandMakesNoDatabase(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), shop(t)
	for name, run := range map[string]func() error{
		"audit":  func() error { return app.Audit(ctx, c, io.Discard) },
		"backup": func() error { return app.Backup(ctx, c, "", io.Discard) },
		"sync":   func() error { return app.Sync(ctx, c, io.Discard) },
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), "DATABASE_URL") {
			t.Errorf("%s: %v, want what names the setting", name, err)
		}
		if _, err := os.Stat(c.DatabaseURL); err == nil {
			t.Errorf("%s made %s", name, c.DatabaseURL)
		}
	}
}

func TestACommandBesideAServerDoesNotMigrate(t *testing.T) {
	t.Parallel()
	c := shop(t)
	if _, err := app.OpenBeside(context.Background(), c, app.Options{}); err == nil {
		t.Fatal("a command opened a database that is not at this version")
	}
	var out bytes.Buffer
	if err := app.Migrate(context.Background(), c, &out); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	if err := app.CreateAdmin(context.Background(), c, app.NewAdmin{Email: "staff@example.com", Role: "owner", Out: &out}); err != nil {
		t.Fatalf("create an admin: %v", err)
	}
}

func TestABackupOfPostgresIsRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	if !dbtest.OnPostgres() {
		t.Skip("needs TEST_DATABASE_URL")
	}
	c := shop(t)
	c.DatabaseURL = dbtest.URL(t)
	err := app.Backup(context.Background(), c, "", &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Fatalf("backup of PostgreSQL: %v", err)
	}
}

func TestTheDocumentNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := app.OpenAPI(context.Background(), &out); err != nil || !strings.HasPrefix(out.String(), "components:") && !strings.Contains(out.String(), "openapi: 3.1") {
		t.Fatalf("the document: %v, %d bytes", err, out.Len())
	}
}

func TestASyncWithoutAKeySaysSoAndAsksNobody(t *testing.T) {
	t.Parallel()
	c := shop(t)
	closed(t, opened(t, c))
	var out bytes.Buffer
	if err := app.Sync(context.Background(), c, &out); err == nil || !strings.HasPrefix(err.Error(), "LJPC_API_KEY is missing") || out.Len() > 0 {
		t.Errorf("it says %q and ends with %v", &out, err)
	}
}
