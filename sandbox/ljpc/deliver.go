package ljpc

import (
	"maps"
	"slices"
	"time"
)

// unseenSteps is how many steps an order that nobody looks at takes longer.
const unseenSteps = 5

// stageByClock is how far an order would have come by time alone.
func (s *Server) stageByClock(o *Order, now time.Time) int {
	return int(now.Sub(o.PlacedAt) / s.options.Step)
}

// stageAtLook is how far a look finds it: the first look never finds more than
// processing, however late; each later one finds a line more, however soon.
func (s *Server) stageAtLook(o *Order, now time.Time) int {
	if o.Looks == 1 && o.Stage == 0 {
		return 1
	}
	return max(o.Stage+1, s.stageByClock(o, now))
}

// deliverByClock gets the orders on that nobody looked at, so that what they
// bring shows up in the lists. The lock is held.
func (s *Server) deliverByClock(now time.Time) {
	for _, id := range slices.Sorted(maps.Keys(s.open)) {
		o := s.state.Orders[id]
		if stage := s.stageByClock(o, now) - unseenSteps; stage > o.Stage {
			s.deliver(o, stage, now)
		}
	}
}

// deliver brings an order to a stage, line by line.
func (s *Server) deliver(o *Order, stage int, now time.Time) {
	if o.Stuck {
		o.Stage = min(max(o.Stage, stage), 1)
		return
	}
	for o.Stage < min(stage, len(o.Lines)+1) {
		o.Stage++
		if o.Stage > 1 {
			s.deliverLine(o, o.Lines[o.Stage-2], now)
		}
	}
	if o.finished() {
		delete(s.open, o.ID)
	}
}

func (s *Server) deliverLine(o *Order, line *OrderLine, now time.Time) {
	if line.Fails == "" && line.Type == "domain" && s.state.Domains[line.Domain] != nil {
		line.Fails = "This domain is already registered."
	}
	if line.Fails != "" {
		line.State, line.Reason = stateFailed, line.Fails
		return
	}
	line.State = stateDone
	s.effect("deliver", o.Account, line.Domain, o.Reference, now)
	if line.Type == "domain" {
		s.addDomain(Domain{Name: line.Domain, Account: o.Account, OrderID: o.ID}, now)
		return
	}
	s.state.LastSite++
	line.SiteID = s.state.LastSite
	s.state.Sites[line.SiteID] = &Site{
		ID: line.SiteID, Account: o.Account, Domain: line.Domain, ProductUUID: line.ProductUUID,
		Identifier: line.Identifier, DiskGB: line.DiskGB, CreatedAt: now, OrderID: o.ID, TargetURL: line.URL,
	}
	if line.Identifier != "hosting_forward" && line.Identifier != "hosting_dns" && s.state.Zones[line.Domain] == nil {
		s.state.Zones[line.Domain] = panelZone(line.Domain)
	}
}

// panelZone is the zone that the control panel makes for a site.
func panelZone(domain string) *Zone {
	prio := int64(10)
	return &Zone{Domain: domain, Source: "panel", Records: []Record{
		{Type: "A", Name: "@", Content: "192.0.2.10", TTL: 3600},
		{Type: "MX", Name: "@", Content: "mail." + domain, TTL: 3600, Prio: &prio},
	}}
}

// Release lets a stuck order get on.
func (s *Server) Release(orderID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.state.Orders[orderID]; o != nil {
		o.Stuck = false
	}
}
