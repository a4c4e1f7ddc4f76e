// Command hostfront is the whole back end of a white-label shop for domains,
// hosting, servers and certificates. This file parses the command line; what the
// commands do lives in app.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"hostfront/app"

	"github.com/alecthomas/kong"
	"github.com/joho/godotenv"
)

func main() {
	if err := godotenv.Load(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		fail(fmt.Errorf("read .env: %w", err))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	dropEmpty()
	var c commands
	parser := kong.Must(&c, kong.Name("hostfront"), kong.ShortUsageOnError(),
		kong.Description("The back end of a white-label shop for domains, hosting, servers and certificates."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if command.Command() != "doctor" { // which says it among the rest
		for _, line := range app.Misnamed(os.Environ()) {
			fmt.Fprintln(os.Stderr, "hostfront:", line)
		}
	}
	if err := command.Run(); err != nil {
		fail(err)
	}
}

// dropEmpty forgets variables that are set to nothing: they mean the default, as
// a line of .env without a value does.
func dropEmpty() {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); value == "" && name != "" {
			os.Unsetenv(name)
		}
	}
}

// fail ends with the reason in one line, and exit status 1.
func fail(err error) {
	fmt.Fprintln(os.Stderr, "hostfront:", err)
	os.Exit(1)
}
