package ljpc_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hostfront/fault"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// product finds one of a kind and way of billing.
func product(t *testing.T, b bundle, kind, billing string) upstream.Product {
	t.Helper()
	products, err := b.client.Products(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range products {
		if p.Kind == kind && p.Billing == billing {
			return p
		}
	}
	t.Fatalf("no %s product billed %s", kind, billing)
	return upstream.Product{}
}

func hosting(p upstream.Product, domain, cycle string) upstream.OrderItem {
	return upstream.OrderItem{Description: p.Name, Type: upstream.ItemHosting, ProductRef: p.Ref, Domain: domain, Cycle: cycle}
}

func TestOrderIsDeliveredLineByLine(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := product(t, b, upstream.KindHosting, upstream.BillingMonthly)
	b.sandbox.Faults(sandbox.Fault{Kind: sandbox.FaultFailLine, Domain: "twee.nl"})
	id, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Reference: "ol_1", Summary: "s", Lines: []upstream.OrderItem{
		hosting(p, "een.nl", ""), hosting(p, "twee.nl", ""), hosting(p, "drie.nl", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	var last upstream.OrderStatus
	for range 4 {
		if last, err = b.client.Order(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		line := last.State
		for _, l := range last.Lines {
			line += " " + l.State
		}
		seen = append(seen, line)
	}
	want := []string{
		"processing pending pending pending", "processing done pending pending",
		"processing done failed pending", "failed done failed done",
	}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("seen %q, want %q", seen, want)
	}
	if last.Reference != "ol_1" || last.Lines[0].SiteID == "" || last.Lines[1].SiteID != "" || last.Lines[1].Reason == "" {
		t.Errorf("%+v", last)
	}
	if got := b.sandbox.OrdersOf("ol_1"); len(got) != 1 || len(b.sandbox.Sites()) != 2 {
		t.Errorf("%d orders, %d sites", len(got), len(b.sandbox.Sites()))
	}
}

func TestCompletedOrderWantsItsBillLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	status := finished(t, b, hosting(product(t, b, upstream.KindDNS, upstream.BillingYearly), "d.nl", ""))
	if status.State != upstream.OrderCompleted || !status.NeedsPayment || !status.NeedsSubscription {
		t.Errorf("%+v", status)
	}
}

func TestStuckOrderStaysInProcessing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.sandbox.Faults(sandbox.Fault{Kind: sandbox.FaultStuckOrder})
	item := hosting(product(t, b, upstream.KindHosting, upstream.BillingMonthly), "vast.nl", "")
	id, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{item}})
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		b.clock.Advance(time.Hour)
		status, err := b.client.Order(t.Context(), id)
		if err != nil || status.State != upstream.OrderProcessing {
			t.Fatalf("%+v, %v", status, err)
		}
	}
	b.sandbox.Release(b.sandbox.Orders()[0].ID)
	status, err := b.client.Order(t.Context(), id)
	if err != nil || status.State != upstream.OrderCompleted {
		t.Errorf("released: %+v, %v", status, err)
	}
}

func TestPeriodIsSentForClientChoiceOnly(t *testing.T) {
	t.Parallel()
	for _, warm := range []bool{true, false} {
		b := setup(t)
		flex := product(t, b, upstream.KindHosting, upstream.BillingClientChoice)
		yearly := product(t, b, upstream.KindHosting, upstream.BillingYearly)
		monthly := product(t, b, upstream.KindHosting, upstream.BillingMonthly)
		client := b.client
		if !warm { // a process that has not read the catalogue
			var err error
			if client, err = ljpc.New(ljpc.Config{BaseURL: b.server.URL, APIKey: testKey}); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.CloseIdle)
		}
		for _, tt := range []struct {
			item upstream.OrderItem
			code string
			sent string
		}{
			{hosting(flex, "a.nl", "year"), "", "yearly"},
			{hosting(flex, "b.nl", "month"), "", "monthly"},
			{hosting(flex, "c.nl", ""), "cycle_required", ""},
			{hosting(yearly, "d.nl", "month"), "cycle_too_short", ""},
			{hosting(yearly, "e.nl", "year"), "", "yearly"},
			{hosting(monthly, "f.nl", "year"), "", "monthly"},
			{hosting(monthly, "g.nl", "week"), "cycle_unknown", ""},
		} {
			before := len(b.sandbox.Orders())
			_, err := client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{tt.item}})
			if got := codeOf(err); got != tt.code {
				t.Errorf("%s by the %q: %v, want code %q", tt.item.Domain, tt.item.Cycle, err, tt.code)
				continue
			}
			orders := b.sandbox.Orders()
			if tt.code != "" && len(orders) != before {
				t.Errorf("%s was sent", tt.item.Domain)
			}
			if tt.code == "" && orders[len(orders)-1].Lines[0].BillingPeriod != tt.sent {
				t.Errorf("%s is billed %s, want %s", tt.item.Domain, orders[len(orders)-1].Lines[0].BillingPeriod, tt.sent)
			}
		}
	}
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.OutcomeOf(err).Code
}

