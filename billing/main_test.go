package billing_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets the ordinary run draw the same properties each time, so that what is red there is red
// again; a longer run (-rapid.checks) or one with -rapid.seed draws its own.
func TestMain(m *testing.M) {
	flag.Parse()
	if isDefault("rapid.seed") && isDefault("rapid.checks") {
		if err := flag.Set("rapid.seed", "20261122"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
