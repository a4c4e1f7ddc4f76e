package arch_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// module is the module's path and the start of every import of our own.
const module = "hostfront"

// room is one package of the module: its files without the tests, with types.
type room struct {
	// path is the import path below the module: "billing/stripe", "" for main.
	path    string
	name    string
	imports []string // of our own, as paths below the module
	outside []string // of others
	fset    *token.FileSet
	files   []*ast.File
	types   *types.Package
	info    *types.Info
}

// where is a position as file:line below the root of the repository.
func (r *room) where(n ast.Node) string {
	at := r.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", filepath.ToSlash(filepath.Join(r.path, filepath.Base(at.Filename))), at.Line)
}

// file is the path of the file that n is in, below the root.
func (r *room) file(n ast.Node) string {
	file, _, _ := strings.Cut(r.where(n), ":")
	return file
}

// repository is everything the rules look at.
type repository struct {
	rooms  []*room
	export map[string]string // import path -> file with its exported types
	broken []error           // rooms that do not compile, and are seen in part
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles, Imports              []string
	Module                        *struct{ Path string }
	Error                         *struct{ Err string }
}

// load reads the module once: the compiler's own view of it, from go list.
var load = sync.OnceValues(func() (*repository, error) {
	list := exec.Command("go", "list", "-e", "-deps", "-export", "-json=ImportPath,Dir,Name,Export,GoFiles,Imports,Module,Error", "./...")
	list.Dir = ".."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	repo := &repository{export: map[string]string{}}
	var ours []listed
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Export != "" {
			repo.export[p.ImportPath] = p.Export
		}
		if p.Module != nil && p.Module.Path == module && len(p.GoFiles) > 0 {
			ours = append(ours, p)
		}
	}
	for _, p := range ours {
		r, err := repo.read(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		repo.rooms = append(repo.rooms, r)
	}
	return repo, nil
})

func (repo *repository) read(p listed) (*room, error) {
	r := &room{path: below(p.ImportPath), name: p.Name, fset: token.NewFileSet()}
	for _, i := range p.Imports {
		if i == module || strings.HasPrefix(i, module+"/") {
			r.imports = append(r.imports, below(i))
		} else {
			r.outside = append(r.outside, i)
		}
	}
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(r.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		r.files = append(r.files, f)
	}
	if err := repo.check(r, p.ImportPath); err != nil {
		repo.broken = append(repo.broken, err)
	}
	return r, nil
}

// check finds the types of everything in a room; what it imports comes from the
// compiler.
func (repo *repository) check(r *room, path string) error {
	r.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Uses:  map[*ast.Ident]types.Object{},
		Defs:  map[*ast.Ident]types.Object{},
	}
	open := func(path string) (io.ReadCloser, error) {
		file, ok := repo.export[path]
		if !ok {
			return nil, fmt.Errorf("%s does not compile", path)
		}
		return os.Open(file)
	}
	conf := types.Config{
		Importer: importer.ForCompiler(r.fset, "gc", open),
		Error:    func(error) {}, // go on after the first: half a view beats none
	}
	types, err := conf.Check(path, r.fset, r.files, r.info)
	r.types = types
	return err
}

func below(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

// sources is the repository, or the end of the test.
func sources(t *testing.T) *repository {
	t.Helper()
	repo, err := load()
	if err != nil {
		t.Fatalf("read the module: %v", err)
	}
	if len(repo.rooms) < 3 {
		t.Fatalf("only %d packages were found", len(repo.rooms))
	}
	return repo
}

func TestEveryPackageIsSeenWhole(t *testing.T) {
	t.Parallel()
	for _, err := range sources(t).broken {
		t.Errorf("does not compile: %v", err)
	}
}

// sample is a room made of text, to show that a rule catches it.
func sample(t *testing.T, path string, files map[string]string) *room {
	t.Helper()
	repo := sources(t)
	r := &room{path: path, fset: token.NewFileSet()}
	for name, text := range files {
		f, err := parser.ParseFile(r.fset, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		r.files, r.name = append(r.files, f), f.Name.Name
		for _, i := range f.Imports {
			if ours := strings.Trim(i.Path.Value, `"`); strings.HasPrefix(ours, module+"/") {
				r.imports = append(r.imports, below(ours))
			}
		}
	}
	if err := repo.check(r, module+"/"+path); err != nil {
		t.Fatal(err)
	}
	return r
}

// exceptions are places that a rule lets through, each with its reason. Every
// one must be of use: a rule does not carry a list of the past.
type exceptions struct {
	reasons map[string]string
	used    map[string]bool
}

func except(reasons map[string]string) *exceptions {
	return &exceptions{reasons: reasons, used: map[string]bool{}}
}

func (e *exceptions) has(what string) bool {
	_, ok := e.reasons[what]
	if ok {
		e.used[what] = true
	}
	return ok
}

// stale complains of exceptions that nothing needs, unless a sample is judged.
func (e *exceptions) stale() (complaints []string) {
	for what, reason := range e.reasons {
		if !e.used[what] {
			complaints = append(complaints, fmt.Sprintf("the exception for %s (%s) is not needed any more", what, reason))
		}
	}
	return complaints
}

func report(t *testing.T, complaints []string) {
	t.Helper()
	for _, c := range complaints {
		t.Error(c)
	}
}

// caught fails the test when a rule has nothing to say of its sample.
func caught(t *testing.T, what string, complaints []string) {
	t.Helper()
	if len(complaints) == 0 {
		t.Errorf("%s: the rule does not catch its sample", what)
	}
}

// spared fails the test when a rule complains of what is fine.
func spared(t *testing.T, what string, complaints []string) {
	t.Helper()
	for _, c := range complaints {
		t.Errorf("%s is fine, but: %s", what, c)
	}
}
