package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// Sync mirrors the upstream's catalogue now and shows how far it is. It says itself
// how it ended: nothing is logged beside.
func Sync(ctx context.Context, c Config, out io.Writer) error {
	a, err := OpenBeside(ctx, c, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if c.LJPC.APIKey == "" {
		return errors.Join(errors.New("LJPC_API_KEY is missing: nothing can be mirrored without the upstream's key"), a.Close())
	}
	p := progress{out: out, live: isTerminal(out)}
	report, err := a.Catalog.Sync(ctx, p.show)
	p.end()
	if err == nil {
		fmt.Fprintf(out, "%d products and %d TLDs: %d added, %d changed, %d returned, %d withdrawn; %d costs moved, %d of them held\n", report.Products, report.TLDs,
			report.Added, report.Changed, report.Returned, report.Withdrawn, report.Prices, report.HeldUp+report.HeldDown)
		for _, skipped := range report.Skipped {
			fmt.Fprintln(out, "skipped:", skipped)
		}
	}
	return errors.Join(err, a.Close())
}

// progress is how far a sync is: on a terminal one line that changes, elsewhere a line
// for each stage that is through.
type progress struct {
	out     io.Writer
	live    bool
	written bool
}

func (p *progress) show(stage string, done, total int) {
	switch {
	case p.live:
		fmt.Fprintf(p.out, "\r%-24s %6d / %d", stage, done, total)
		p.written = true
	case done == total && total > 0:
		fmt.Fprintf(p.out, "%s: %d\n", stage, total)
	}
}

func (p *progress) end() {
	if p.written {
		fmt.Fprintln(p.out)
	}
}

// isTerminal says that what is written can be seen changing.
func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
