package ljpc

// What happens to an account outside of its API: somebody works in the panel, a name is
// moved away, a registry holds one.

// GiveDomain puts a name on the first account, registered now for a year.
func (s *Server) GiveDomain(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addDomain(Domain{Name: name, Account: s.options.Keys[0].Account}, s.options.Clock.Now())
}

// ChangeDomain changes a name that is here; false when it is not.
func (s *Server) ChangeDomain(name string, change func(d *Domain)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.state.Domains[name]
	if d == nil {
		return false
	}
	change(d)
	return true
}

// TakeDomain takes a name away, as a transfer to another registrar does.
func (s *Server) TakeDomain(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.state.Domains, name)
}

// GiveSite puts a site on the first account and gives its id.
func (s *Server) GiveSite(domain string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.LastSite++
	s.state.Sites[s.state.LastSite] = &Site{
		ID: s.state.LastSite, Account: s.options.Keys[0].Account, Domain: domain, CreatedAt: s.options.Clock.Now(),
	}
	return s.state.LastSite
}

// TakeSite takes a site away.
func (s *Server) TakeSite(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.state.Sites, id)
}
