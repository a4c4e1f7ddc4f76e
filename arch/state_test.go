package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// inits are functions that run because a package is imported.
func inits(rooms []*room) (complaints []string) {
	for _, r := range rooms {
		for _, f := range r.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					complaints = append(complaints, r.where(fn)+": init: what is needed is made by a constructor")
				}
			}
		}
	}
	return complaints
}

// mutableTypes are types that exist to be changed: a package variable of one is
// global state whoever writes it.
var mutableTypes = []string{"sync.", "sync/atomic.", "net/http.Client", "net/http.ServeMux", "log/slog.Logger", "math/rand.Rand"}

// stateExceptions remember something for the whole process, harmlessly.
func stateExceptions() *exceptions {
	return except(map[string]string{})
}

// globals are package variables that change: one that anything assigns to, adds
// to or takes the address of, and one of a type that exists to be changed.
func globals(rooms []*room, allowed *exceptions) (complaints []string) {
	for _, r := range rooms {
		for _, f := range r.files {
			ast.Inspect(f, func(n ast.Node) bool {
				for _, target := range written(n) {
					v := packageVariable(r, root(r, target))
					if v != nil && !allowed.has(r.path+"."+v.Name()) {
						complaints = append(complaints, fmt.Sprintf("%s: package variable %s is changed: state belongs to a value that a constructor makes", r.where(n), v.Name()))
					}
				}
				if id, ok := n.(*ast.Ident); ok {
					if v, ok := r.info.Defs[id].(*types.Var); ok && isPackageLevel(v) && isMutable(v.Type()) && !allowed.has(r.path+"."+v.Name()) {
						complaints = append(complaints, fmt.Sprintf("%s: package variable %s is a %s", r.where(id), v.Name(), v.Type()))
					}
				}
				return true
			})
		}
	}
	return complaints
}

// written are the expressions that a statement changes.
func written(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") {
			return n.Args[:1]
		}
	}
	return nil
}

// root is the variable that an expression such as x.y[i] starts from.
func root(r *room, e ast.Expr) *ast.Ident {
	for {
		switch at := e.(type) {
		case *ast.Ident:
			return at
		case *ast.SelectorExpr:
			if id, ok := at.X.(*ast.Ident); ok {
				if _, ofPackage := r.info.Uses[id].(*types.PkgName); ofPackage {
					return at.Sel
				}
			}
			e = at.X
		case *ast.IndexExpr:
			e = at.X
		case *ast.StarExpr:
			e = at.X
		case *ast.ParenExpr:
			e = at.X
		default:
			return nil
		}
	}
}

func packageVariable(r *room, id *ast.Ident) *types.Var {
	if id == nil {
		return nil
	}
	if v, ok := r.info.Uses[id].(*types.Var); ok && isPackageLevel(v) {
		return v
	}
	return nil
}

func isPackageLevel(v *types.Var) bool {
	return v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

func isMutable(t types.Type) bool {
	name := strings.TrimPrefix(t.String(), "*")
	for _, m := range mutableTypes {
		if strings.HasPrefix(name, m) {
			return true
		}
	}
	return false
}

func TestNothingRunsBecauseItIsImported(t *testing.T) {
	t.Parallel()
	report(t, inits(sources(t).rooms))
	caught(t, "an init", inits([]*room{sample(t, "x", map[string]string{"x.go": "package x\nfunc init() {}"})}))
	spared(t, "a method", inits([]*room{sample(t, "x", map[string]string{"x.go": "package x\ntype t int\nfunc (t) init() {}"})}))
}

func TestNoPackageKeepsState(t *testing.T) {
	t.Parallel()
	allowed := stateExceptions()
	report(t, globals(sources(t).rooms, allowed))
	report(t, allowed.stale())
}

func TestTheRuleOnStateCatches(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"a registry":   "var all = map[string]int{}\nfunc Register(s string) { all[s] = 1 }",
		"a counter":    "var n int\nfunc next() { n++ }",
		"a list":       "var list []int\nfunc add() { list = append(list, 1) }",
		"an address":   "var conf struct{ a int }\nfunc get() *int { return &conf.a }",
		"a deletion":   "var all = map[string]int{}\nfunc drop() { delete(all, \"\") }",
		"a lock":       "import \"sync\"\nvar mu sync.Mutex",
		"a sync.Map":   "import \"sync\"\nvar m = &sync.Map{}",
		"an atomic":    "import \"sync/atomic\"\nvar n atomic.Int64",
		"a once":       "import \"sync\"\nvar once sync.Once",
		"a client":     "import \"net/http\"\nvar c = &http.Client{}",
		"stripe's key": "import \"github.com/stripe/stripe-go/v76\"\nfunc f() { stripe.Key = \"\" }",
	} {
		caught(t, what, globals([]*room{sample(t, "x", map[string]string{"x.go": "package x\n" + text})}, except(nil)))
	}
	fine := "import \"errors\"\nvar errGone = errors.New(\"gone\")\nvar names = map[string]int{\"a\": 1}\nfunc f() int { names := map[string]int{}; names[\"b\"] = 2; return names[\"b\"] }"
	spared(t, "a table", globals([]*room{sample(t, "x", map[string]string{"x.go": "package x\n" + fine})}, except(nil)))
}
