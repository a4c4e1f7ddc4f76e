package sim_test

import (
	"strings"
	"sync"

	"hostfront/app/apptest"
)

// power is the shop's: once it is armed it goes at one of the boundaries that follow
// (before and after each commit, each outside call, each mail), and then nothing
// passes any more until it is back.
type power struct {
	mu   sync.Mutex
	left int // boundaries until it goes; 0 for not armed
	off  bool
	// where counts the cuts by the kind of boundary.
	where map[string]int
}

func newPower() *power { return &power{where: map[string]int{}} }

// arm has the power go at the n-th boundary from now.
func (p *power) arm(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = n
}

// restore brings the power back.
func (p *power) restore() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left, p.off = 0, false
}

// dead says whether the power is off.
func (p *power) dead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.off
}

// point is app.Options.Cut.
func (p *power) point(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.off {
		return apptest.ErrCut
	}
	if p.left == 0 {
		return nil
	}
	if p.left--; p.left > 0 {
		return nil
	}
	p.off = true
	kind, _, _ := strings.Cut(name, " ")
	p.where[kind]++
	return apptest.ErrCut
}
