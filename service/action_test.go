package service_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hostfront/fault"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/service"
	"hostfront/upstream"
)

// both delivers a name and hosting, and gives their services.
func both(t *testing.T) (r *room, domain, hosting string) {
	t.Helper()
	r = open(t, nil)
	r.deliver(name("oln_1", "ann.nl"), site("oln_2", "ann.nl"))
	r.settle(time.Hour)
	return r, r.delivered("oln_1"), r.delivered("oln_2")
}

func TestSigningOnGivesAnotherURLEachTime(t *testing.T) {
	t.Parallel()
	r, domain, hosting := both(t)
	first, err := r.services.Login(t.Context(), r.customer.ID, hosting)
	r.must(err)
	second, err := r.services.Login(t.Context(), r.customer.ID, hosting)
	r.must(err)
	if first == "" || first == second {
		t.Fatalf("signed on at %q, then at %q", first, second)
	}
	if _, err := r.services.Login(t.Context(), r.customer.ID, domain); !fault.Is(err, "action_not_available") {
		t.Fatalf("signing on to a name answers %v", err)
	}
	if _, err := r.services.Login(t.Context(), "cus_other", hosting); !fault.Is(err, "not_found") {
		t.Fatalf("another customer's site answers %v", err)
	}
}

func TestOneMissingPermissionTakesOneFeature(t *testing.T) {
	t.Parallel()
	r, domain, hosting := both(t)
	r.ljpc.Withhold(sandbox.DefaultAPIKey, sandbox.PermissionLogin, sandbox.PermissionAuthCodes)
	if _, err := r.services.Login(t.Context(), r.customer.ID, hosting); !fault.Is(err, "action_not_available") {
		t.Fatalf("signing on answers %v", err)
	}
	if _, err := r.services.AuthCode(t.Context(), r.customer.ID, domain); !fault.Is(err, "action_not_available") {
		t.Fatalf("the auth code answers %v", err)
	}
	if _, err := r.services.Zone(t.Context(), r.customer.ID, domain); err != nil {
		t.Fatalf("the zone answers %v", err)
	}
	r.ljpc.Withhold(sandbox.DefaultAPIKey, sandbox.PermissionShowDomains, sandbox.PermissionSites)
	r.deliver(site("oln_3", "bob.nl"))
	r.settle(time.Hour)
	r.delivered("oln_3")
}

func TestUsageThatCannotBeReadIsTheLastOneAndSaysSo(t *testing.T) {
	t.Parallel()
	r, _, hosting := both(t)
	first, err := r.services.Get(t.Context(), r.customer.ID, hosting)
	r.must(err)
	if first.Usage == nil || first.Usage.Stale || !first.Usage.MeasuredAt.Equal(r.clock.Now()) {
		t.Fatalf("usage is %+v", first.Usage)
	}
	r.clock.Advance(time.Hour)
	r.ljpc.Faults(sandbox.Fault{Op: "sites.get", Kind: sandbox.FaultServerError})
	later, err := r.services.Get(t.Context(), r.customer.ID, hosting)
	r.must(err)
	if later.Usage == nil || !later.Usage.Stale || !later.Usage.MeasuredAt.Equal(first.Usage.MeasuredAt) {
		t.Fatalf("usage is %+v, was measured %s", later.Usage, first.Usage.MeasuredAt)
	}
}

func TestOfTwoEditorsOfAZoneTheSecondIsTold(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	domain := r.delivered("oln_1")
	zone, err := r.services.Zone(t.Context(), r.customer.ID, domain)
	r.must(err)
	record := upstream.Record{Type: "TXT", Name: "@", Content: "one", TTL: 3600}
	done, err := r.services.ReplaceZone(t.Context(), r.customer.ID, domain, service.Replacement{Records: []upstream.Record{record}, Version: zone.Version})
	r.must(err)
	if done.Pending {
		t.Fatal("the answer had not come")
	}
	record.Content = "two"
	_, err = r.services.ReplaceZone(t.Context(), r.customer.ID, domain, service.Replacement{Records: []upstream.Record{record}, Version: zone.Version})
	if !fault.Is(err, "zone_changed") {
		t.Fatalf("the second editor is told %v", err)
	}
}

func TestAZoneIsReplacedOnceAlsoWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	domain := r.delivered("oln_1")
	zone, err := r.services.Zone(t.Context(), r.customer.ID, domain)
	r.must(err)
	r.ljpc.Faults(sandbox.Fault{Op: "dns.replace", Kind: sandbox.FaultDropAfter})
	records := []upstream.Record{{Type: "A", Name: "@", Content: "192.0.2.1", TTL: 3600}}
	done, err := r.services.ReplaceZone(t.Context(), r.customer.ID, domain, service.Replacement{Records: records, Version: zone.Version})
	r.must(err)
	if !done.Pending {
		t.Fatal("a lost answer was shown as done")
	}
	r.settle(time.Hour)
	now, err := r.services.Zone(t.Context(), r.customer.ID, domain)
	r.must(err)
	if len(now.Records) != 1 || now.Version == zone.Version {
		t.Fatalf("the zone is %+v", now)
	}
}

func TestRecordsThatNoZoneHoldsAreRefused(t *testing.T) {
	t.Parallel()
	r, domain, _ := both(t)
	five := int64(5)
	for i, record := range []upstream.Record{
		{Type: "NS", Name: "@", Content: "ns1.example.org", TTL: 3600},
		{Type: "A", Name: "", Content: "192.0.2.1", TTL: 3600},
		{Type: "A", Name: "@", Content: "192.0.2.1", TTL: 5},
		{Type: "MX", Name: "@", Content: "mail.example.org", TTL: 3600},
		{Type: "A", Name: "@", Content: "192.0.2.1", TTL: 3600, Priority: &five},
	} {
		_, err := r.services.ReplaceZone(t.Context(), r.customer.ID, domain, service.Replacement{Records: []upstream.Record{record}})
		if e, ok := fault.As(err); !ok || len(e.Fields) != 1 {
			t.Errorf("record %d: %v", i, err)
		}
	}
	if r.ljpc.Calls()["dns.replace"] != 0 {
		t.Fatal("the upstream was asked")
	}
}

