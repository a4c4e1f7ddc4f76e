package ljpc

import (
	"cmp"
	"maps"
	"slices"
)

// Orders are copies of all orders, oldest first.
func (s *Server) Orders() []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	orders := make([]Order, 0, len(s.state.Orders))
	for _, o := range s.state.Orders {
		c := *o
		c.Lines = make([]*OrderLine, len(o.Lines))
		for i, line := range o.Lines {
			l := *line
			c.Lines[i] = &l
		}
		orders = append(orders, c)
	}
	slices.SortFunc(orders, func(a, b Order) int { return cmp.Compare(a.ID, b.ID) })
	return orders
}

// OrdersOf are the orders with this external_reference: more than one means that
// something was bought twice.
func (s *Server) OrdersOf(reference string) []Order {
	return slices.DeleteFunc(s.Orders(), func(o Order) bool { return o.Reference != reference })
}

// Domains are copies of all names, by name, their expiries as of now.
func (s *Server) Domains() []Domain {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Clock.Now()
	domains := make([]Domain, 0, len(s.state.Domains))
	for _, d := range s.state.Domains {
		c := *s.current(d, now)
		c.Nameservers = slices.Clone(d.Nameservers)
		domains = append(domains, c)
	}
	slices.SortFunc(domains, func(a, b Domain) int { return cmp.Compare(a.Name, b.Name) })
	return domains
}

// Contacts are copies of all contacts, by handle.
func (s *Server) Contacts() []Contact {
	s.mu.Lock()
	defer s.mu.Unlock()
	contacts := make([]Contact, 0, len(s.state.Contacts))
	for _, k := range s.state.Contacts {
		c := *k
		c.Fields = maps.Clone(k.Fields)
		contacts = append(contacts, c)
	}
	slices.SortFunc(contacts, func(a, b Contact) int { return cmp.Compare(a.Handle, b.Handle) })
	return contacts
}

// Sites are copies of all sites, oldest first.
func (s *Server) Sites() []Site {
	s.mu.Lock()
	defer s.mu.Unlock()
	sites := make([]Site, 0, len(s.state.Sites))
	for _, site := range s.state.Sites {
		sites = append(sites, *site)
	}
	slices.SortFunc(sites, func(a, b Site) int { return cmp.Compare(a.ID, b.ID) })
	return sites
}

// Zones are copies of all zones, by name.
func (s *Server) Zones() []Zone {
	s.mu.Lock()
	defer s.mu.Unlock()
	zones := make([]Zone, 0, len(s.state.Zones))
	for _, z := range s.state.Zones {
		zones = append(zones, Zone{Domain: z.Domain, Source: z.Source, Records: slices.Clone(z.Records)})
	}
	slices.SortFunc(zones, func(a, b Zone) int { return cmp.Compare(a.Domain, b.Domain) })
	return zones
}

// Effects are everything the sandbox did for its accounts, in order.
func (s *Server) Effects() []Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.Effects)
}

// Calls counts the calls by operation, whatever was answered.
func (s *Server) Calls() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.calls)
}
