package ljpc

// What LJPc's staff, or the reseller in its control panel, does by hand: for what the
// API has no call.

// SuspendSite switches a site off, and on again.
func (s *Server) SuspendSite(id int64, off bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if site := s.state.Sites[id]; site != nil {
		site.Suspended = off
	}
}

// RemoveSite ends a site.
func (s *Server) RemoveSite(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.state.Sites, id)
}

// ChangeSite makes a site another package.
func (s *Server) ChangeSite(id int64, productUUID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, sold := s.products[productUUID]
	if site := s.state.Sites[id]; site != nil && sold {
		site.ProductUUID, site.Identifier, site.DiskGB = p.UUID, p.Identifier, p.DiskGB
	}
}

// RenewDomain renews a name for a year, one that has expired too, and has it renewed by itself
// from then on; false when it is not here.
func (s *Server) RenewDomain(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.state.Domains[name]
	if d == nil {
		return false
	}
	now := s.options.Clock.Now()
	d.ExpiresAt, d.AutoRenew = d.ExpiresAt.AddDate(1, 0, 0), true
	d.Renewals++
	s.effect("renew", d.Account, d.Name, "", now)
	return true
}
