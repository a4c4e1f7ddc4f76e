package ljpc_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hostfront/fault"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// registered registers a name on a new contact.
func registered(t *testing.T, b bundle, name string) {
	t.Helper()
	handle, err := b.client.CreateContact(t.Context(), person())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.client.RegisterDomain(t.Context(), name, handle); err != nil {
		t.Fatal(err)
	}
}

func TestNameExpiresAYearLaterAndRenewsByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	registered(t, b, "jaar.nl")
	d, err := b.client.Domain(t.Context(), "jaar.nl")
	if err != nil || !d.ExpiresAt.Equal(time.Date(2027, 1, 31, 10, 0, 0, 0, time.UTC)) || d.AutoRenew == nil || !*d.AutoRenew {
		t.Fatalf("%+v, %v", d, err)
	}
	if !strings.Contains(d.Status, ",") || len(d.Nameservers) != 2 || d.ContactHandle == "" {
		t.Errorf("%+v", d)
	}
	b.clock.Advance(366 * 24 * time.Hour)
	d, err = b.client.Domain(t.Context(), "jaar.nl")
	if err != nil || d.ExpiresAt.Year() != 2028 {
		t.Errorf("after a year: %v, %v", d.ExpiresAt, err)
	}
	off := false
	if err := b.client.UpdateDomain(t.Context(), "jaar.nl", upstream.DomainUpdate{AutoRenew: &off}); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(800 * 24 * time.Hour)
	d, err = b.client.Domain(t.Context(), "jaar.nl")
	if err != nil || d.ExpiresAt.Year() != 2028 || d.Status != "expired" || *d.AutoRenew {
		t.Errorf("with renewal off: %+v, %v", d, err)
	}
}

func TestUpdateChangesWhatIsSetAndNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	registered(t, b, "wijzig.nl")
	err := b.client.UpdateDomain(t.Context(), "wijzig.nl", upstream.DomainUpdate{Nameservers: []string{"ns1.example.net", "ns2.example.net"}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := b.client.Domain(t.Context(), "wijzig.nl")
	if err != nil || d.Nameservers[0] != "ns1.example.net" || d.ContactHandle == "" || !*d.AutoRenew {
		t.Errorf("%+v, %v", d, err)
	}
	wrong := "LJ999999-NL"
	if err := b.client.UpdateDomain(t.Context(), "wijzig.nl", upstream.DomainUpdate{ContactHandle: &wrong}); !errors.Is(err, upstream.ErrNotFound) {
		t.Errorf("a foreign handle: %v", err)
	}
	if err := b.client.UpdateDomain(t.Context(), "wijzig.nl", upstream.DomainUpdate{Nameservers: []string{"one"}}); !errors.Is(err, upstream.ErrInvalid) {
		t.Errorf("one nameserver: %v", err)
	}
	if code, err := b.client.AuthCode(t.Context(), "wijzig.nl"); err != nil || code == "" {
		t.Errorf("auth code %q, %v", code, err)
	}
	if _, err := b.client.AuthCode(t.Context(), "anders.nl"); !errors.Is(err, upstream.ErrNotFound) {
		t.Errorf("auth code of a foreign name: %v", err)
	}
}

func TestNamesOfAnotherAccountAreNotThere(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *sandbox.Options, _ *ljpc.Config) {
		o.Keys = []sandbox.Key{{Secret: testKey, Account: "one"}, {Secret: "other", Account: "two"}}
	})
	registered(t, b, "mijn.nl")
	other, err := ljpc.New(ljpc.Config{BaseURL: b.server.URL, APIKey: "other"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.CloseIdle)
	if _, err := other.Domain(t.Context(), "mijn.nl"); !errors.Is(err, upstream.ErrNotFound) {
		t.Errorf("read: %v", err)
	}
	if list, err := other.Domains(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("list: %v, %v", list, err)
	}
	handle := b.sandbox.Contacts()[0].Handle
	if err := other.RegisterDomain(t.Context(), "hunne.nl", handle); fault.OutcomeOf(err).Result != fault.Rejected {
		t.Errorf("registering on a foreign handle: %v", err)
	}
}

func TestTransferIsAnOrderThatTheRegistryMayRefuse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.sandbox.Faults(sandbox.Fault{Kind: sandbox.FaultRefuseAuthCode})
	first := finished(t, b, upstream.OrderItem{Type: upstream.ItemDomain, Action: upstream.ActionTransfer, Domain: "verhuis.co.uk", AuthCode: "abc"})
	if first.State != "" {
		t.Fatalf("a TLD without transfer was ordered: %+v", first)
	}
	status := finished(t, b, upstream.OrderItem{Type: upstream.ItemDomain, Action: upstream.ActionTransfer, Domain: "verhuis.nl", AuthCode: "abc"})
	if status.State != upstream.OrderFailed || status.Lines[0].Cause != upstream.CauseAuthCode {
		t.Fatalf("%+v", status)
	}
	status = finished(t, b, upstream.OrderItem{Type: upstream.ItemDomain, Action: upstream.ActionTransfer, Domain: "verhuis.nl", AuthCode: "good"})
	if status.State != upstream.OrderCompleted {
		t.Fatalf("%+v", status)
	}
	if d, err := b.client.Domain(t.Context(), "verhuis.nl"); err != nil || d.ExpiresAt.IsZero() {
		t.Errorf("%+v, %v", d, err)
	}
}

// finished orders one line and looks until it is over; the zero status when the
// order was refused.
func finished(t *testing.T, b bundle, item upstream.OrderItem) upstream.OrderStatus {
	t.Helper()
	id, err := b.client.PlaceOrder(t.Context(), upstream.OrderRequest{Reference: "ref", Lines: []upstream.OrderItem{item}})
	if err != nil {
		return upstream.OrderStatus{}
	}
	for range 10 {
		status, err := b.client.Order(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if status.State == upstream.OrderCompleted || status.State == upstream.OrderFailed {
			return status
		}
	}
	t.Fatal("the order is never over")
	return upstream.OrderStatus{}
}
