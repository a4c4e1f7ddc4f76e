package ljpc

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// Server is the sandbox. Safe for concurrent use.
type Server struct {
	options Options
	mux     *http.ServeMux
	closed  chan struct{}
	saver   *saver
	// changes counts the calls that changed the state.
	changes int64

	mu       sync.Mutex
	random   *rand.Rand
	keys     map[string]*Key
	tlds     map[string]TLD
	products map[string]Product
	pages    pages
	prices   map[string]DomainPrice // names with a price of their own
	state    state
	open     map[int64]bool // orders that are not finished
	faults   []*Fault
	calls    map[string]int
}

// New is a sandbox with the state of its StateFile, or an empty one.
func New(o Options) (*Server, error) {
	o.fillDefaults()
	s := &Server{
		options: o, closed: make(chan struct{}),
		random: rand.New(rand.NewPCG(o.Seed, 0x6c6a7063)),
		keys:   map[string]*Key{}, tlds: map[string]TLD{}, products: map[string]Product{},
		prices: map[string]DomainPrice{}, calls: map[string]int{}, open: map[int64]bool{},
	}
	for _, k := range o.Keys {
		s.keys[k.Secret] = &k
	}
	for _, t := range o.TLDs {
		s.tlds[t.Name] = t
	}
	for _, p := range o.Products {
		s.products[p.UUID] = p
	}
	for _, f := range o.Faults {
		if err := s.addFault(f); err != nil {
			return nil, err
		}
	}
	if err := s.openState(); err != nil {
		return nil, fmt.Errorf("sandbox ljpc: %w", err)
	}
	s.rebuildPages()
	s.mux = s.routes()
	return s, nil
}

// ServeHTTP answers as LJPc does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends waiting answers and writes the state out.
func (s *Server) Close() error {
	select {
	case <-s.closed:
		return nil
	default:
		close(s.closed)
	}
	return s.saver.save()
}

// Withhold takes permissions away from a key, as LJPc's staff would.
func (s *Server) Withhold(secret string, permissions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.keys[secret]; k != nil {
		k.Without = append(k.Without, permissions...)
	}
}

// Grant gives permissions back.
func (s *Server) Grant(secret string, permissions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.keys[secret]; k != nil {
		k.Without = slices.DeleteFunc(k.Without, func(p string) bool { return slices.Contains(permissions, p) })
	}
}

// uuid is a version 4 UUID from the seed. The lock is held.
func (s *Server) uuid() string { return uuidOf(s.random.Uint64(), s.random.Uint64()) }

func uuidOf(a, b uint64) string {
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

// token is unguessable enough for a sandbox. The lock is held.
func (s *Server) token() string {
	return fmt.Sprintf("%016x%016x", s.random.Uint64(), s.random.Uint64())
}
