package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// stopTimeout is how long running tasks and requests may take to finish when the
// shop stops. A call that outlives it is found again by its lease.
const stopTimeout = 40 * time.Second

// Serve runs a shop until ctx ends.
func Serve(ctx context.Context, c Config, out io.Writer) error {
	a, err := Open(ctx, c, Options{})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("HOSTFRONT_LISTEN: %w", err), a.Close())
	}
	fmt.Fprintf(out, "hostfront %s listens on %s\n", Version(), listener.Addr())
	return errors.Join(a.Run(ctx, listener), a.Close())
}

// Run serves requests and does what is due until ctx ends, then lets what is
// under way finish.
func (a *App) Run(ctx context.Context, listener net.Listener) error {
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, listener.Close(), a.Stop())
	}
	failed := make(chan error, 1)
	go func() { failed <- a.API.Fiber().Listener(listener) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	return errors.Join(err, a.Stop())
}

// Start begins the work in the background: tasks, jobs, and the watch on the
// catalogue's version. Stop ends it.
func (a *App) Start(ctx context.Context) error {
	if err := a.Tasks.Start(ctx); err != nil {
		return err
	}
	if err := a.Jobs.Start(ctx); err != nil {
		return err
	}
	watching, end := context.WithCancel(ctx)
	a.background.Go(func() { <-a.draining; end() })
	a.background.Go(func() { a.Catalog.Watch(watching) })
	return nil
}

// Stop lets requests, jobs and tasks finish. It may be called without a Start.
func (a *App) Stop() error {
	a.EndStreams()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err := errors.Join(a.API.Fiber().ShutdownWithContext(ctx), a.Jobs.Stop(ctx), a.Tasks.Stop(ctx))
	a.background.Wait()
	return err
}
