package dbtest

import (
	"os"
	"testing"
)

// inMemory is a file system in memory that Linux has, and enoughRoom what must be
// free there (in bytes): a container may have next to nothing.
const (
	inMemory   = "/dev/shm"
	enoughRoom = 1 << 30
)

// folder is where a test's file lives. A test has nothing to keep, and waiting for
// the disk at each commit is most of its time: it lives in memory where that has
// room, else in the test's own folder.
func folder(t testing.TB) string {
	t.Helper()
	if room(inMemory) < enoughRoom {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(inMemory, "hostfront-test-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the test's database: %v", err)
		}
	})
	return dir
}
