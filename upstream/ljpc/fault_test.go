package ljpc_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"hostfront/fault"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// buyings are the calls that buy, each with something new to buy.
func buyings(b bundle, handle, name string) map[string]func(*testing.T) error {
	return map[string]func(*testing.T) error{
		ljpc.OpRegister: func(t *testing.T) error {
			return b.client.RegisterDomain(t.Context(), "r-"+name, handle)
		},
		ljpc.OpPlaceOrder: func(t *testing.T) error {
			item := upstream.OrderItem{Type: upstream.ItemDomain, Action: upstream.ActionRegister, Domain: "o-" + name}
			_, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Reference: name, Lines: []upstream.OrderItem{item}})
			return err
		},
	}
}

func TestEveryFaultOfACallThatBuysIsToldApart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind     sandbox.FaultKind
		result   fault.Result
		happened bool
	}{
		{sandbox.FaultServerError, fault.Unknown, false},
		{sandbox.FaultServerErrorAfter, fault.Unknown, true},
		{sandbox.FaultRateLimited, fault.RateLimited, false},
		{sandbox.FaultDropBefore, fault.Unknown, false},
		{sandbox.FaultDropAfter, fault.Unknown, true},
		{sandbox.FaultHTML, fault.Unknown, true},
		{sandbox.FaultHTMLBefore, fault.Unknown, false},
		{sandbox.FaultCutJSON, fault.Unknown, true},
		{sandbox.FaultRedirect, fault.Unknown, false},
		{sandbox.FaultLoseKey, fault.Unavailable, false},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			handle, err := b.client.CreateContact(t.Context(), person())
			if err != nil {
				t.Fatal(err)
			}
			for op, buying := range buyings(b, handle, "koop.nl") {
				before, calls := len(b.sandbox.Effects()), b.sandbox.Calls()[op]
				b.sandbox.Faults(sandbox.Fault{Op: op, Kind: tt.kind})
				err := buying(t)
				if got := fault.OutcomeOf(err); err == nil || got.Result != tt.result {
					t.Errorf("%s: %v, want %s", op, err, tt.result)
				}
				if happened := len(b.sandbox.Effects()) > before; happened != tt.happened {
					t.Errorf("%s: happened %v", op, happened)
				}
				if n := b.sandbox.Calls()[op] - calls; n != 1 {
					t.Errorf("%s was sent %d times", op, n)
				}
			}
		})
	}
}

func TestFaultOfAReadIsNeverUnknown(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{
		sandbox.FaultServerError, sandbox.FaultServerErrorAfter, sandbox.FaultRateLimited, sandbox.FaultHTML,
		sandbox.FaultCutJSON, sandbox.FaultRedirect, sandbox.FaultLoseKey, sandbox.FaultDropBefore,
	} {
		b := setup(t)
		b.sandbox.Faults(sandbox.Fault{Kind: kind, Times: -1})
		_, err := b.client.Domains(t.Context())
		result := fault.OutcomeOf(err).Result
		if err == nil || (result != fault.Unavailable && result != fault.RateLimited) {
			t.Errorf("%s: %v", kind, err)
		}
		b.sandbox.ClearFaults()
		if _, err := b.client.Domains(t.Context()); err != nil {
			t.Errorf("after %s: %v", kind, err)
		}
	}
}

func TestSlowAnswerToAPurchaseIsUnknownThoughItHappened(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *sandbox.Options, c *ljpc.Config) {
		c.Timeouts = map[string]time.Duration{ljpc.OpPlaceOrder: 30 * time.Millisecond}
	})
	b.sandbox.Faults(sandbox.Fault{Op: ljpc.OpPlaceOrder, Kind: sandbox.FaultSlow, Delay: sandbox.Wait(time.Hour)})
	err := buyings(b, "", "traag.nl")[ljpc.OpPlaceOrder](t)
	if fault.OutcomeOf(err).Result != fault.Unknown {
		t.Fatal(err)
	}
	_ = b.sandbox.Close() // ends the wait: the order goes through although nobody waits for it
	b.server.Close()
	if len(b.sandbox.OrdersOf("traag.nl")) != 1 {
		t.Error("the slow order was not taken")
	}
}

func TestNoConnectionMeansThatNothingWasBought(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	_ = listener.Close()
	b := setup(t, func(_ *sandbox.Options, c *ljpc.Config) { c.BaseURL = address })
	for op, buying := range buyings(b, "h", "weg.nl") {
		if err := buying(t); fault.OutcomeOf(err).Result != fault.Unavailable {
			t.Errorf("%s: %v", op, err)
		}
	}
}

func TestKeyIsInNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var texts []string
	note := func(err error) {
		if err != nil {
			texts = append(texts, err.Error(), fault.OutcomeOf(err).Message)
		}
	}
	for _, kind := range []sandbox.FaultKind{
		sandbox.FaultServerError, sandbox.FaultRateLimited, sandbox.FaultDropAfter, sandbox.FaultHTML, sandbox.FaultCutJSON,
		sandbox.FaultRedirect, sandbox.FaultLoseKey,
	} {
		b.sandbox.Faults(sandbox.Fault{Kind: kind, Times: 3})
		_, err := b.client.Domain(t.Context(), "weg.nl")
		note(err)
		for _, buying := range buyings(b, testKey, "x.nl") {
			note(buying(t))
		}
		b.sandbox.ClearFaults()
	}
	texts = append(texts, b.logs.String())
	if all := strings.Join(texts, "\n"); strings.Contains(all, testKey) || len(all) < 500 {
		t.Errorf("the key leaked, or nothing was written:\n%s", all)
	}
}
