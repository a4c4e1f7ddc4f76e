package upstreamtest

import (
	"errors"
	"testing"

	"hostfront/fault"
	"hostfront/upstream"
)

// register: a name can be had once, and reads back.
func register(t *testing.T, s Subject) {
	registrar := capability[upstream.DomainRegistrar](t, s)
	handle := newContact(t, s)
	if err := registrar.RegisterDomain(t.Context(), s.Free, handle); err != nil {
		t.Fatalf("register %s: %v", s.Free, err)
	}
	before := s.Effects()
	err := registrar.RegisterDomain(t.Context(), s.Free, handle)
	wantOutcome(t, "registering it again", err, fault.Rejected, upstream.ErrConflict)
	err = registrar.RegisterDomain(t.Context(), s.Unsold, handle)
	wantOutcome(t, "registering under a TLD that is not sold", err, fault.Rejected, nil)
	err = registrar.RegisterDomain(t.Context(), "x"+s.Free, "no-such-handle")
	wantOutcome(t, "registering on a handle that is not ours", err, fault.Rejected, nil)
	if s.Effects() != before {
		t.Error("a refused registration had an effect")
	}
	domains := capability[upstream.Domains](t, s)
	d, err := domains.Domain(t.Context(), s.Free)
	if err != nil || d.Name != s.Free || d.ExpiresAt.IsZero() {
		t.Errorf("reading it back: %+v, %v", d, err)
	}
	all, err := domains.Domains(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != s.Free {
		t.Fatalf("the list: %+v, %v", all, err)
	}
	// The nightly comparison reads the list alone: what it leaves out is never compared.
	same := (all[0].AutoRenew == nil) == (d.AutoRenew == nil) && (d.AutoRenew == nil || *all[0].AutoRenew == *d.AutoRenew)
	if !all[0].ExpiresAt.Equal(d.ExpiresAt) || !same {
		t.Errorf("the list tells %+v of a name, read by itself it is %+v", all[0], d)
	}
}

// contacts: stored, listed, changed; what is refused says so.
func contacts(t *testing.T, s Subject) {
	c := capability[upstream.Contacts](t, s)
	handle := newContact(t, s)
	_, err := c.CreateContact(t.Context(), s.BadContact)
	wantOutcome(t, "a contact with a bad field", err, fault.Rejected, upstream.ErrInvalid)
	err = c.UpdateContact(t.Context(), handle, upstream.Contact{City: "Utrecht"})
	if err != nil {
		t.Fatal(err)
	}
	err = c.UpdateContact(t.Context(), "no-such-handle", upstream.Contact{City: "Utrecht"})
	wantOutcome(t, "changing a contact that is not ours", err, fault.Rejected, upstream.ErrNotFound)
	all, err := c.Contacts(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("the list: %+v, %v", all, err)
	}
	want := s.Contact
	want.Handle, want.City = handle, "Utrecht"
	if all[0] != want {
		t.Errorf("stored %+v, want %+v", all[0], want)
	}
}

func newContact(t *testing.T, s Subject) string {
	t.Helper()
	handle, err := capability[upstream.Contacts](t, s).CreateContact(t.Context(), s.Contact)
	if err != nil || handle == "" {
		t.Fatalf("create a contact: %q, %v", handle, err)
	}
	return handle
}

// reads: what is not there is ErrNotFound, which is final.
func reads(t *testing.T, s Subject) {
	if d, has := s.Adapter.(upstream.Domains); has {
		_, err := d.Domain(t.Context(), s.Free)
		wantOutcome(t, "a name that is not ours", err, fault.Rejected, upstream.ErrNotFound)
	}
	if c, has := s.Adapter.(upstream.Sites); has {
		_, err := c.Site(t.Context(), "999999999")
		wantOutcome(t, "a site that is not ours", err, fault.Rejected, upstream.ErrNotFound)
	}
}

// wantOutcome checks the two things that every error must tell.
func wantOutcome(t *testing.T, what string, err error, result fault.Result, is error) {
	t.Helper()
	var o *fault.Outcome
	if !errors.As(err, &o) || o.Result != result {
		t.Errorf("%s: %v, want an outcome of %s", what, err, result)
		return
	}
	if o.Code == "" || (is != nil && !errors.Is(err, is)) {
		t.Errorf("%s: %v, want a code and the cause %v", what, err, is)
	}
}
