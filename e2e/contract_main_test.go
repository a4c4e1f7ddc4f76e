package e2e

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
	"testing"
)

// executed is which operations of the document were executed with success.
var executed coverage

// coverage counts an operation's successes.
type coverage struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *coverage) add(operationID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	c.seen[operationID]++
}

// missing are those of the operations that never succeeded.
func (c *coverage) missing(operationIDs []string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var missing []string
	for _, id := range operationIDs {
		if c.seen[id] == 0 {
			missing = append(missing, id)
		}
	}
	sort.Strings(missing)
	return missing
}

// TestMain runs the tests and then asks whether they executed the whole API. A run
// of some tests alone is not asked.
func TestMain(m *testing.M) {
	flag.Parse()
	// Thousands of shops are opened and thrown away, of a few MB each: what is alive at once
	// is little, and looking through it is a tenth of the time. A small machine looks more often.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(3 << 30)
	code := m.Run()
	if code == 0 && wholeSuite() {
		if missing := executed.missing(contract.operationIDs()); len(missing) > 0 {
			fmt.Printf("operations of openapi.yaml that no test executed with success:\n  %s\n", strings.Join(missing, "\n  "))
			code = 1
		}
	}
	os.Exit(code)
}

func wholeSuite() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

func TestCoverageNamesAnOperationThatWasNeverExecuted(t *testing.T) {
	t.Parallel()
	var c coverage
	c.add("get-order")
	if got := c.missing([]string{"place-order", "get-order", "docs"}); strings.Join(got, " ") != "docs place-order" {
		t.Errorf("missing are %q", got)
	}
}