func TestNameserversAreChangedUpstream(t *testing.T) {
	t.Parallel()
	r, domain, _ := both(t)
	hosts := []string{"NS1.example.org", "ns2.example.org."}
	pending, err := r.services.SetNameservers(t.Context(), r.customer.ID, domain, hosts)
	r.must(err)
	got, err := r.services.Nameservers(t.Context(), r.customer.ID, domain)
	r.must(err)
	if pending || !slices.Equal(got, []string{"ns1.example.org", "ns2.example.org"}) {
		t.Fatalf("pending %v, nameservers %v", pending, got)
	}
	for _, bad := range [][]string{{"ns1.example.org"}, {"ns1.example.org", "NS1.example.org"}, {"ns1.example.org", "not a host"}} {
		if _, err := r.services.SetNameservers(t.Context(), r.customer.ID, domain, bad); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
	if code, err := r.services.AuthCode(t.Context(), r.customer.ID, domain); err != nil || code == "" {
		t.Fatalf("auth code %q, %v", code, err)
	}
}

func TestAListOffersWhatTheSingleServiceOffers(t *testing.T) {
	t.Parallel()
	r, domain, hosting := both(t)
	r.deliver(name("oln_3", "bob.nl"))
	r.settle(time.Hour)
	alone := r.delivered("oln_3")
	same := func() {
		t.Helper()
		listed, _, err := r.services.List(t.Context(), r.customer.ID, "", 0)
		r.must(err)
		for _, one := range listed {
			got, err := r.services.Get(t.Context(), r.customer.ID, one.ID)
			r.must(err)
			if !slices.Equal(one.Actions, got.Actions) || one.ZoneManaged != got.ZoneManaged {
				t.Errorf("the list offers %v (managed %v) of %s, the service %v (managed %v)", one.Actions, one.ZoneManaged, one.Name, got.Actions, got.ZoneManaged)
			}
			if can := slices.Contains(one.Actions, service.ActionReplaceDNS); can != (one.ID == alone) {
				t.Errorf("of %s replacing is offered: %v (names %s and %s, hosting %s)", one.ID, can, domain, alone, hosting)
			}
		}
	}
	same()
	r.deliver(site("oln_4", "bob.nl")) // the name was seen without hosting; now the panel has it
	r.settle(time.Hour)
	r.delivered("oln_4")
	alone = ""
	same()
}

func TestAZoneThatNobodyCouldSeeIsNotOfferedToBeReplaced(t *testing.T) {
	t.Parallel()
	r, domain, _ := both(t)
	r.ljpc.Faults(sandbox.Fault{Op: "dns.get", Kind: sandbox.FaultServerError, Times: -1})
	listed, _, err := r.services.List(t.Context(), r.customer.ID, "", 0)
	r.must(err)
	for _, one := range listed {
		if one.ID == domain && slices.Contains(one.Actions, service.ActionReplaceDNS) {
			t.Error("it is offered blindly")
		}
	}
}

// Each list would else ask LJPc again for what it has just refused.
func TestAZoneThatTheKeyMayNotSeeIsAskedForOnce(t *testing.T) {
	t.Parallel()
	r, _, _ := both(t)
	r.ljpc.Withhold(sandbox.DefaultAPIKey, sandbox.PermissionDNS)
	asked := r.ljpc.Calls()["dns.get"]
	for range 3 {
		_, _, err := r.services.List(t.Context(), r.customer.ID, "", 0)
		r.must(err)
	}
	if n := r.ljpc.Calls()["dns.get"] - asked; n != 1 {
		t.Errorf("three lists asked %d times", n)
	}
}

func TestAZoneOfTheControlPanelIsOfferedReadOnly(t *testing.T) {
	t.Parallel()
	r, domain, _ := both(t)
	got, err := r.services.Get(t.Context(), r.customer.ID, domain)
	r.must(err)
	if !got.ZoneManaged || slices.Contains(got.Actions, service.ActionReplaceDNS) || !slices.Contains(got.Actions, service.ActionDNS) {
		t.Fatalf("managed %v, offers %v", got.ZoneManaged, got.Actions)
	}
	zone, err := r.services.Zone(t.Context(), r.customer.ID, domain)
	r.must(err)
	if !zone.Managed || len(zone.Records) == 0 {
		t.Fatalf("the zone is %+v", zone)
	}
	listed, _, err := r.services.List(t.Context(), r.customer.ID, "", 0)
	r.must(err)
	for _, one := range listed {
		if one.ID == domain && !one.ZoneManaged {
			t.Error("the list forgot what was seen")
		}
	}
	r.ljpc.SetZone(sandbox.Zone{Domain: "ann.nl", Source: "manual", Records: []sandbox.Record{}})
	r.clock.Advance(time.Hour)
	got, err = r.services.Get(t.Context(), r.customer.ID, domain)
	r.must(err)
	if got.ZoneManaged || !slices.Contains(got.Actions, service.ActionReplaceDNS) {
		t.Fatalf("after the panel let go: managed %v, offers %v", got.ZoneManaged, got.Actions)
	}
}

func TestWhatAnUpstreamCannotDoIsAMissingAction(t *testing.T) {
	t.Parallel()
	r, domain, hosting := both(t)
	for id, want := range map[string]string{domain: "[dns auth_code nameservers]" /* the panel of its hosting keeps the zone */, hosting: "[login usage]"} {
		got, err := r.services.Get(t.Context(), r.customer.ID, id)
		r.must(err)
		if fmt.Sprint(got.Actions) != want {
			t.Errorf("%s can %v, want %s", got.Kind, got.Actions, want)
		}
	}
	poor, err := service.New(service.Config{
		Store: r.store, Clock: r.clock, Tasks: r.tasks, Events: r.events, Billing: r.billing, Accounts: r.accounts,
		Sealer: r.sealer, Adapters: []service.Adapter{nameOnly("ljpc")},
	})
	r.must(err)
	got, err := poor.Get(t.Context(), r.customer.ID, hosting)
	r.must(err)
	if len(got.Actions) != 0 {
		t.Fatalf("an upstream that can do nothing offers %v", got.Actions)
	}
}

type nameOnly string

func (n nameOnly) Name() string { return string(n) }
