package agree

import (
	"strings"
	"time"

	"hostfront/upstream"
)

// The differences.
const (
	// DomainUnowned is a name that is renewed upstream and that no live service has.
	DomainUnowned = "domain_unowned"
	// DomainGone is a customer's name that is not on the account.
	DomainGone = "domain_gone"
	// DomainRenews is a customer's name that is left to lapse here and renewed upstream.
	DomainRenews = "domain_renews"
	// DomainStops is a customer's name that is kept here and not renewed upstream.
	DomainStops = "domain_stops"
	// DomainExpired is a customer's name that is kept here and whose expiry upstream has passed:
	// the renewal was not made.
	DomainExpired = "domain_expired"
	// ExpiryDiffers is another expiry upstream than here.
	ExpiryDiffers = "expiry_differs"
	// SiteUnowned is a site upstream that no live service has.
	SiteUnowned = "site_unowned"
	// SiteGone is a customer's site that is not on the account.
	SiteGone = "site_gone"
)

// The kinds of what is compared.
const (
	kindDomain  = "domain"
	kindHosting = "hosting"
	kindSite    = "site"
)

// Young is how long after its delivery a service may be missing in a list that was read
// about then.
const Young = 24 * time.Hour

// Ahead is how long before an expiry it matters whether a name is renewed.
const Ahead = 60 * 24 * time.Hour

// Late is how long after an expiry a name that is kept should have been renewed.
const Late = 24 * time.Hour

// Service is what a customer has, as far as it is compared.
type Service struct {
	ID, CustomerID, SubscriptionID string
	// Kind is domain or hosting; Name is an A-label; SiteID the upstream's id of a site.
	Kind, Name, SiteID string
	// ExpiresAt is a name's expiry as it is known here, zero when it is not.
	ExpiresAt time.Time
	// Keeps is false for a name that is left to lapse: it is to be renewed no more.
	Keeps     bool
	CreatedAt time.Time
}

// Holdings is what an upstream has for the account.
type Holdings struct {
	// Domains and Sites are empty when they could not be read, or were told to be: nothing
	// is said about them then.
	Domains []upstream.Domain
	Sites   []upstream.Site
	// ReadAt is when, by the shop's clock.
	ReadAt time.Time
}

// Difference is something on which the two sides do not agree.
type Difference struct {
	Code string
	// Service is what the customer has; of something unowned it is empty.
	Service Service
	// Domain or Site is what the upstream has; of something gone it is empty.
	Domain upstream.Domain
	Site   upstream.Site
}

// About names what differs: a domain name, or a site's id.
func (d Difference) About() string {
	switch d.Code {
	case SiteUnowned:
		return d.Site.ID
	case SiteGone:
		return d.Service.SiteID
	case DomainUnowned:
		return d.Domain.Name
	}
	return d.Service.Name
}

// Comparison holds services, in pages and in any order, against what an upstream has.
// It keeps nothing of a service.
type Comparison struct {
	readAt  time.Time
	domains map[string]*upstream.Domain
	sites   map[string]*upstream.Site
	// owned are those of them that a service has.
	owned map[string]bool
}

// NewComparison begins one.
func NewComparison(h Holdings) *Comparison {
	c := &Comparison{readAt: h.ReadAt, owned: map[string]bool{}}
	if len(h.Domains) > 0 {
		c.domains = make(map[string]*upstream.Domain, len(h.Domains))
		for i := range h.Domains {
			c.domains[strings.ToLower(h.Domains[i].Name)] = &h.Domains[i]
		}
	}
	if len(h.Sites) > 0 {
		c.sites = make(map[string]*upstream.Site, len(h.Sites))
		for i := range h.Sites {
			c.sites[h.Sites[i].ID] = &h.Sites[i]
		}
	}
	return c
}

// Of gives the upstream's word on a service's name; nil when it has none.
func (c *Comparison) Of(s Service) *upstream.Domain {
	if s.Kind != kindDomain {
		return nil
	}
	return c.domains[s.Name]
}

// Add compares one live service.
func (c *Comparison) Add(s Service) []Difference {
	switch {
	case s.Kind == kindDomain && c.domains != nil:
		return c.addDomain(s)
	case s.Kind == kindHosting && c.sites != nil && s.SiteID != "":
		c.owned[kindSite+s.SiteID] = true
		if c.sites[s.SiteID] == nil && !c.young(s) {
			return []Difference{{Code: SiteGone, Service: s}}
		}
	}
	return nil
}

func (c *Comparison) addDomain(s Service) (found []Difference) {
	c.owned[kindDomain+s.Name] = true
	theirs := c.domains[s.Name]
	if theirs == nil {
		if c.young(s) {
			return nil
		}
		return []Difference{{Code: DomainGone, Service: s}}
	}
	add := func(code string) { found = append(found, Difference{Code: code, Service: s, Domain: *theirs}) }
	if !theirs.ExpiresAt.IsZero() && !theirs.ExpiresAt.Equal(s.ExpiresAt) {
		add(ExpiryDiffers)
	}
	switch {
	case c.expired(s, *theirs):
		add(DomainExpired)
	case theirs.AutoRenew == nil || theirs.ExpiresAt.After(c.readAt.Add(Ahead)):
	case *theirs.AutoRenew && !s.Keeps:
		add(DomainRenews)
	case !*theirs.AutoRenew && s.Keeps:
		add(DomainStops)
	}
	return found
}

// expired: it was to be renewed and has not been, whatever the upstream says that it will do.
func (c *Comparison) expired(s Service, theirs upstream.Domain) bool {
	return s.Keeps && !theirs.ExpiresAt.IsZero() && theirs.ExpiresAt.Before(c.readAt.Add(-Late))
}

func (c *Comparison) young(s Service) bool { return s.CreatedAt.After(c.readAt.Add(-Young)) }

// Rest gives what the upstream has and no service that was added. A name that is not
// renewed lapses by itself: it costs nothing more.
func (c *Comparison) Rest() (found []Difference) {
	for name, d := range c.domains {
		if !c.owned[kindDomain+name] && (d.AutoRenew == nil || *d.AutoRenew) {
			found = append(found, Difference{Code: DomainUnowned, Domain: *d})
		}
	}
	for id, s := range c.sites {
		if !c.owned[kindSite+id] {
			found = append(found, Difference{Code: SiteUnowned, Site: *s})
		}
	}
	return found
}
