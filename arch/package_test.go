package arch_test

import (
	"fmt"
	"go/ast"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layers are names that say how, never what.
var layers = []string{
	"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "interfaces",
	"services", "repository", "repositories", "controllers", "handlers", "dto", "pkg", "internal", "misc", "shared", "base", "core", "lib",
}

func unnamed(rooms []*room) (complaints []string) {
	for _, r := range rooms {
		for _, part := range strings.Split(r.path, "/") {
			if slices.Contains(layers, part) {
				complaints = append(complaints, fmt.Sprintf("%s: %q names a layer, not a subject", r.path, part))
			}
		}
		if last := path.Base(r.path); r.path != "" && r.name != last && r.name != "main" {
			complaints = append(complaints, fmt.Sprintf("%s holds package %s", r.path, r.name))
		}
	}
	return complaints
}

func TestPackagesAreNamedAfterTheirSubject(t *testing.T) {
	t.Parallel()
	report(t, unnamed(sources(t).rooms))
	caught(t, "a layer", unnamed([]*room{{path: "billing/models", name: "models"}}))
	caught(t, "another name", unnamed([]*room{{path: "billing/stripe", name: "gateway"}}))
}

// undocumented wants one package comment a room, in doc.go or in the file that
// has the package's name, that starts as godoc wants it.
func undocumented(rooms []*room) (complaints []string) {
	for _, r := range rooms {
		starts := "Package " + r.name + " "
		if r.name == "main" {
			starts = "" // a program says what it is called and does
		}
		var comments int
		for _, f := range r.files {
			if f.Doc == nil {
				continue
			}
			comments++
			if file := filepath.Base(r.file(f)); file != "doc.go" && file != r.name+".go" {
				complaints = append(complaints, fmt.Sprintf("%s: the package comment belongs in doc.go", r.where(f)))
			}
			if !strings.HasPrefix(f.Doc.Text(), starts) {
				complaints = append(complaints, fmt.Sprintf("%s: the package comment does not start with %q", r.where(f), starts))
			}
		}
		if comments != 1 {
			complaints = append(complaints, fmt.Sprintf("%q has %d package comments, want one", r.path, comments))
		}
	}
	return complaints
}

func TestEveryPackageSaysOnceWhatItOwns(t *testing.T) {
	t.Parallel()
	report(t, undocumented(sources(t).rooms))
}

func TestTheRuleOnPackageCommentsCatches(t *testing.T) {
	t.Parallel()
	for what, files := range map[string]map[string]string{
		"none":      {"doc.go": "package x"},
		"two":       {"doc.go": "// Package x is.\npackage x", "y.go": "// Package x is too.\npackage x"},
		"elsewhere": {"y.go": "// Package x is.\npackage x"},
		"unlike":    {"doc.go": "// The x.\npackage x"},
	} {
		caught(t, what, undocumented([]*room{sample(t, "x", files)}))
	}
	spared(t, "one", undocumented([]*room{sample(t, "x", map[string]string{"doc.go": "// Package x is.\npackage x", "y.go": "package x"})}))
}

// unexplained are exported names without a comment. Generated code is sqlc's.
func unexplained(rooms []*room) (complaints []string) {
	for _, r := range rooms {
		for _, f := range r.files {
			if ast.IsGenerated(f) {
				continue
			}
			for _, d := range f.Decls {
				if name := bare(d); name != "" {
					complaints = append(complaints, fmt.Sprintf("%s: %s is exported and has no comment", r.where(d), name))
				}
			}
		}
	}
	return complaints
}

// bare is the first exported name of a declaration that nothing explains, or "".
func bare(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && (d.Recv == nil || receiver(d).IsExported()) {
			return d.Name.Name
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if d.Doc == nil && s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
					return s.Name.Name
				}
			case *ast.ValueSpec:
				if d.Doc == nil && s.Doc == nil && s.Comment == nil && s.Names[0].IsExported() {
					return s.Names[0].Name
				}
			}
		}
	}
	return ""
}

func receiver(d *ast.FuncDecl) *ast.Ident {
	e := d.Recv.List[0].Type
	for {
		switch at := e.(type) {
		case *ast.StarExpr:
			e = at.X
		case *ast.IndexExpr:
			e = at.X
		case *ast.Ident:
			return at
		default:
			return ast.NewIdent("_")
		}
	}
}

func TestWhatIsExportedIsExplained(t *testing.T) {
	t.Parallel()
	report(t, unexplained(sources(t).rooms))
	for _, text := range []string{"func F() {}", "type T int", "var V = 1", "const C = 1", "// T is.\ntype T int\nfunc (T) M() {}"} {
		caught(t, text, unexplained([]*room{sample(t, "x", map[string]string{"doc.go": "package x\n" + text})}))
	}
	spared(t, "explained", unexplained([]*room{sample(t, "x", map[string]string{"doc.go": "package x\n// C is.\nconst C = 1\ntype t int\nfunc (t) M() {}"})}))
}
