package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"

	"hostfront/clock"
)

// startProviderProcess runs this program again as the payment provider and says
// where it listens. It ends with its standard input, so it never outlives us.
func startProviderProcess(ctx context.Context, webhook string) (string, func() error, error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	child := exec.CommandContext(ctx, self)
	child.Env = append(os.Environ(), providerEnv+"="+webhook)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := child.Start(); err != nil {
		return "", nil, fmt.Errorf("start the payment provider: %w", err)
	}
	stop := func() error {
		in.Close()
		return child.Wait()
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("the payment provider says nothing: %w", err)
	}
	return strings.TrimSpace(url), stop, nil
}

// providerEnv holds the shop's webhook endpoint in a process that is the provider.
const providerEnv = "HOSTFRONT_BENCH_PROVIDER_FOR"

// beProvider serves the stand-in payment provider until standard input ends.
func beProvider(webhook string) error {
	provider, err := newProvider(clock.System{}, webhook)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	provider.SetBaseURL(url)
	server := &http.Server{Handler: provider}
	go server.Serve(listener) //nolint:errcheck // it ends with the process
	fmt.Println(url)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return server.Close()
}
