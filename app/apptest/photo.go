package apptest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hostfront/db/dbtest"
	"hostfront/sandbox/ljpc"
	"hostfront/sandbox/pay"
)

// Photo is a small world at an instant, of which any number of copies can be opened:
// what a hundred tests begin with is walked through once.
type Photo struct {
	outside    Outside
	options    []Option
	plot       plot
	folder     string // the stand-ins' state
	letters    []Letter
	adminToken string
	entropy    *entropy
}

// The stand-ins' state in a photo's folder.
const (
	ljpcState = "ljpc.json"
	payState  = "pay.jsonl"
)

// Photograph opens a small, seeded world, has happen in it what do does, and takes its
// picture with the shop switched off. Faults and misdirected webhooks are not in it.
func Photograph(t testing.TB, outside Outside, do func(*World), options ...Option) *Photo {
	t.Helper()
	p := &Photo{outside: outside.small(), folder: t.TempDir(), options: options}
	w := open(t, p.outside.keptIn(p.folder), slices.Concat(options, []Option{Seeded(1)})...)
	do(w)
	p.entropy = w.options.Entropy.(*entropy).copy()
	p.plot = plot{database: w.config.DatabaseURL, time: w.Time.Now(), steady: w.Steady.Now()}
	p.letters, p.adminToken = w.Post.Letters(), w.AdminToken
	w.close()
	return p
}

// Open is a copy of the world, as it stood then and independent of every other.
func (p *Photo) Open(t testing.TB) *World {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{ljpcState, payState} {
		content, err := os.ReadFile(filepath.Join(p.folder, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), content, 0o600)
		}
		if err != nil {
			t.Fatalf("develop a photo: %v", err)
		}
	}
	on := p.plot
	on.database = dbtest.CopyOf(t, p.plot.database)
	w := build(t, p.outside.keptIn(folder), on, slices.Concat(p.options, []Option{drawnFrom(p.entropy.copy())})...)
	w.AdminToken = p.adminToken
	w.Post.keep(p.letters)
	return w
}

// keptIn is the same outside, whose state is in a folder.
func (o Outside) keptIn(folder string) Outside {
	return Outside{
		LJPC: func(l *ljpc.Options) {
			o.LJPC(l)
			l.StateFile = filepath.Join(folder, ljpcState)
		},
		Pay: func(p *pay.Options) {
			if o.Pay != nil {
				o.Pay(p)
			}
			p.StateFile = filepath.Join(folder, payState)
		},
	}
}
