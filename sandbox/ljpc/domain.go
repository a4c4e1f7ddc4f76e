package ljpc

import (
	"net/http"
	"strings"
	"time"

	"hostfront/money"
)

// Domain is a name that an account has here.
type Domain struct {
	Name, Account, ContactHandle string
	RegisteredAt, ExpiresAt      time.Time
	AutoRenew                    bool
	Nameservers                  []string
	AuthCode                     string
	// Hold is more words of its status, such as clientHold; empty is none.
	Hold string
	// Renewals counts the years that were added by themselves.
	Renewals int
	// OrderID is the order that brought it, 0 for a direct registration.
	OrderID int64
}

// DomainPrice is a price for one name instead of its TLD's.
type DomainPrice struct {
	Cost    money.Amount
	Premium bool
}

// ownNameservers are what names get, and what makes DNS changes reach the world.
var ownNameservers = []string{"ns1.ljpc.systems", "ns2.ljpc.systems"}

// knownElsewhere are first labels that are taken in any TLD.
var knownElsewhere = []string{"google", "example", "ljpc", "facebook", "amazon", "microsoft"}

// SetDomainPrice gives one name a price of its own, as registries do for premium names.
func (s *Server) SetDomainPrice(name string, p DomainPrice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prices[name] = p
}

// taken tells whether a name is registered: here, or anywhere else.
func (s *Server) taken(name string) bool {
	if s.state.Domains[name] != nil {
		return true
	}
	label, _, _ := strings.Cut(name, ".")
	for _, known := range knownElsewhere {
		if label == known {
			return true
		}
	}
	return strings.Contains(label, "taken")
}

// exactPrice is what an account pays for a year of a name.
func (s *Server) exactPrice(name string, t TLD) DomainPrice {
	if p, special := s.prices[name]; special {
		return p
	}
	if strings.HasPrefix(name, "premium") {
		return DomainPrice{Cost: money.New(t.Cost.Minor*40, t.Cost.Currency), Premium: true}
	}
	return DomainPrice{Cost: t.Cost}
}

// current moves a name's expiry on by the years that have passed: LJPc renews by
// itself, as long as nobody turned that off.
func (s *Server) current(d *Domain, now time.Time) *Domain {
	for d.AutoRenew && !now.Before(d.ExpiresAt) {
		d.ExpiresAt = d.ExpiresAt.AddDate(1, 0, 0)
		d.Renewals++
		s.effect("renew", d.Account, d.Name, "", now)
	}
	return d
}

// addDomain gives an account a name for a year.
func (s *Server) addDomain(d Domain, now time.Time) {
	d.RegisteredAt, d.ExpiresAt = now, now.AddDate(1, 0, 0)
	d.AutoRenew, d.Nameservers = true, ownNameservers
	d.AuthCode = "EPP-" + s.token()[:12]
	s.state.Domains[d.Name] = &d
}

func (d *Domain) status(now time.Time) string {
	if !now.Before(d.ExpiresAt) {
		return "expired"
	}
	if d.Hold != "" {
		return "clientTransferProhibited," + d.Hold
	}
	return "ok,clientTransferProhibited"
}

type wireDomain struct {
	Domain        string    `json:"domain"`
	Status        string    `json:"status"`
	RegisteredAt  time.Time `json:"registered_at"`
	ExpiresAt     time.Time `json:"expires_at"`
	AutoRenew     bool      `json:"auto_renew"`
	Nameservers   []string  `json:"nameservers"`
	ContactHandle *string   `json:"contact_handle"`
}

func (d *Domain) wire(now time.Time) wireDomain {
	w := wireDomain{
		Domain: d.Name, Status: d.status(now), RegisteredAt: d.RegisteredAt, ExpiresAt: d.ExpiresAt,
		AutoRenew: d.AutoRenew, Nameservers: append([]string{}, d.Nameservers...),
	}
	if d.ContactHandle != "" {
		w.ContactHandle = &d.ContactHandle
	}
	return w
}

var noDomain = refuse(http.StatusNotFound, "Domain not found")
