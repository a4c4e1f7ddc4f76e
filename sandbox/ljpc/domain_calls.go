package ljpc

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// asked are the names in a query: domain=a, repeated, or as an array.
func asked(query url.Values) []string {
	var names []string
	for key, values := range query {
		if key == "domain" || strings.HasPrefix(key, "domain[") {
			names = append(names, values...)
		}
	}
	for i, name := range names {
		names[i] = strings.ToLower(name)
	}
	return names
}

// checkDomains answers with a word for each name; "unknown" for a TLD that is not sold.
func (s *Server) checkDomains(c *call) answer {
	names := asked(c.URL.Query())
	if len(names) == 0 {
		return refuse(http.StatusUnprocessableEntity, "The domain field is required.")
	}
	words := map[string]string{}
	for _, name := range names {
		_, sold := s.tldOf(name)
		switch {
		case !sold:
			words[name] = "unknown"
		case s.taken(name):
			words[name] = "taken"
		default:
			words[name] = "available"
		}
	}
	return ok(words)
}

type wireMoney struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type wirePrice struct {
	Price   wireMoney `json:"price"`
	Premium bool      `json:"premium"`
}

// priceDomains answers with the exact price of each name; null for a TLD that is not sold.
func (s *Server) priceDomains(c *call) answer {
	names := asked(c.URL.Query())
	if len(names) == 0 {
		return refuse(http.StatusUnprocessableEntity, "The domain field is required.")
	}
	prices := map[string]*wirePrice{}
	for _, name := range names {
		prices[name] = nil
		if t, sold := s.tldOf(name); sold {
			p := s.exactPrice(name, t)
			prices[name] = &wirePrice{wireMoney{p.Cost.Format(), string(p.Cost.Currency)}, p.Premium}
		}
	}
	return ok(prices)
}

func (s *Server) listDomains(c *call) answer {
	s.deliverByClock(c.now)
	list := []wireDomain{}
	for _, d := range s.state.Domains {
		if d.Account == c.account() {
			list = append(list, s.current(d, c.now).wire(c.now))
		}
	}
	slices.SortFunc(list, func(a, b wireDomain) int { return strings.Compare(a.Domain, b.Domain) })
	return ok(list)
}

// own finds a name of the caller's; somebody else's is not there.
func (s *Server) own(c *call) *Domain {
	d := s.state.Domains[strings.ToLower(c.PathValue("domain"))]
	if d == nil || d.Account != c.account() {
		return nil
	}
	return s.current(d, c.now)
}

func (s *Server) getDomain(c *call) answer {
	s.deliverByClock(c.now)
	d := s.own(c)
	if d == nil {
		return noDomain
	}
	return ok(d.wire(c.now))
}

// registerDomain keeps the document's guard order: TLD, duplicate, handle.
func (s *Server) registerDomain(c *call) answer {
	var body struct {
		Domain        string `json:"domain"`
		ContactHandle string `json:"contact_handle"`
	}
	if bad := c.read(&body); bad != nil {
		return *bad
	}
	name := strings.ToLower(body.Domain)
	if _, sold := s.tldOf(name); !sold {
		return unsupportedTLD
	}
	if s.taken(name) {
		return refuse(http.StatusConflict, "This domain is already registered.")
	}
	contact := s.state.Contacts[body.ContactHandle]
	if contact == nil || contact.Account != c.account() {
		return refuse(http.StatusNotFound, "Contact not found")
	}
	s.addDomain(Domain{Name: name, Account: c.account(), ContactHandle: body.ContactHandle}, c.now)
	s.effect("domains.register", c.account(), name, "", c.now)
	return created(s.state.Domains[name].wire(c.now))
}
