package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hostfront/api"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/fault"

	"github.com/prometheus/client_golang/prometheus"
)

// Sync mirrors the upstream's catalogue now and shows how far it is.
func Sync(ctx context.Context, c Config, out io.Writer) error {
	a, err := OpenBeside(ctx, c, Options{})
	if err != nil {
		return err
	}
	report, err := a.Catalog.Sync(ctx, func(stage string, done, total int) {
		fmt.Fprintf(out, "\r%-24s %6d / %d", stage, done, total)
	})
	fmt.Fprintln(out)
	if err == nil {
		fmt.Fprintf(out, "%d products and %d TLDs: %d added, %d changed, %d returned, %d withdrawn; %d costs moved, %d of them held\n", report.Products, report.TLDs,
			report.Added, report.Changed, report.Returned, report.Withdrawn, report.Prices, report.HeldUp+report.HeldDown)
		for _, skipped := range report.Skipped {
			fmt.Fprintln(out, "skipped:", skipped)
		}
	}
	return errors.Join(err, a.Close())
}

// Migrate brings the database to this version, after a backup of a SQLite file.
func Migrate(ctx context.Context, c Config, out io.Writer) error {
	unlock, err := db.Lock(c.DatabaseURL)
	if err != nil {
		return err
	}
	defer unlock()
	store, err := db.Open(ctx, c.DatabaseURL, db.Options{Clock: clock.System{}, Log: logger(c, Options{})})
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx); err != nil {
		return errors.Join(err, store.Close())
	}
	fmt.Fprintln(out, "the database is at this version")
	return store.Close()
}

// Backup writes a verified copy of a live SQLite database.
func Backup(ctx context.Context, c Config, to string, out io.Writer) error {
	if err := c.atHand(); err != nil {
		return err
	}
	store, err := db.Open(ctx, c.DatabaseURL, db.Options{Clock: clock.System{}})
	if err != nil {
		return err
	}
	if store.Engine() != db.SQLite {
		return errors.Join(errors.New("DATABASE_URL is PostgreSQL: back it up with pg_dump"), store.Close())
	}
	if to == "" {
		to = sqlitePath(c.DatabaseURL) + ".backup-" + clock.System{}.Now().Format("20060102-150405")
	}
	if err := store.Backup(ctx, to); err != nil {
		return errors.Join(err, store.Close())
	}
	fmt.Fprintln(out, "backup written and verified:", to)
	return store.Close()
}

// RestoreOptions say which backup goes where.
type RestoreOptions struct {
	From string
	// Overwrite replaces a database that is there; it is kept under another name.
	Overwrite bool
	Out       io.Writer
}

// Restore puts a verified backup in the place of the database. A database that is
// there is never overwritten: it is refused, or kept beside under another name.
func Restore(ctx context.Context, c Config, o RestoreOptions) error {
	unlock, err := db.Lock(c.DatabaseURL)
	if err != nil {
		return err
	}
	defer unlock()
	if err := db.CheckBackup(ctx, o.From); err != nil {
		return err
	}
	path := sqlitePath(c.DatabaseURL)
	if err := makeRoom(path, o); err != nil {
		return err
	}
	if err := copyFile(o.From, path); err != nil {
		return err
	}
	fmt.Fprintln(o.Out, "restored", path, "from", o.From)
	return nil
}

// makeRoom sets a database that is there aside, if that was asked for: with its
// write-ahead log, which would else be played over the restored one.
func makeRoom(path string, o RestoreOptions) error {
	kept := path + ".before-restore-" + clock.System{}.Now().Format("20060102-150405")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_, err := os.Stat(path + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil && !o.Overwrite {
			return fmt.Errorf("%s is there: say --overwrite to replace it (it is kept beside)", path+suffix)
		}
		if err := errors.Join(err, os.Rename(path+suffix, kept+suffix)); err != nil {
			return fmt.Errorf("keep the former database: %w", err)
		}
		fmt.Fprintln(o.Out, "kept what was there as", kept+suffix)
	}
	return nil
}

// copyFile writes beside the target, then renames: a power cut leaves no half database.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(to), ".restore-*")
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer os.Remove(out.Name())
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(fmt.Errorf("restore: %w", err), out.Close())
	}
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := os.Rename(out.Name(), to); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func sqlitePath(url string) string {
	return strings.TrimPrefix(strings.TrimPrefix(url, "sqlite:"), "//")
}

// NewAdmin is an account for staff that is to be made.
type NewAdmin struct {
	Email string
	// Role is "owner" or "staff".
	Role string
	Out  io.Writer
}

// CreateAdmin makes an account for staff and prints its token, which is shown
// this once: only its hash is kept.
func CreateAdmin(ctx context.Context, c Config, n NewAdmin) error {
	a, err := OpenBeside(ctx, c, Options{})
	if err != nil {
		return err
	}
	token, err := a.Accounts.CreateAdmin(ctx, n.Email, n.Role)
	if err == nil {
		fmt.Fprintln(n.Out, token)
	}
	return errors.Join(inWords(err), a.Close())
}

// inWords is an error about fields with what is wrong with each.
func inWords(err error) error {
	var refused *fault.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	var texts []string
	for _, f := range refused.Fields {
		texts = append(texts, f.Name+": "+f.Message)
	}
	return errors.New(strings.Join(texts, "; "))
}

// OpenAPI prints the document of the API. It needs no database.
func OpenAPI(_ context.Context, out io.Writer) error {
	server := api.New(api.Config{Metrics: prometheus.NewRegistry(), Version: release, RequestTimeout: time.Second})
	doc, err := server.OpenAPI()
	if err != nil {
		return err
	}
	_, err = out.Write(doc)
	return err
}
