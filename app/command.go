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
	fmt.Fprintln(out, "the database has the schema of this version")
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
	if c.postgres() {
		return errors.New("DATABASE_URL is PostgreSQL: restore it with psql or pg_restore")
	}
	path := sqlitePath(c.DatabaseURL)
	if same(o.From, path) {
		return fmt.Errorf("%s is the database itself: give a backup", o.From)
	}
	if err := db.CheckBackup(ctx, o.From); err != nil {
		return err
	}
	draft, err := copyBeside(o.From, path)
	if err != nil {
		return err
	}
	defer os.Remove(draft)
	if err := db.CheckBackup(ctx, draft); err != nil {
		return err
	}
	if err := makeRoom(path, o); err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	fmt.Fprintln(o.Out, "restored", path, "from", o.From)
	return nil
}

// makeRoom sets a database that is there aside, if that was asked for: with its
// write-ahead log, which would else be played over the restored one.
func makeRoom(path string, o RestoreOptions) error {
	kept, err := freeName(path + ".before-restore-" + clock.System{}.Now().Format("20060102-150405"))
	if err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_, err := os.Stat(path + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil && !o.Overwrite {
			return fmt.Errorf("%s is there: say --force to replace it (it is kept beside)", path+suffix)
		}
		if err := errors.Join(err, os.Rename(path+suffix, kept+suffix)); err != nil {
			return fmt.Errorf("keep the former database: %w", err)
		}
		fmt.Fprintln(o.Out, "kept what was there as", kept+suffix)
	}
	return nil
}

// freeName is a name that no file has yet, nor a write-ahead log of one: two restores in one second
// keep both.
func freeName(wanted string) (string, error) {
	name := wanted
	for n := 2; ; n++ {
		taken := false
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if _, err := os.Lstat(name + suffix); err == nil {
				taken = true
			} else if !errors.Is(err, os.ErrNotExist) {
				return "", fmt.Errorf("keep the former database: %w", err)
			}
		}
		if !taken {
			return name, nil
		}
		name = fmt.Sprintf("%s-%d", wanted, n)
	}
}

// same says whether two paths are one file.
func same(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// copyBeside copies a file to a draft beside the target, which a rename then puts in
// its place: a power cut leaves no half database.
func copyBeside(from, to string) (draft string, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", fmt.Errorf("read the backup: %w", err)
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(to), ".restore-*")
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("restore: %w", err), os.Remove(out.Name()))
	}
	return out.Name(), nil
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
