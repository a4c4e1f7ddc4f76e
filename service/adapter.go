package service

import (
	"errors"
	"fmt"

	"hostfront/fault"
	"hostfront/upstream"
)

// Adapter is an upstream as far as this package needs every one to be: it has a
// name. What else it can do is found by asking for the capability.
type Adapter interface{ Name() string }

// adapter is one upstream with its capabilities; nil is what it cannot do.
type adapter struct {
	name      string
	registrar upstream.DomainRegistrar
	pricer    upstream.DomainPricer
	domains   upstream.Domains
	contacts  upstream.Contacts
	zones     upstream.DNSZones
	sites     upstream.Sites
	signOn    upstream.SingleSignOn
	orderer   upstream.Orderer
	changer   upstream.ProductChanger
	rights    upstream.Restricted
	listing   siteListing

	suspender  upstream.Suspender
	terminator upstream.Terminator
}

func capabilities(a Adapter) *adapter {
	c := &adapter{name: a.Name()}
	c.registrar, _ = a.(upstream.DomainRegistrar)
	c.pricer, _ = a.(upstream.DomainPricer)
	c.domains, _ = a.(upstream.Domains)
	c.contacts, _ = a.(upstream.Contacts)
	c.zones, _ = a.(upstream.DNSZones)
	c.sites, _ = a.(upstream.Sites)
	c.signOn, _ = a.(upstream.SingleSignOn)
	c.orderer, _ = a.(upstream.Orderer)
	c.changer, _ = a.(upstream.ProductChanger)
	c.rights, _ = a.(upstream.Restricted)
	c.suspender, _ = a.(upstream.Suspender)
	c.terminator, _ = a.(upstream.Terminator)
	return c
}

// at finds an upstream; one that is no longer configured waits for a person, since
// it may be a setting that went missing.
func (s *Services) at(name string) (*adapter, error) {
	if a, ok := s.adapters[name]; ok {
		return a, nil
	}
	return nil, fault.Came(fault.Held, "upstream_not_configured", fmt.Sprintf("upstream %q is not configured", name))
}

func cannot(a *adapter, what string) error {
	return fault.Came(fault.Held, "capability_missing", fmt.Sprintf("upstream %s cannot %s", a.name, what))
}

// may is false while the upstream's key is known to lack the permission for a feature.
func (a *adapter) may(f upstream.Feature) bool {
	return a.rights == nil || a.rights.May(f) != upstream.LeaveDenied
}

// CodeUnavailable is the code of a change that the upstream's key has no permission for:
// nothing was changed.
const CodeUnavailable = "feature_unavailable"

// unpermitted ends a change that costs nothing when the key may not make it: nobody has paid, and
// a task that waited for a person would keep every later change of the same thing waiting.
func unpermitted(err error) error {
	if errors.Is(err, upstream.ErrForbidden) {
		return fault.Came(fault.Rejected, CodeUnavailable, "the key has no permission for it").Because(err)
	}
	return err
}

// degraded turns a read that the key has no permission for, or that failed, into
// an error fit for the customer: the feature is away, nothing else is.
func degraded(err error) error {
	if errors.Is(err, upstream.ErrForbidden) || errors.Is(err, upstream.ErrNotFound) {
		return fault.New(fault.Conflict, "action_not_available", "This is not available for this service at the moment.").Because(err)
	}
	var e *fault.Error
	if errors.As(err, &e) {
		return e
	}
	return fault.New(fault.Away, "upstream_unavailable", "The supplier cannot be reached at the moment; try again in a minute.").
		Because(err).After(usageFresh)
}
