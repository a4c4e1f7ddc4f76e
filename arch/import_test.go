package arch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// floors are the rooms from the ground up. A room imports only lower floors;
// those on one floor do not know each other.
var floors = [][]string{
	{"money", "fault", "clock", "seal", "drain", "throttle", "tally"},
	{"db"},
	{"db/dbtest", "task"},
	{"event"},
	{"review"},
	{"upstream", "tax"},
	{"upstream/ljpc", "upstream/upstreamtest", "catalog", "account"},
	{"billing", "billing/wire"},
	{"billing/gatewaytest", "billing/stripe", "billing/transfer", "billing/sandbox", "service"},
	{"order", "mail", "agree", "dunning"},
	{"cron", "audit"},
	{"backup"},
	{"api"},
	{"app"},
	{"app/demo", "app/apptest"},
	{""},
}

// plugins are known to app alone: everything else knows their interface.
var plugins = []string{"upstream/ljpc", "billing/stripe", "billing/transfer", "billing/sandbox"}

// ground is all of the module that a stand-in for the outside world may know: it
// follows the other side's document, not our idea of it.
var ground = []string{"money", "fault", "clock"}

// testOnly are imported by tests and by nothing that ships.
var testOnly = []string{"db/dbtest", "upstream/upstreamtest", "billing/gatewaytest", "app/apptest", "arch", "e2e", "sim", "bench"}

func floorOf(path string) int {
	return slices.IndexFunc(floors, func(f []string) bool { return slices.Contains(f, path) })
}

func isSandbox(path string) bool { return strings.HasPrefix(path, "sandbox/") }

func isTool(path string) bool {
	for _, dir := range []string{"arch", "e2e", "sim", "bench", "sandbox/ljpc/tldgen", "billing/font/cut"} {
		if path == dir || strings.HasPrefix(path, dir+"/") {
			return true
		}
	}
	return false
}

func importsUp(rooms []*room) (complaints []string) {
	for _, r := range rooms {
		if isTool(r.path) {
			continue
		}
		if floorOf(r.path) < 0 && !isSandbox(r.path) {
			complaints = append(complaints, fmt.Sprintf("%s has no floor: give it one in arch", r.path))
			continue
		}
		for _, i := range r.imports {
			if why := forbidden(r.path, i); why != "" {
				complaints = append(complaints, fmt.Sprintf("%q imports %q: %s", r.path, i, why))
			}
		}
	}
	return complaints
}

func forbidden(from, to string) string {
	isApp := from == "" || from == "app" || strings.HasPrefix(from, "app/")
	switch {
	case slices.Contains(testOnly, from):
		return "" // it ships nothing: it may know the whole house
	case slices.Contains(testOnly, to):
		return "that is for tests"
	case isSandbox(from):
		if !slices.Contains(ground, to) && !isSandbox(to) {
			return "a stand-in knows only the ground floor"
		}
		return ""
	case isSandbox(to):
		if !isApp {
			return "only app starts stand-ins"
		}
		return ""
	case slices.Contains(plugins, to) && !isApp:
		return "only app knows the concrete plugins"
	case floorOf(to) >= floorOf(from):
		return "that is not a lower floor"
	}
	return ""
}

func TestNoImportGoesUpAFloor(t *testing.T) {
	t.Parallel()
	report(t, importsUp(sources(t).rooms))
}

func TestTheRuleOnImportsCatches(t *testing.T) {
	t.Parallel()
	for from, to := range map[string]string{
		"money":         "db",            // up
		"db":            "task",          // up by one
		"account":       "catalog",       // beside
		"api":           "upstream/ljpc", // a plugin, although it is lower
		"order":         "sandbox/ljpc",  // a stand-in
		"sandbox/ljpc":  "upstream",      // a stand-in that knows our idea
		"sandbox/pay":   "db",
		"billing":       "db/dbtest", // a room for tests
		"newroom":       "money",     // no floor
		"upstream/ljpc": "billing/stripe",
	} {
		caught(t, from+" imports "+to, importsUp([]*room{{path: from, imports: []string{to}}}))
	}
	for from, to := range map[string]string{"app": "billing/stripe", "order": "billing", "sandbox/pay": "sandbox/courier", "": "app", "app/demo": "sandbox/ljpc"} {
		spared(t, from+" imports "+to, importsUp([]*room{{path: from, imports: []string{to}}}))
	}
}

// drivers may be known to one room each, which hides them from the others.
var drivers = map[string][]string{
	"modernc.org/sqlite":            {"db"},
	"github.com/jackc/pgx/v5":       {"db", "db/dbtest"},
	"github.com/stripe/stripe-go":   {"billing/stripe"},
	"github.com/pressly/goose/v3":   {"db"},
	"github.com/gofiber/fiber/v2":   {"api", "app"},
	"github.com/danielgtaylor/huma": {"api", "app"},
	"github.com/robfig/cron/v3":     {"cron"},
}

func strangers(rooms []*room) (complaints []string) {
	for _, r := range rooms {
		for _, i := range r.outside {
			for driver, allowed := range drivers {
				if strings.HasPrefix(i, driver) && !slices.Contains(allowed, r.path) && !isTool(r.path) {
					complaints = append(complaints, fmt.Sprintf("%q imports %s, which only %v may", r.path, i, allowed))
				}
			}
		}
	}
	return complaints
}

func TestEachLibraryOfTheOutsideHasOneRoom(t *testing.T) {
	t.Parallel()
	report(t, strangers(sources(t).rooms))
	caught(t, "stripe in billing", strangers([]*room{{path: "billing", outside: []string{"github.com/stripe/stripe-go/v76"}}}))
	spared(t, "stripe in billing/stripe", strangers([]*room{{path: "billing/stripe", outside: []string{"github.com/stripe/stripe-go/v76"}}}))
}
