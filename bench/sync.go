package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hostfront/app"
	"hostfront/money"
	"hostfront/sandbox/ljpc"
)

// syncRun is how long a sync took after the answers had arrived.
type syncRun struct {
	first, unchanged, repriced time.Duration
}

// syncOnce mirrors the whole catalogue into an empty database, then again, then again
// with the cost of every TLD and product moved.
func syncOnce(ctx context.Context, dir string) (run syncRun, err error) {
	w := &world{}
	defer w.Close()
	sold := products(productsOfBar)
	url, err := w.startUpstream(sold, tlds(tldsOfBar))
	if err != nil {
		return run, err
	}
	a, err := app.Open(ctx, config(filepath.Join(dir, "sync.db"), url), app.Options{Log: quietly()})
	if err != nil {
		return run, err
	}
	defer a.Close()
	if run.first, err = afterAnswers(ctx, a); err != nil {
		return run, err
	}
	if run.unchanged, err = afterAnswers(ctx, a); err != nil {
		return run, err
	}
	moved, err := w.startUpstream(dearer(sold), dearerTLDs(tlds(tldsOfBar)))
	if err != nil {
		return run, err
	}
	if err := a.Close(); err != nil {
		return run, err
	}
	if a, err = app.Open(ctx, config(filepath.Join(dir, "sync.db"), moved), app.Options{Log: quietly()}); err != nil {
		return run, err
	}
	run.repriced, err = afterAnswers(ctx, a)
	return run, err
}

// afterAnswers is how long a sync takes from the moment that the upstream has
// answered whole until its prices are published.
func afterAnswers(ctx context.Context, a *app.App) (time.Duration, error) {
	var answered time.Time
	report, err := a.Catalog.Sync(ctx, func(stage string, done, _ int) {
		if stage == "compare" && done == 0 && answered.IsZero() {
			answered = time.Now()
		}
	})
	took := time.Since(answered)
	if err != nil {
		return 0, err
	}
	if report.Products != productsOfBar || report.TLDs != tldsOfBar {
		return 0, fmt.Errorf("the sync saw %d products and %d TLDs", report.Products, report.TLDs)
	}
	return took, nil
}

func dearer(list []ljpc.Product) []ljpc.Product {
	for i := range list {
		for _, price := range []**money.Amount{&list[i].Monthly, &list[i].Yearly} {
			if *price != nil {
				*price = euros((*price).Minor + 1)
			}
		}
	}
	return list
}

func dearerTLDs(list []ljpc.TLD) []ljpc.TLD {
	for i := range list {
		list[i].Cost.Minor++
		list[i].List = euros(list[i].List.Minor + 1)
	}
	return list
}

// syncs are the bar on the mirror of the catalogue.
func syncs(ctx context.Context, o settings) ([]result, error) {
	var first, unchanged, repriced []time.Duration
	for range o.rounds {
		dir, err := os.MkdirTemp(o.dir, "sync-")
		if err != nil {
			return nil, err
		}
		run, err := syncOnce(ctx, dir)
		if err != nil {
			return nil, err
		}
		first, unchanged, repriced = append(first, run.first), append(unchanged, run.unchanged), append(repriced, run.repriced)
	}
	raw, err := rawInserts(ctx, o.dir, productsOfBar+tldsOfBar)
	if err != nil {
		return nil, err
	}
	return []result{{
		name: "sync of 1,500 TLDs and 500 products", value: float64(median(first).Milliseconds()), unit: "ms", bar: 1000,
		peer: fmt.Sprintf("as many bare inserts in one transaction: %d ms", raw.Milliseconds()),
		note: fmt.Sprintf("after the answers, into an empty mirror, median of %d; unchanged %d ms, every cost moved %d ms",
			o.rounds, median(unchanged).Milliseconds(), median(repriced).Milliseconds()),
	}}, nil
}
