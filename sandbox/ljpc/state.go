package ljpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// state is everything that calls change, as it is kept in the StateFile.
type state struct {
	LastOrder, LastSite, LastContact int64

	Contacts map[string]*Contact // by handle
	Domains  map[string]*Domain  // by name
	Zones    map[string]*Zone    // by name
	Sites    map[int64]*Site
	Orders   map[int64]*Order
	Tokens   map[string]*Token // single sign-on, by token
	Effects  []Effect
}

// Effect is something that the world outside has done for an account, for audits.
type Effect struct {
	At time.Time
	// Op is the operation that caused it: "orders.create", "domains.register",
	// "contacts.create", or "deliver" and "renew" for what happened by itself.
	Op, Account string
	// Subject is the order's id, the domain or the handle; Reference the order's
	// external_reference.
	Subject, Reference string
}

func emptyState() state {
	return state{
		LastOrder: 10000, LastSite: 5000,
		Contacts: map[string]*Contact{}, Domains: map[string]*Domain{}, Zones: map[string]*Zone{},
		Sites: map[int64]*Site{}, Orders: map[int64]*Order{}, Tokens: map[string]*Token{},
	}
}

// openState reads the StateFile, when there is one, and makes the saver.
func (s *Server) openState() error {
	s.state = emptyState()
	path := s.options.StateFile
	if path != "" {
		b, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		default:
			if err := json.Unmarshal(b, &s.state); err != nil {
				return fmt.Errorf("%s is not a state file: %w", path, err)
			}
		}
	}
	for id, o := range s.state.Orders {
		if !o.finished() {
			s.open[id] = true
		}
	}
	s.saver = &saver{path: path, snapshot: s.snapshot, count: s.changed}
	return nil
}

func (s *Server) snapshot() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.state)
}

func (s *Server) changed() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changes
}

// Save writes the state to the StateFile now.
func (s *Server) Save() error { return s.saver.save() }

func (s *Server) effect(op, account, subject, reference string, at time.Time) {
	s.state.Effects = append(s.state.Effects, Effect{At: at, Op: op, Account: account, Subject: subject, Reference: reference})
}