func TestWhatTheDocumentRulesOutIsNotSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	forward := product(t, b, upstream.KindForward, upstream.BillingYearly)
	withTarget := func(target string) upstream.OrderItem {
		item := hosting(forward, "door.nl", "")
		item.TargetURL = target
		return item
	}
	for code, item := range map[string]upstream.OrderItem{
		"target_url_invalid": withTarget("example.com"),
		"domain_required":    hosting(forward, "", ""),
		"item_unknown":       {Type: "server", Domain: "a.nl"},
		"product_required":   {Type: upstream.ItemHosting, Domain: "a.nl"},
		"auth_code_required": {Type: upstream.ItemDomain, Action: upstream.ActionTransfer, Domain: "a.nl"},
		"action_unknown":     {Type: upstream.ItemDomain, Action: "renew", Domain: "a.nl"},
		"domain_invalid":     {Type: upstream.ItemDomain, Action: upstream.ActionRegister, Domain: "a"},
		"space_unknown":      {Type: upstream.ItemHostingOwn, Domain: "a.nl", SpaceID: 7},
	} {
		_, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{item}})
		if codeOf(err) != code || !errors.Is(err, upstream.ErrInvalid) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	for _, target := range []string{"", "ftp://example.com", "javascript:alert(1)", "//example.com"} {
		if _, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{withTarget(target)}}); codeOf(err) != "target_url_invalid" {
			t.Errorf("%q: %v", target, err)
		}
	}
	if n := b.sandbox.Calls()[ljpc.OpPlaceOrder]; n != 0 {
		t.Errorf("%d orders were sent", n)
	}
	if status := finished(t, b, withTarget("https://example.com/shop")); status.State != upstream.OrderCompleted {
		t.Errorf("a good forward: %+v", status)
	}
}

func TestOwnSpaceIsOrderedWithoutAProduct(t *testing.T) {
	t.Parallel()
	b := setup(t)
	item := upstream.OrderItem{Type: upstream.ItemHostingOwn, Domain: "eigen.nl", SpaceID: 101}
	if status := finished(t, b, item); status.State != upstream.OrderCompleted || status.Lines[0].SiteID == "" {
		t.Fatalf("%+v", status)
	}
	if line := b.sandbox.Orders()[0].Lines[0]; line.SpaceID != 101 || !line.Cost.IsZero() {
		t.Errorf("%+v", line)
	}
}

func TestForeignOrderIsForbiddenAndUnknownOneNotFound(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *sandbox.Options, _ *ljpc.Config) {
		o.Keys = []sandbox.Key{{Secret: testKey, Account: "one"}, {Secret: "other", Account: "two"}}
	})
	item := upstream.OrderItem{Type: upstream.ItemDomain, Action: upstream.ActionRegister, Domain: "a.nl"}
	id, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{item}})
	if err != nil {
		t.Fatal(err)
	}
	other, err := ljpc.New(ljpc.Config{BaseURL: b.server.URL, APIKey: "other"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.CloseIdle)
	if _, err := other.Order(t.Context(), id); !errors.Is(err, upstream.ErrForbidden) {
		t.Errorf("foreign: %v", err)
	}
	if _, err := b.client.Order(t.Context(), "777"); !errors.Is(err, upstream.ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
}
