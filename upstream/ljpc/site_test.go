package ljpc_test

import (
	"errors"
	"net/http"
	"testing"

	"hostfront/upstream"
)

func TestSiteHasNoUsageAtFirstAndSignsInOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := product(t, b, upstream.KindHosting, upstream.BillingMonthly)
	status := finished(t, b, hosting(p, "site.nl", ""))
	id := status.Lines[0].SiteID
	site, err := b.client.Site(t.Context(), id)
	if err != nil || site.Domain != "site.nl" || site.DiskUsedBytes != nil || site.EmailUsedBytes != nil || site.QuotaBytes == nil || *site.QuotaBytes%(1<<30) != 0 {
		t.Fatalf("%+v, %v", site, err)
	}
	if site, err = b.client.Site(t.Context(), id); err != nil || site.DiskUsedBytes == nil {
		t.Errorf("at the second look: %+v, %v", site, err)
	}
	if sites, err := b.client.Sites(t.Context()); err != nil || len(sites) != 1 || sites[0].ID != id {
		t.Errorf("list: %+v, %v", sites, err)
	}
	link, err := b.client.LoginURL(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusOK, http.StatusGone} {
		answer, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("signing in: %d, want %d", answer.StatusCode, want)
		}
	}
}

func TestForwardHasNoPanelToSignInTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	item := hosting(product(t, b, upstream.KindForward, upstream.BillingYearly), "door.nl", "")
	item.TargetURL = "https://example.com"
	id := finished(t, b, item).Lines[0].SiteID
	if link, err := b.client.LoginURL(t.Context(), id); err != nil || link != "" {
		t.Errorf("%q, %v", link, err)
	}
	if _, err := b.client.LoginURL(t.Context(), "424242"); !errors.Is(err, upstream.ErrNotFound) {
		t.Errorf("unknown site: %v", err)
	}
}

func TestDNSIsReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	registered(t, b, "zone.nl")
	zone, err := b.client.Zone(t.Context(), "zone.nl")
	if err != nil || len(zone.Records) != 0 || zone.Domain != "zone.nl" {
		t.Fatalf("no zone yet: %+v, %v", zone, err)
	}
	prio := int64(10)
	records := []upstream.Record{
		{Type: "A", Name: "@", Content: "192.0.2.1", TTL: 300}, {Type: "MX", Name: "@", Content: "mail.zone.nl", TTL: 3600, Priority: &prio},
	}
	if synced, err := b.client.ReplaceZone(t.Context(), "zone.nl", records); err != nil || !synced {
		t.Fatalf("synced %v, %v", synced, err)
	}
	zone, err = b.client.Zone(t.Context(), "zone.nl")
	if err != nil || zone.Source != "manual" || len(zone.Records) != 2 || *zone.Records[1].Priority != 10 || zone.Records[0].Priority != nil {
		t.Fatalf("%+v, %v", zone, err)
	}
	elsewhere := upstream.DomainUpdate{Nameservers: []string{"ns1.example.net", "ns2.example.net"}}
	if err := b.client.UpdateDomain(t.Context(), "zone.nl", elsewhere); err != nil {
		t.Fatal(err)
	}
	if synced, err := b.client.ReplaceZone(t.Context(), "zone.nl", nil); err != nil || synced {
		t.Errorf("clearing a zone delegated elsewhere: synced %v, %v", synced, err)
	}
	if zone, err = b.client.Zone(t.Context(), "zone.nl"); err != nil || len(zone.Records) != 0 {
		t.Errorf("cleared: %+v, %v", zone, err)
	}
}

func TestBadRecordIsNotSentAndPanelsZoneIsAConflict(t *testing.T) {
	t.Parallel()
	b := setup(t)
	registered(t, b, "paneel.nl")
	finished(t, b, hosting(product(t, b, upstream.KindHosting, upstream.BillingMonthly), "paneel.nl", ""))
	good := upstream.Record{Type: "A", Name: "@", Content: "192.0.2.1", TTL: 300}
	for name, change := range map[string]func(*upstream.Record){
		"NS": func(r *upstream.Record) { r.Type = "NS" }, "short TTL": func(r *upstream.Record) { r.TTL = 59 },
		"long TTL": func(r *upstream.Record) { r.TTL = 86401 }, "MX without priority": func(r *upstream.Record) { r.Type = "MX" },
		"no content": func(r *upstream.Record) { r.Content = "" },
	} {
		record := good
		change(&record)
		if _, err := b.client.ReplaceZone(t.Context(), "paneel.nl", []upstream.Record{record}); !errors.Is(err, upstream.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := b.sandbox.Calls()["dns.replace"]; n != 0 {
		t.Errorf("%d bad zones were sent", n)
	}
	if _, err := b.client.ReplaceZone(t.Context(), "paneel.nl", []upstream.Record{good}); !errors.Is(err, upstream.ErrConflict) {
		t.Errorf("a zone of the panel's: %v", err)
	}
}
