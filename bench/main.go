package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"time"
)

// settings are the sizes of a run.
type settings struct {
	dir                              string
	rounds, orders, buyers, renewals int
	rate                             float64
	each, idle                       time.Duration
}

// defaults are the sizes that the bars are measured at.
func defaults() settings {
	return settings{
		rounds: 7, each: time.Second, orders: 6000, buyers: 32, rate: 120, renewals: 20_000, idle: 5 * time.Second,
	}
}

// measures are what can be measured, in the order of the table.
var measures = []struct {
	name string
	run  func(context.Context, settings) ([]result, error)
}{
	{"disk", disks}, {"page", pages}, {"sync", syncs}, {"orders", ordering}, {"renewals", renewing}, {"start", starts},
}

func main() {
	if webhook, is := os.LookupEnv(providerEnv); is {
		exit(beProvider(webhook))
	}
	o := defaults()
	only := flag.String("only", "", "measure only these, separated by commas: disk, page, sync, orders, renewals, start")
	flag.IntVar(&o.rounds, "rounds", o.rounds, "rounds of page, sync and start, of which the median counts")
	flag.DurationVar(&o.each, "each", o.each, "how long a round of page and disk lasts")
	flag.IntVar(&o.orders, "orders", o.orders, "orders of a run")
	flag.IntVar(&o.buyers, "buyers", o.buyers, "customers who order at once")
	flag.Float64Var(&o.rate, "rate", o.rate, "orders that come in a second")
	flag.IntVar(&o.renewals, "renewals", o.renewals, "renewals that are due")
	flag.DurationVar(&o.idle, "idle", o.idle, "how long the program is left alone before its memory is read")
	flag.StringVar(&o.dir, "dir", "", "folder for the databases, on the disk to be measured; a temporary one when empty")
	profile := flag.String("cpuprofile", "", "write a CPU profile here")
	flag.Parse()
	exit(profiled(*profile, func() error { return run(o, *only) }))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run measures, prints the table and fails when a bar is missed.
func run(o settings, only string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	wanted, err := choose(only)
	if err != nil {
		return err
	}
	if o.dir, err = os.MkdirTemp(o.dir, "hostfront-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(o.dir)
	fmt.Printf("%s %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	var results []result
	for _, m := range measures {
		if !wanted[m.name] {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring", m.name)
		more, err := m.run(ctx, o)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		results = append(results, more...)
	}
	if missed := table(os.Stdout, results); missed > 0 {
		return fmt.Errorf("%d bars missed", missed)
	}
	return nil
}

func choose(only string) (map[string]bool, error) {
	wanted := map[string]bool{}
	for _, m := range measures {
		wanted[m.name] = only == ""
	}
	for name := range strings.SplitSeq(only, ",") {
		if _, known := wanted[name]; !known && name != "" {
			return nil, errors.New("there is nothing called " + name + " to measure")
		}
		wanted[name] = true
	}
	return wanted, nil
}

// world opens a world in a folder of its own.
func (o settings) world(ctx context.Context, w worldOptions) (*world, error) {
	dir, err := os.MkdirTemp(o.dir, "world-")
	if err != nil {
		return nil, err
	}
	w.Dir = dir
	return openWorld(ctx, w)
}
