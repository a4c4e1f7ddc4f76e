package arch_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
	"testing"
)

// moneyRooms are where an amount, a rate or a price is computed or passed on.
var moneyRooms = []string{"money", "tax", "catalog", "billing", "order", "service", "upstream", "sandbox"}

// floatExceptions are files that hold a float which is no money.
func floatExceptions() *exceptions {
	return except(map[string]string{
		"billing/paper.go": "millimetres on a page, as the PDF library wants them",
	})
}

// floats are expressions whose type is a float: literals, conversions, results
// such as Float64() or ParseFloat, and fields or parameters declared as one.
func floats(rooms []*room, allowed *exceptions) (complaints []string) {
	for _, r := range rooms {
		if !within(r.path, moneyRooms) {
			continue
		}
		for _, f := range r.files {
			for _, d := range f.Decls {
				if place := floatIn(r, d); place != nil && !allowed.has(r.file(place)) {
					complaints = append(complaints, fmt.Sprintf("%s: a float in %s: amounts and rates are whole minor units or decimals", r.where(place), declared(d)))
				}
			}
		}
	}
	return complaints
}

// floatIn is the first place in a declaration where a float stands, or nil.
func floatIn(r *room, d ast.Decl) (place ast.Node) {
	ast.Inspect(d, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && place == nil {
			if kind, ok := r.info.Types[e]; ok && isFloat(kind.Type) {
				place = n
			}
		}
		return place == nil
	})
	return place
}

func isFloat(t types.Type) bool {
	if results, ok := t.(*types.Tuple); ok {
		for v := range results.Variables() {
			if isFloat(v.Type()) {
				return true
			}
		}
		return false
	}
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsFloat != 0
}

// within is true for a room and those below it.
func within(path string, rooms []string) bool {
	for _, r := range rooms {
		if path == r || strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}

// declared is the name of a declaration: "Amount.Add", "newMetrics", "maxRate".
func declared(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			return receiver(d).Name + "." + d.Name.Name
		}
		return d.Name.Name
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				return s.Name.Name
			case *ast.ValueSpec:
				return s.Names[0].Name
			}
		}
	}
	return "_"
}

func TestNoFloatIsNearMoney(t *testing.T) {
	t.Parallel()
	allowed := floatExceptions()
	report(t, floats(sources(t).rooms, allowed))
	report(t, allowed.stale())
}

func TestTheRuleOnFloatsCatches(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"a literal":    `func f() int { return int(1.5 * 2) }`,
		"a conversion": `func f(n int) int { x := float64(n); return int(x) }`,
		"a parameter":  `func f(rate float32) {}`,
		"a field":      `type price struct { Amount *float64 }`,
		"a parsed one": `import "strconv"` + "\n" + `func f(s string) { strconv.ParseFloat(s, 64) }`,
		"a decimal's":  `import "github.com/shopspring/decimal"` + "\n" + `func f(d decimal.Decimal) { d.InexactFloat64() }`,
		"to a decimal": `import "github.com/shopspring/decimal"` + "\n" + `var d = decimal.NewFromFloat(2)`,
	} {
		r := sample(t, "billing/x", map[string]string{"x.go": "package x\n" + text})
		caught(t, what, floats([]*room{r}, except(nil)))
	}
	spared(t, "whole numbers", floats([]*room{sample(t, "money", map[string]string{"x.go": "package x\nvar n = 3 / 2"})}, except(nil)))
}
