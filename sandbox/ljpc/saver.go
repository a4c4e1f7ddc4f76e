package ljpc

import (
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// saveGap is the least time between two writes of the state.
const saveGap = 250 * time.Millisecond

// saver writes the state to a file some time after it changed: many changes make
// one write. Without a path it does nothing.
type saver struct {
	path     string
	snapshot func() ([]byte, error)
	log      *slog.Logger

	dirty chan struct{}
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
	mu    sync.Mutex // one write at a time
}

func newSaver(path string, snapshot func() ([]byte, error), log *slog.Logger) *saver {
	s := &saver{
		path: path, snapshot: snapshot, log: log,
		dirty: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	if path == "" {
		close(s.done)
		return s
	}
	go s.run()
	return s
}

func (s *saver) changed() {
	select {
	case s.dirty <- struct{}{}:
	default:
	}
}

func (s *saver) run() {
	defer close(s.done)
	for {
		select {
		case <-s.stop:
			return
		case <-s.dirty:
		}
		if err := s.save(); err != nil {
			s.log.Error("sandbox ljpc: state not saved", "error", err)
		}
		gap := time.NewTimer(saveGap)
		select {
		case <-s.stop:
			gap.Stop()
			return
		case <-gap.C:
		}
	}
}

// save replaces the file by a new one, whole or not at all.
func (s *saver) save() error {
	if s.path == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
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
	return os.Rename(s.path+".new", s.path)
}

func (s *saver) close() error {
	s.once.Do(func() { close(s.stop) })
	<-s.done
	return s.save()
}
