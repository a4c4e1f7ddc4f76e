package arch_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// unfinished finds what is left for later: in the text it becomes an issue, with
// a number, or is done.
var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX|HA` + `CK)\b`)

func leftForLater(file, text string) (complaints []string) {
	for i, line := range strings.Split(text, "\n") {
		if word := unfinished.FindString(line); word != "" {
			complaints = append(complaints, fmt.Sprintf("%s:%d: %s", file, i+1, word))
		}
	}
	return complaints
}

func TestNothingIsLeftForLater(t *testing.T) {
	t.Parallel()
	list := exec.Command("git", "ls-files", "-co", "--exclude-standard", "--", "*.go", "*.sql", "*.yaml", ".ci", "docs", "*.md")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Skipf("not a git checkout: %v", err)
	}
	for _, file := range strings.Fields(string(out)) {
		text, err := os.ReadFile("../" + file)
		if os.IsNotExist(err) {
			continue // deleted, and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		report(t, leftForLater(file, string(text)))
	}
	caught(t, "a note to self", leftForLater("x.go", "x := 1 // TO"+"DO: two"))
	spared(t, "a word that holds one", leftForLater("x.go", "// TO"+"DOS is an operating system"))
}
