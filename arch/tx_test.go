package arch_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// Store.Guard refuses a call out of a transaction when it happens; this rule
// finds it without a test that takes the road. It starts from every closure that
// is given to a transaction and from every function that takes the queries of
// one, and follows the calls whose target is known.

const queries = "*" + module + "/db.Queries"

// openers are the ways into a transaction.
var openers = []string{
	"(*" + module + "/db.Store).Tx",
	"(*" + module + "/db.Store).TxReadCommitted",
}

// outsideCalls leave the database, or last longer than a transaction may: the
// beginnings of full names of functions.
var outsideCalls = []string{
	"(*net/http.Client).", "(net/http.RoundTripper).", "net/http.Get", "net/http.Post", "net/http.Head",
	"net.Dial", "(*net.Dialer).", "net.Lookup", "(*net.Resolver).", "net/smtp.",
	"(*github.com/wneessen/go-mail.Client).",
	"(*github.com/stripe/stripe-go/v76/", "(github.com/stripe/stripe-go/v76/", "(*github.com/stripe/stripe-go/v76.BackendImplementation",
	"github.com/alexedwards/argon2id.", "golang.org/x/crypto/argon2.", "codeberg.org/go-pdf/fpdf.New",
	"(*" + module + "/db.Store).Tx", "(*" + module + "/db.Store).Migrate", "(*" + module + "/db.Store).Backup",
	"(*" + module + "/task.Engine).Run", "(*" + module + "/task.Engine).Step",
	"os/exec.", "time.Sleep",
}

// outsideInterfaces are the rooms whose interfaces stand for the outside world;
// a method that takes a context goes there.
var outsideInterfaces = []string{module + "/upstream", module + "/billing", module + "/mail"}

// calls is who calls whom, by full name, over the whole module.
type calls struct {
	bodies map[string]body
	seen   map[string]string // function -> the outside call that it leads to, or ""
}

type body struct {
	room *room
	node ast.Node
}

func callGraph(rooms []*room) *calls {
	c := &calls{bodies: map[string]body{}, seen: map[string]string{}}
	for _, r := range rooms {
		for _, f := range r.files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				if o, ok := r.info.Defs[fn.Name].(*types.Func); ok {
					c.bodies[o.FullName()] = body{r, fn.Body}
				}
			}
		}
	}
	return c
}

