package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// secondLevel are the public suffixes below a TLD that registrars commonly sell.
var secondLevel = []string{
	"co.uk", "org.uk", "me.uk", "ltd.uk", "plc.uk", "com.au", "net.au", "org.au", "id.au", "co.nz", "net.nz", "org.nz",
	"co.za", "org.za", "com.br", "net.br", "org.br", "com.mx", "com.ar", "com.co", "com.pe", "com.ve", "com.ec", "com.uy",
	"co.in", "net.in", "org.in", "firm.in", "co.jp", "or.jp", "ne.jp", "co.kr", "or.kr", "com.cn", "net.cn", "org.cn",
	"com.tw", "org.tw", "com.hk", "com.sg", "com.my", "co.id", "web.id", "co.th", "in.th", "com.ph", "com.vn", "com.tr",
	"com.ua", "kiev.ua", "in.ua", "com.pl", "net.pl", "org.pl", "com.pt", "com.es", "nom.es", "org.es", "com.fr", "asso.fr",
	"co.at", "or.at", "co.hu", "com.ro", "com.gr", "com.cy", "com.mt", "co.il", "org.il", "com.sa", "com.eg", "co.ke",
	"com.ng", "com.gh", "co.tz", "co.ug", "co.zw", "com.pk", "com.bd", "com.np", "com.lk",
}

func main() {
	if len(os.Args) != 2 {
		exit(fmt.Errorf("usage: tldgen FILE"))
	}
	rules, err := shippedRules()
	if err != nil {
		exit(err)
	}
	names := topLevel(rules)
	for _, name := range secondLevel {
		if suffix, icann := publicsuffix.PublicSuffix(name); !icann || suffix != name {
			exit(fmt.Errorf("%s is not an ICANN public suffix", name))
		}
		names = append(names, name)
	}
	slices.Sort(names)
	text := strings.Join(slices.Compact(names), "\n") + "\n"
	if err := os.WriteFile(os.Args[1], []byte(text), 0o644); err != nil {
		exit(err)
	}
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, "tldgen:", err)
	os.Exit(1)
}

// topLevel are the last labels of the rules that ICANN manages.
func topLevel(rules []string) []string {
	seen := map[string]bool{}
	var names []string
	for _, rule := range rules {
		label := rule[strings.LastIndexByte(rule, '.')+1:]
		if seen[label] {
			continue
		}
		seen[label] = true
		_, own := publicsuffix.PublicSuffix(label)
		_, below := publicsuffix.PublicSuffix("a.b." + label)
		if own || below {
			names = append(names, label)
		}
	}
	return names
}

// shippedRules reads the rules out of the module's test table.
func shippedRules() ([]string, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/net").Output()
	if err != nil {
		return nil, fmt.Errorf("find golang.org/x/net: %w", err)
	}
	path := filepath.Join(strings.TrimSpace(string(dir)), "publicsuffix", "table_test.go")
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return nil, err
	}
	var rules []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "rules" {
			return true
		}
		for _, element := range spec.Values[0].(*ast.CompositeLit).Elts {
			rule, err := strconv.Unquote(element.(*ast.BasicLit).Value)
			if err == nil {
				rules = append(rules, rule)
			}
		}
		return false
	})
	if len(rules) < 5000 {
		return nil, fmt.Errorf("only %d rules in %s", len(rules), path)
	}
	return rules, nil
}
