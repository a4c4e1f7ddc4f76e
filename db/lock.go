package db

import (
	"errors"
	"fmt"
	"os"
)

// errLocked is what lockFile gives when another process holds the lock.
var errLocked = errors.New("locked by another process")

// Lock keeps a second server, migration or restore away from the database at
// url until release is called; one that is held is refused with one sentence,
// at once. The operating system lets go of it when the process dies. On
// PostgreSQL, where servers run side by side, it holds nothing.
func Lock(url string) (release func() error, err error) {
	at, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	if at.engine == Postgres {
		return func() error { return nil }, nil
	}
	if info, err := os.Stat(at.dsn); err == nil && info.IsDir() {
		return nil, fmt.Errorf("database %s is a directory: give the path of a file in it", at.dsn)
	}
	path := at.dsn + ".lock"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("database %s cannot be locked: %w", at.dsn, err)
	}
	if err := lockFile(f); err != nil {
		if errors.Is(err, errLocked) {
			return nil, errors.Join(fmt.Errorf("database %s is in use by another hostfront: stop it first", at.dsn), f.Close())
		}
		return nil, errors.Join(fmt.Errorf("database %s cannot be locked: %w", at.dsn, err), f.Close())
	}
	// The file stays: removing it would let a third process lock a new file of
	// the same name while a second one waits on this one.
	return func() error { return errors.Join(unlockFile(f), f.Close()) }, nil
}
