package app

import (
	"context"
	"io"
)

// Doctor is written below by section.
func Doctor(ctx context.Context, c Config, out io.Writer) error { return nil }
