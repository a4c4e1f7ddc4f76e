package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/clock"

	_ "modernc.org/sqlite"
)

func TestTheShopBacksItselfUpAndRingsWhenItDoesNot(t *testing.T) {
	t.Parallel()
	ctx, c, now := context.Background(), shop(t), clock.NewManual(time.Date(2026, 3, 31, 1, 0, 0, 0, time.UTC))
	c.Backup = app.BackupConfig{Folder: t.TempDir(), Daily: 2}
	a, err := app.Open(ctx, c, app.Options{Clock: now, Steady: now})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, a)
	ringing := func() bool {
		t.Helper()
		if _, err := a.Jobs.RunNow(ctx, "backup.watch"); err != nil {
			t.Fatal(err)
		}
		alarms, err := a.Events.OpenAlarms(ctx, "", 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, alarm := range alarms {
			if alarm.Code == "backup.old" {
				return true
			}
		}
		return false
	}
	if !ringing() {
		t.Error("without a backup nothing rings")
	}
	for range 3 {
		now.Advance(24 * time.Hour)
		if _, err := a.Jobs.RunNow(ctx, "backup"); err != nil {
			t.Fatal(err)
		}
	}
	if ringing() {
		t.Error("a fresh backup rings")
	}
	if copies, err := os.ReadDir(c.Backup.Folder); err != nil || len(copies) != 2 {
		t.Errorf("kept are %v, %v; want those of two days", copies, err)
	}
	now.Advance(27 * time.Hour)
	if !ringing() {
		t.Error("an old backup does not ring")
	}
	if err := os.RemoveAll(c.Backup.Folder); err != nil {
		t.Fatal(err)
	}
	if run, err := a.Jobs.RunNow(ctx, "backup"); err == nil && run.Error == "" {
		t.Error("without its folder the job did not fail")
	}
}

func TestABackupFolderThatIsNotThereStopsTheStart(t *testing.T) {
	t.Parallel()
	c := shop(t)
	c.Backup = app.BackupConfig{Folder: filepath.Join(t.TempDir(), "none"), Daily: 1}
	if _, err := app.Open(context.Background(), c, app.Options{}); err == nil || !strings.Contains(err.Error(), "HOSTFRONT_BACKUP_FOLDER") {
		t.Errorf("%v", err)
	}
}

func TestDoctorAndAuditFindADamagedFile(t *testing.T) {
	t.Parallel()
	c := shop(t)
	closed(t, opened(t, c))
	on, err := sql.Open("sqlite", c.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	const orphan = `INSERT INTO account_refresh_tokens (token_hash, session_id, created_at, expires_at) VALUES ('x', 'ses_none', 1, 2)`
	if _, err := on.Exec(orphan); err != nil {
		t.Fatal(err)
	}
	if err := on.Close(); err != nil {
		t.Fatal(err)
	}
	lines, err := examined(t, c)
	if err == nil {
		t.Error("the doctor finds nothing to fail")
	}
	says(t, lines, "FAIL", "database", "damaged")
	says(t, lines, "warn", "backups", "HOSTFRONT_BACKUP_FOLDER")
	var out bytes.Buffer
	if err := app.Audit(t.Context(), c, &out); err == nil || !strings.Contains(out.String(), "database_damaged") {
		t.Errorf("the audit: %v, %s", err, &out)
	}
}

func TestAMistypedSettingIsToldWithTheNearest(t *testing.T) {
	t.Parallel()
	lines := app.Misnamed([]string{"HOSTFRONT_BASEURL=http://x", "STRIPE_SECRETKEY=sk_live_secret", "LJPC_API_KEY=k", "HOME=/", "PATH=/bin"})
	if len(lines) != 2 || !strings.Contains(lines[0], "HOSTFRONT_BASE_URL") || !strings.Contains(lines[1], "STRIPE_SECRET_KEY") {
		t.Errorf("%q", lines)
	}
	if slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "sk_live") }) {
		t.Error("a value is told")
	}
}
