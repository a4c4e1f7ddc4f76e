package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hostfront/app"
	"hostfront/clock"
)

// startRun is one start of the real program on a database that has the catalogue.
type startRun struct {
	// page is until the first page of products is answered with 200, ready until
	// /readyz is.
	page, ready time.Duration
	// idle is the resident memory after a while in which nothing was asked, in MB;
	// heap what Go holds of it.
	idle float64
}

// build compiles the real program.
func build(ctx context.Context, dir string) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	binary := filepath.Join(dir, "hostfront")
	command := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	command.Dir, command.Stderr = strings.TrimSpace(string(root)), os.Stderr
	return binary, command.Run()
}

// prepare makes a database with the whole catalogue, mirrored and priced.
func prepare(ctx context.Context, dir, upstream string) (string, error) {
	path := filepath.Join(dir, "start.db")
	a, err := app.Open(ctx, config(path, upstream), app.Options{Log: quietly()})
	if err != nil {
		return "", err
	}
	return path, errors.Join(furnish(ctx, a), a.Close())
}

// startOnce starts the program, waits for its first answers, leaves it alone for a
// while and reads its memory.
func startOnce(ctx context.Context, binary, database, upstream string, idle time.Duration) (run startRun, err error) {
	address, err := freeAddress()
	if err != nil {
		return run, err
	}
	command := exec.CommandContext(ctx, binary, "serve")
	command.Dir, command.Stderr = filepath.Dir(database), os.Stderr
	command.Env = []string{
		"HOSTFRONT_LISTEN=" + address, "DATABASE_URL=" + database, "HOSTFRONT_SECRET_KEY=" + secretKey, "HOSTFRONT_LOG_LEVEL=error",
		"LJPC_API_KEY=" + upstreamKey, "LJPC_BASE_URL=" + upstream,
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		return run, err
	}
	defer func() {
		err = errors.Join(err, command.Process.Signal(syscall.SIGTERM), command.Wait())
	}()
	if run.page, err = firstAnswer(ctx, "http://"+address+pagePath, began); err != nil {
		return run, err
	}
	if run.ready, err = firstAnswer(ctx, "http://"+address+"/readyz", began); err != nil {
		return run, err
	}
	select {
	case <-ctx.Done():
		return run, ctx.Err()
	case <-clock.After(idle):
	}
	run.idle, err = resident(command.Process.Pid, "VmRSS")
	return run, err
}

// firstAnswer asks until the answer is 200.
func firstAnswer(ctx context.Context, url string, began time.Time) (time.Duration, error) {
	client := &http.Client{Timeout: time.Second}
	for time.Since(began) < 30*time.Second && ctx.Err() == nil {
		response, err := client.Get(url)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return time.Since(began), nil
			}
		}
		<-clock.After(time.Millisecond)
	}
	return 0, fmt.Errorf("%s did not answer 200 in %s", url, time.Since(began))
}

// freeAddress is one that nobody listens on now.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// resident is what the kernel counts of a process's memory, in MB: VmRSS is what it holds,
// VmHWM the most it has held.
func resident(pid int, what string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, what+":"); found {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1000, err
		}
	}
	return 0, errors.New("the kernel says nothing of " + what)
}

// starts are the bars on the start of the real program and its idle memory.
func starts(ctx context.Context, o settings) ([]result, error) {
	w := &world{}
	defer w.Close()
	upstream, err := w.startUpstream(products(productsOfBar), tlds(tldsOfBar))
	if err != nil {
		return nil, err
	}
	binary, err := build(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	database, err := prepare(ctx, o.dir, upstream)
	if err != nil {
		return nil, err
	}
	var pages, readies, idles, bares []float64
	for range o.rounds {
		run, err := startOnce(ctx, binary, database, upstream, o.idle)
		if err != nil {
			return nil, err
		}
		bare, err := versionTime(ctx, binary)
		if err != nil {
			return nil, err
		}
		pages, readies = append(pages, milliseconds(run.page)), append(readies, milliseconds(run.ready))
		idles, bares = append(idles, run.idle), append(bares, milliseconds(bare))
	}
	return []result{{
		name: "start to the first 200", value: median(pages), unit: "ms", bar: 300,
		peer: fmt.Sprintf("`hostfront version`, the same program doing nothing: %s ms", number(median(bares))),
		note: fmt.Sprintf("50 products; median of %d, %s; /readyz %s ms", len(pages), spread(pages), number(median(readies))),
	}, {
		name: "resident memory, idle, whole catalogue", value: median(idles), unit: "MB", bar: 80,
		note: fmt.Sprintf("VmRSS %s after the start; median of %d, %s", o.idle, len(idles), spread(idles)),
	}}, nil
}

// versionTime is how long the program takes to start and end when it does nothing.
func versionTime(ctx context.Context, binary string) (time.Duration, error) {
	began := time.Now()
	err := exec.CommandContext(ctx, binary, "version").Run()
	return time.Since(began), err
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
