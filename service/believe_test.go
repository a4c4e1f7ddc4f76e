package service_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	"hostfront/service"
	"hostfront/task"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// forgetful takes a first order, which it refuses for its auth code, and loses the answer of the
// next.
type forgetful struct {
	talkative
	placed *int
}

func (f forgetful) PlaceOrder(context.Context, upstream.OrderRequest) (string, error) {
	if *f.placed++; *f.placed == 1 {
		return "77", nil
	}
	return "", fault.Came(fault.Unknown, "no_answer", "")
}

func TestAMendedTransferIsNotSettledWithTheOrderThatFailedBefore(t *testing.T) {
	t.Parallel()
	placed := 0
	r := open(t, func(c *ljpc.Client) service.Adapter { return forgetful{talkative{c}, &placed} })
	code, err := r.sealer.Seal([]byte("s3cr3t-c0de"))
	r.must(err)
	r.deliver(service.DeliverParams{
		ID: "oln_1", Kind: service.Transfer, Domain: "ann.nl", Cycle: "year", Cost: money.New(599, money.EUR), AuthCodeSealed: code,
	})
	r.settle(time.Hour)
	r.tx(func(q *db.Queries) error {
		return r.services.Mend(t.Context(), q, service.Mending{DeliveryID: "oln_1", AuthCodeSealed: code})
	})
	r.settle(24 * time.Hour)
	held := r.held()
	settle := func(outcome, result string) error {
		return r.tasks.Settle(t.Context(), held.ID, task.Settlement{Outcome: outcome, Result: json.RawMessage(result), Note: "seen there"})
	}
	for outcome, result := range map[string]string{"done": `{"order_id":"77"}`, "placed": `{"order_id":77}`} {
		err := settle(outcome, result)
		if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != "order_failed" {
			t.Errorf("settled as %s with %s: %v", outcome, result, err)
		}
	}
	r.must(settle("placed", `{"order_id":"78"}`))
	if got, err := r.tasks.Get(t.Context(), r.store.Read(), held.ID); err != nil || got.State != task.Waiting {
		t.Fatalf("with the order of the second try it is %s: %v", got.State, err)
	}
}

func TestAPackageIsNotSettledWithoutItsSite(t *testing.T) {
	t.Parallel()
	placed := 1
	r := open(t, func(c *ljpc.Client) service.Adapter { return forgetful{talkative{c}, &placed} })
	dns := site("oln_2", "dee.nl")
	dns.Category = "hosting_dns"
	r.deliver(site("oln_1", "ann.nl"))
	r.settle(24 * time.Hour)
	first := r.held().ID
	for result, field := range map[*task.Settlement]string{
		{Outcome: "done", Note: "x"}:                                           "result.site_id",
		{Outcome: "done", Result: json.RawMessage(`{}`)}:                       "result.site_id",
		{Outcome: "done", Result: json.RawMessage(`{"site_id":null}`)}:         "result.site_id",
		{Outcome: "done", Result: json.RawMessage(`{"site_id":"","id":"12"}`)}: "result.site_id",
		{Outcome: "placed", Note: "x"}:                                         "result.order_id",
		{Outcome: "placed", Result: json.RawMessage(`{"site_id":"9"}`)}:        "result.order_id",
	} {
		err := r.tasks.Settle(t.Context(), first, *result)
		if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != field || e.Fields[0].Code != "required" {
			t.Errorf("settled as %s with %s: %v", result.Outcome, result.Result, err)
		}
	}
	r.must(r.tasks.Settle(t.Context(), first, task.Settlement{Outcome: "done", Result: json.RawMessage(`{"site_id":9}`)}))
	got, err := r.services.Get(t.Context(), r.customer.ID, r.delivered("oln_1"))
	r.must(err)
	if got.SiteID != "9" {
		t.Errorf("the service has the site %q", got.SiteID)
	}
	r.deliver(dns) // it has no site that anybody could name
	r.settle(24 * time.Hour)
	r.must(r.tasks.Settle(t.Context(), r.held().ID, task.Settlement{Outcome: "done", Note: "seen there"}))
	r.delivered("oln_2")
}

func TestADeliveryIsNotSettledWithAnotherServicesOrder(t *testing.T) {
	t.Parallel()
	placed := 1
	r := open(t, func(c *ljpc.Client) service.Adapter { return forgetful{talkative{c}, &placed} })
	r.deliver(site("oln_1", "ann.nl"))
	r.settle(24 * time.Hour)
	r.must(r.tasks.Settle(t.Context(), r.held().ID, task.Settlement{Outcome: "done", Result: json.RawMessage(`{"order_id":"80","site_id":"9"}`)}))
	r.deliver(site("oln_2", "bea.nl"))
	r.settle(24 * time.Hour)
	err := r.tasks.Settle(t.Context(), r.held().ID, task.Settlement{Outcome: "done", Result: json.RawMessage(`{"order_id":"80"}`)})
	if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != "order_taken" {
		t.Fatalf("settled with another's order: %v", err)
	}
}

func TestTheLastOrderIsThatOfTheNewestSite(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	last := func() string {
		order, err := service.LastOrder(t.Context(), r.store.Read(), "ljpc")
		r.must(err)
		return order
	}
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	if got := last(); got != "" {
		t.Errorf("a name alone has the order %q", got)
	}
	for i, domain := range []string{"ann.nl", "bob.nl"} {
		r.clock.Advance(time.Minute)
		r.deliver(site(fmt.Sprintf("oln_%d", i+2), domain))
		r.settle(time.Hour)
		r.delivered(fmt.Sprintf("oln_%d", i+2))
		if got, want := last(), fmt.Sprint(r.ljpc.Orders()[i].ID); got != want {
			t.Errorf("after %s the last order is %q, want %s", domain, got, want)
		}
	}
}