// leads is the way from a piece of code to a call outside, or "".
func (c *calls) leads(r *room, from ast.Node) (way string) {
	ast.Inspect(from, func(n ast.Node) bool {
		if way != "" {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok {
			if f := target(r, call); f != nil {
				way = c.wayOf(f)
			}
		}
		return true
	})
	return way
}

func (c *calls) wayOf(f *types.Func) string {
	name := f.FullName()
	if goesOutside(f) {
		return name
	}
	if way, ok := c.seen[name]; ok {
		return way
	}
	c.seen[name] = "" // a function that calls itself adds nothing
	b, ok := c.bodies[name]
	if !ok {
		return ""
	}
	if way := c.leads(b.room, b.node); way != "" {
		c.seen[name] = name + " -> " + way
	}
	return c.seen[name]
}

func goesOutside(f *types.Func) bool {
	for _, o := range outsideCalls {
		if strings.HasPrefix(f.FullName(), o) {
			return true
		}
	}
	recv := f.Signature().Recv()
	if recv == nil || f.Pkg() == nil || !types.IsInterface(recv.Type()) || !slices.Contains(outsideInterfaces, f.Pkg().Path()) {
		return false
	}
	in := f.Signature().Params()
	return in.Len() > 0 && in.At(0).Type().String() == "context.Context" && !takesQueries(f.Signature())
}

func takesQueries(s *types.Signature) bool {
	for p := range s.Params().Variables() {
		if p.Type().String() == queries {
			return true
		}
	}
	return false
}

// target is the function or method that a call names, or nil for a variable.
func target(r *room, call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	if generic, ok := fun.(*ast.IndexExpr); ok {
		fun = generic.X
	}
	var id *ast.Ident
	switch fun := fun.(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	f, _ := r.info.Uses[id].(*types.Func)
	return f
}

// callsInTx are the ways out of a transaction.
func callsInTx(rooms []*room) (complaints []string) {
	graph := callGraph(rooms)
	for _, r := range rooms {
		if r.path == "db" || isTool(r.path) {
			continue // db runs the closures; it does not write any
		}
		for _, f := range r.files {
			ast.Inspect(f, func(n ast.Node) bool {
				inside := insideTx(r, n)
				if inside == nil {
					return true
				}
				if way := graph.leads(r, inside); way != "" {
					complaints = append(complaints, fmt.Sprintf("%s: inside a transaction this leads to %s", r.where(n), way))
				}
				return true
			})
		}
	}
	return complaints
}

// insideTx is the code that a node runs in a transaction, or nil.
func insideTx(r *room, n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if f, ok := r.info.Defs[n.Name].(*types.Func); ok && n.Body != nil && takesQueries(f.Signature()) {
			return n.Body
		}
	case *ast.FuncLit:
		if s, ok := r.info.Types[n].Type.(*types.Signature); ok && takesQueries(s) {
			return n.Body
		}
	case *ast.CallExpr:
		// A closure that is made elsewhere: Tx(ctx, b.settle(id)).
		f := target(r, n)
		if f == nil || !slices.Contains(openers, f.FullName()) || len(n.Args) != 2 {
			return nil
		}
		if made, ok := ast.Unparen(n.Args[1]).(*ast.CallExpr); ok {
			return made
		}
	}
	return nil
}

func TestNoCallGoesOutOfATransaction(t *testing.T) {
	t.Parallel()
	report(t, callsInTx(sources(t).rooms))
}

func TestTheRuleOnTransactionsCatches(t *testing.T) {
	t.Parallel()
	const head = "package x\nimport (\"context\"; \"net/http\"; \"hostfront/db\"; \"hostfront/upstream\")\n" +
		"var _ http.Client; var _ upstream.Catalogue; var _ context.Context; var _ db.Store\n"
	for what, text := range map[string]string{
		"an HTTP call": `func f(ctx context.Context, s *db.Store, c *http.Client) {
			s.Tx(ctx, func(q *db.Queries) error { _, err := c.Get(""); return err }) }`,
		"an upstream's interface": `func f(ctx context.Context, s *db.Store, u upstream.Catalogue) {
			s.TxReadCommitted(ctx, func(q *db.Queries) error { _, err := u.TLDs(ctx); return err }) }`,
		"by way of a function": `func f(ctx context.Context, s *db.Store) { s.Tx(ctx, func(*db.Queries) error { return g() }) }
			func g() error { return h() }
			func h() error { _, err := http.Get(""); return err }`,
		"by way of a method": `type y struct { c *http.Client }
			func (y *y) f(ctx context.Context, s *db.Store) { s.Tx(ctx, func(*db.Queries) error { return y.g() }) }
			func (y *y) g() error { _, err := y.c.Get(""); return err }`,
		"a closure made elsewhere": `func f(ctx context.Context, s *db.Store) { s.Tx(ctx, g()) }
			func g() func(*db.Queries) error { return func(*db.Queries) error { _, err := http.Get(""); return err } }`,
		"a function of the caller's transaction": `func f(q *db.Queries) error { _, err := http.Get(""); return err }`,
		"a nested transaction": `func f(ctx context.Context, s *db.Store) {
			s.Tx(ctx, func(*db.Queries) error { return s.Tx(ctx, func(*db.Queries) error { return nil }) }) }`,
	} {
		caught(t, what, callsInTx([]*room{sample(t, "billing/x", map[string]string{"x.go": head + text})}))
	}
	fine := `func f(ctx context.Context, s *db.Store, u upstream.Catalogue) error {
		if _, err := u.TLDs(ctx); err != nil { return err }
		return s.Tx(ctx, func(q *db.Queries) error { _, err := q.SettingByName(ctx, "a"); return err }) }`
	spared(t, "a call before the transaction", callsInTx([]*room{sample(t, "billing/x", map[string]string{"x.go": head + fine})}))
}
