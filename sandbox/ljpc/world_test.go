package ljpc_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"hostfront/sandbox/ljpc"

	"golang.org/x/net/publicsuffix"
)

func TestEveryTLDIsICANNsAndTheCatalogueFollowsTheSeed(t *testing.T) {
	t.Parallel()
	open := func(seed uint64) *ljpc.Server {
		s, err := ljpc.New(ljpc.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	one, again, two := open(1), open(1), open(2)
	topLevel, costs := 0, map[int64]bool{}
	for _, tld := range one.TLDs() {
		if !strings.Contains(tld.Name, ".") {
			topLevel++
		}
		_, below := publicsuffix.PublicSuffix("a.b." + tld.Name)
		_, own := publicsuffix.PublicSuffix(tld.Name)
		if !below && !own {
			t.Errorf("%s is not a suffix of ICANN's", tld.Name)
		}
		if !tld.Cost.IsPositive() {
			t.Errorf("%s costs %s", tld.Name, tld.Cost)
		}
		costs[tld.Cost.Minor] = true
	}
	if topLevel < 1400 || len(costs) < 500 {
		t.Errorf("%d top-level domains, %d different prices", topLevel, len(costs))
	}
	if !reflect.DeepEqual(one.TLDs(), again.TLDs()) || !reflect.DeepEqual(one.Products(), again.Products()) {
		t.Error("one seed makes two catalogues")
	}
	if reflect.DeepEqual(one.TLDs(), two.TLDs()) {
		t.Error("two seeds make one catalogue")
	}
}

func TestStateSurvivesARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sub", "ljpc.json")
	with := func(o *ljpc.Options) { o.StateFile = path }
	first := setup(t, with)
	var made struct{ Handle string }
	if err := json.Unmarshal(first.do(t, http.MethodPost, hosting+"/contacts", contact()).Data, &made); err != nil {
		t.Fatal(err)
	}
	first.do(t, http.MethodPost, hosting+"/domain-names", register("blijf.nl", made.Handle))
	first.do(t, http.MethodPost, "/api/v1/orders", orderOf("r1", map[string]any{"type": "hosting_own", "space_id": 101, "domain": "b.nl"}))
	if err := first.server.Close(); err != nil {
		t.Fatal(err)
	}
	second := setup(t, with)
	if !reflect.DeepEqual(first.server.Domains(), second.server.Domains()) || !reflect.DeepEqual(first.server.Effects(), second.server.Effects()) {
		t.Errorf("%+v became %+v", first.server.Domains(), second.server.Domains())
	}
	for range 2 {
		second.do(t, http.MethodGet, "/api/v1/orders/10001", nil)
	}
	if sites := second.server.Sites(); len(sites) != 1 {
		t.Errorf("the order did not go on: %v", sites)
	}
	if _, err := ljpc.New(ljpc.Options{StateFile: t.TempDir()}); err == nil {
		t.Error("a folder was taken as the state file")
	}
}

func TestWhatWasAnsweredSurvivesAKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ljpc.json")
	with := func(o *ljpc.Options) { o.StateFile = path }
	first := setup(t, with)
	var orders sync.WaitGroup
	for i := range 20 {
		orders.Go(func() {
			first.do(t, http.MethodPost, "/api/v1/orders", orderOf(fmt.Sprint("r", i), map[string]any{"type": "hosting_own", "space_id": 101, "domain": fmt.Sprintf("b%d.nl", i)}))
		})
	}
	orders.Wait()
	killed := setup(t, with) // the first has not been closed
	if !reflect.DeepEqual(first.server.Effects(), killed.server.Effects()) || len(killed.server.Effects()) != 20 {
		t.Errorf("%d effects became %d", len(first.server.Effects()), len(killed.server.Effects()))
	}
}

func TestFaultsAreToldOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	faults := []map[string]any{
		{"op": "tlds.list", "kind": "server_error", "times": 2},
		{"op": "sites.list", "kind": "slow", "delay": "1ms"}, {"kind": "stuck_order", "delay": 5},
	}
	if r := b.call(t, "", http.MethodPost, "/_sandbox/faults", faults); r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	if r := b.call(t, "", http.MethodPost, "/_sandbox/faults", map[string]any{"op": "tlds.list", "kind": "rate_limited"}); r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	for _, want := range []int{502, 502, 429, 200} {
		if r := b.do(t, http.MethodGet, hosting+"/tlds", nil); r.status != want {
			t.Errorf("%d, want %d", r.status, want)
		}
	}
	for _, bad := range []any{map[string]any{"kind": "nonsense"}, map[string]any{"kind": "slow", "op": "nothing"}, "text", map[string]any{"kind": "slow", "delay": "x"}} {
		if r := b.call(t, "", http.MethodPost, "/_sandbox/faults", bad); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, r.status)
		}
	}
	if r := b.call(t, "", http.MethodGet, "/_sandbox/faults", nil); !strings.Contains(string(r.raw), "stuck_order") || strings.Contains(string(r.raw), "tlds.list") {
		t.Errorf("what is left: %s", r.raw)
	}
	if r := b.call(t, "", http.MethodDelete, "/_sandbox/faults", nil); r.status != http.StatusNoContent {
		t.Error(r.status)
	}
	if r := b.call(t, "", http.MethodGet, "/_sandbox/faults", nil); !strings.Contains(string(r.raw), `"faults":[]`) {
		t.Errorf("after the clearing: %s", r.raw)
	}
}

func TestOneNameIsRegisteredOnceHoweverManyAsk(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var made struct{ Handle string }
	if err := json.Unmarshal(b.do(t, http.MethodPost, hosting+"/contacts", contact()).Data, &made); err != nil {
		t.Fatal(err)
	}
	var won sync.Map
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if b.do(t, http.MethodPost, hosting+"/domain-names", register("race.nl", made.Handle)).status == http.StatusCreated {
				won.Store(i, true)
			}
		})
	}
	all.Wait()
	winners := 0
	won.Range(func(any, any) bool { winners++; return true })
	if winners != 1 || b.server.Calls()["domains.register"] != 16 {
		t.Errorf("%d winners, calls %v", winners, b.server.Calls())
	}
}

func TestSlowAnswersEndWithTheSandbox(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.server.Faults(ljpc.Fault{Kind: ljpc.FaultSlow, Delay: ljpc.Wait(time.Hour)}, ljpc.Fault{Kind: "nonsense"})
	answered := make(chan int, 1)
	go func() { answered <- b.do(t, http.MethodGet, hosting+"/tlds", nil).status }()
	for b.server.Calls()["tlds.list"] == 0 {
		b.call(t, "", http.MethodGet, "/_sandbox/faults", nil)
	}
	_ = b.server.Close()
	if status := <-answered; status != http.StatusOK {
		t.Error(status)
	}
}

// BenchmarkOrder is an order, placed and looked at until it is delivered.
func BenchmarkOrder(bench *testing.B) {
	b := setup(bench)
	for i := range bench.N {
		item := map[string]any{"type": "domain", "action": "register", "sld": fmt.Sprintf("n%d", i), "tld": "nl"}
		b.do(bench, http.MethodPost, "/api/v1/orders", orderOf("r", item))
		path := fmt.Sprintf("/api/v1/orders/%d", 10001+i)
		b.do(bench, http.MethodGet, path, nil)
		b.do(bench, http.MethodGet, path, nil)
	}
	bench.StopTimer()
	if n := len(b.server.Domains()); n != bench.N {
		bench.Fatalf("%d names of %d", n, bench.N)
	}
}
