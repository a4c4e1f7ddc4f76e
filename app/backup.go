package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hostfront/backup"
	"hostfront/clock"
	"hostfront/cron"
	"hostfront/db"
	"hostfront/event"
	"hostfront/tally"
)

// alarmBackupOld is raised while the newest copy in the backup folder is older than
// oldBackup, or there is none. That the job itself fails is the alarm of jobs.
const alarmBackupOld = "backup.old"

// oldBackup is how old the newest copy may be: a day, and what a night's job may be late.
const oldBackup = 26 * time.Hour

// Backup writes a verified copy of a live SQLite database: to a file, else into the
// backup folder, where older copies are removed by its rules, else beside the database.
// Its error is ErrBroken when the copy is good and its books are not in order.
func Backup(ctx context.Context, c Config, to string, out io.Writer) error {
	if err := c.atHand(); err != nil {
		return err
	}
	if err := c.checkBackup(); err != nil {
		return err
	}
	store, err := db.Open(ctx, c.DatabaseURL, db.Options{Clock: clock.System{}})
	if err != nil {
		return err
	}
	if store.Engine() != db.SQLite {
		return errors.Join(errors.New("DATABASE_URL is PostgreSQL: back it up with pg_dump"), store.Close())
	}
	if err := store.Current(ctx); err != nil {
		return errors.Join(err, store.Close())
	}
	made, err := c.backUp(ctx, store, to)
	if err == nil {
		fmt.Fprintf(out, "backup written and verified: %s (%d rows of the ledger; %s)\n", made.Path, made.LedgerRows, made.Books)
		for _, name := range made.Removed {
			fmt.Fprintln(out, "removed:", name)
		}
		if len(made.Books.Findings) > 0 {
			err = ErrBroken
		}
	}
	return errors.Join(err, store.Close())
}

func (c Config) backUp(ctx context.Context, store *db.Store, to string) (backup.Made, error) {
	switch {
	case to != "":
		return backup.To(ctx, store, to)
	case c.Backup.Folder != "":
		return c.backupFolder(store, clock.System{}).Run(ctx)
	}
	return backup.To(ctx, store, sqlitePath(c.DatabaseURL)+".backup-"+clock.System{}.Now().Format("20060102-150405"))
}

func (c Config) backupFolder(store *db.Store, now clock.Clock) backup.Folder {
	return backup.Folder{Store: store, Clock: now, Path: c.Backup.Folder, Keep: backup.Keep{Daily: c.Backup.Daily, Weekly: c.Backup.Weekly}}
}

// backupJobs are there when a backup folder is set.
func (a *App) backupJobs() []cron.Job {
	if a.Config.Backup.Folder == "" {
		return nil
	}
	return []cron.Job{
		{Name: "backup", Spec: "13 2 * * *", Run: report(a.backups().Run)},
		{Name: "backup.watch", Spec: "33 * * * *", Run: a.watchBackups},
	}
}

func (a *App) backups() backup.Folder { return a.Config.backupFolder(a.Store, a.Clock) }

// watchBackups rings while the newest copy is too old, and tells how old it is.
func (a *App) watchBackups(ctx context.Context) (*tally.Report, error) {
	newest, err := a.backups().Newest()
	if err != nil {
		return nil, err
	}
	since := a.Clock.Now().Sub(newest)
	age := since.Round(time.Minute).String() + " old"
	if newest.IsZero() {
		age = "there is none"
	}
	did := tally.Of(1, nil)
	did.Note(age)
	return did, a.Store.Tx(ctx, func(q *db.Queries) error {
		if !newest.IsZero() && since <= oldBackup {
			return a.Events.Clear(ctx, q, alarmBackupOld, "")
		}
		return a.Events.Raise(ctx, q, event.Alarm{
			Code: alarmBackupOld, Message: "The newest backup in HOSTFRONT_BACKUP_FOLDER is too old (" + age + "): run the job `backup` and see why it fails.",
		})
	})
}

// checkBackup holds the settings of backups to what can be done.
func (c Config) checkBackup() error {
	switch {
	case c.Backup.Folder == "":
		return nil
	case c.postgres():
		return errors.New("HOSTFRONT_BACKUP_FOLDER is for SQLite: back PostgreSQL up with pg_dump and leave it empty")
	case c.Backup.Daily < 1:
		return fmt.Errorf("HOSTFRONT_BACKUP_DAILY is %d: keep the copies of 1 day or more", c.Backup.Daily)
	case c.Backup.Weekly < 0:
		return fmt.Errorf("HOSTFRONT_BACKUP_WEEKLY is %d: give 0 or more weeks", c.Backup.Weekly)
	}
	if info, err := os.Stat(c.Backup.Folder); err != nil || !info.IsDir() {
		return fmt.Errorf("HOSTFRONT_BACKUP_FOLDER %s is not a folder that is there: make it, or mount it", c.Backup.Folder)
	}
	return nil
}
