package ljpc

import (
	"os"
	"path/filepath"
	"sync"
)

// saver writes the state to a file before an answer tells of a change, so that a process that is
// killed has forgotten nothing that was answered. Changes that come while it writes share the next
// write. Without a path it does nothing.
type saver struct {
	path     string
	snapshot func() ([]byte, error)
	// count is how many changes there are, in the order in which the server's lock has them.
	count func() int64

	mu    sync.Mutex // one write at a time
	saved int64      // how many changes the file has
}

// keep returns once the file has a change, which is given by its count.
func (s *saver) keep(change int64) error {
	if s.path == "" || change == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saved >= change {
		return nil
	}
	return s.write()
}

// save writes the file now.
func (s *saver) save() error {
	if s.path == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write()
}

// write replaces the file by a new one, whole or not at all. The lock is held.
func (s *saver) write() error {
	has := s.count() // what comes meanwhile may be in the snapshot, and is written once more
	b, err := s.snapshot()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(s.path+".new", b, 0o600); err != nil {
		return err
	}
	if err := os.Rename(s.path+".new", s.path); err != nil {
		return err
	}
	s.saved = has
	return nil
}
