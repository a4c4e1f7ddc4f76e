package sim_test

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets garbage wait: a small world makes much of it and keeps little.
func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(2 << 30)
	os.Exit(m.Run())
}
