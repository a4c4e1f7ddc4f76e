package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// sources are the program's own Go files, as text by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../sandbox") {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = string(b)
		return err
	})
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	return files
}

// documented wants every match of a pattern in the sources explained in a document.
func documented(t *testing.T, doc, pattern string, least int) {
	t.Helper()
	explained, find := text(t, "../docs/"+doc), regexp.MustCompile(pattern)
	found := map[string]bool{}
	for path, source := range sources(t) {
		for _, match := range find.FindAllStringSubmatch(source, -1) {
			found[match[1]] = true
			if !strings.Contains(explained, "`"+match[1]+"`") {
				t.Errorf("docs/%s does not explain %s, which is in %s", doc, match[1], path)
			}
		}
	}
	if len(found) < least {
		t.Errorf("only %d were found by %s", len(found), pattern)
	}
}

func TestEveryAlarmIsDocumented(t *testing.T) {
	t.Parallel()
	documented(t, "operating.md", `event\.Alarm\{\s*Code: "([a-z_.]+)"`, 10)
	documented(t, "operating.md", `(?m)^(?:const\s|\t)[aA]larm\w+\s*= "([a-z_.]+)"`, 8)
}

func TestEveryCodeOfAProblemIsDocumented(t *testing.T) {
	t.Parallel()
	documented(t, "api.md", `fault\.New\(fault\.\w+, "([a-z_0-9]+)"`, 40)
}

func TestEveryOperationOfTheAPIIsListedAsItIs(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(text(t, "../docs/api.md"), "\n## Every operation\n")
	if !found {
		t.Fatal("docs/api.md does not list the operations")
	}
	listed := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `.*$").FindAllString(list, -1) {
		listed[row] = true
	}
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			row := "| `" + method + " " + path + "`"
			if who := operation.Security; who != nil && len(*who) > 0 && (*who)[0]["customer"] != nil {
				row += " (C)"
			}
			row += " | " + operation.Summary + " |"
			if !listed[row] {
				t.Errorf("docs/api.md does not list, under %q:\n%s", operation.Tags[0], row)
			}
			delete(listed, row)
		}
	}
	for row := range listed {
		t.Errorf("docs/api.md lists what openapi.yaml does not have:\n%s", row)
	}
}

func TestEveryMetricIsDocumented(t *testing.T) {
	t.Parallel()
	documented(t, "operating.md", `Name: "(hostfront_[a-z_]+)"`, 2)
}

func TestEveryJobIsDocumentedWithItsTime(t *testing.T) {
	t.Parallel()
	a := opened(t, shop(t))
	defer closed(t, a)
	doc := text(t, "../docs/operating.md")
	jobs, err := a.Jobs.Jobs(t.Context())
	if err != nil || len(jobs) < 8 {
		t.Fatalf("%d jobs: %v", len(jobs), err)
	}
	for _, job := range jobs {
		if !strings.Contains(doc, "| `"+job.Name+"` |") {
			t.Errorf("docs/operating.md does not list %s", job.Name)
		}
	}
}

func TestEveryLinkBetweenDocumentsLeadsSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil || len(pages) < 8 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	for _, page := range pages {
		for _, match := range link.FindAllStringSubmatch(text(t, page), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), match[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", page, match[1])
			}
		}
	}
}

func TestTheREADMEIsReadInOneGo(t *testing.T) {
	t.Parallel()
	readme := text(t, "../README.md")
	if lines := strings.Count(readme, "\n"); lines > 135 {
		t.Errorf("%d lines", lines)
	}
	for _, command := range []string{"go run . demo", "go test ./..."} {
		if !strings.Contains(readme, command) {
			t.Errorf("it does not say %q", command)
		}
	}
}
