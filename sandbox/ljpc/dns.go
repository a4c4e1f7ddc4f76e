package ljpc

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Zone is the DNS of a name. Source is "manual", or "panel" for one that the
// hosting control panel manages.
type Zone struct {
	Domain, Source string
	Records        []Record
}

// Record is one DNS record on the wire.
type Record struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Content string `json:"content"`
	TTL     int64  `json:"ttl"`
	Prio    *int64 `json:"prio"`
}

var managedTypes = []string{"A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA"}

type wireZone struct {
	Zone    zoneHead `json:"zone"`
	Records []Record `json:"records"`
	Synced  *bool    `json:"synced,omitempty"`
}

type zoneHead struct {
	Domain string `json:"domain"`
	Source string `json:"source"`
}

// ownsZone: DNS is for the account's names, and for names held elsewhere for
// which it has a site.
func (s *Server) ownsZone(c *call, name string) bool {
	if d := s.state.Domains[name]; d != nil {
		return d.Account == c.account()
	}
	for _, site := range s.state.Sites {
		if site.Domain == name && site.Account == c.account() {
			return true
		}
	}
	return false
}

func (s *Server) getZone(c *call) answer {
	name := strings.ToLower(c.PathValue("domain"))
	if !s.ownsZone(c, name) {
		return noDomain
	}
	zone := s.state.Zones[name]
	if zone == nil {
		return refuse(http.StatusNotFound, "No DNS zone exists for this domain")
	}
	return ok(wireZone{Zone: zoneHead{zone.Domain, zone.Source}, Records: slices.Clone(zone.Records)})
}

// replaceZone is a full replace; the first one makes the zone.
func (s *Server) replaceZone(c *call) answer {
	name := strings.ToLower(c.PathValue("domain"))
	if !s.ownsZone(c, name) {
		return noDomain
	}
	if zone := s.state.Zones[name]; zone != nil && zone.Source != "manual" {
		return refuse(http.StatusConflict, "This zone is managed by the hosting control panel")
	}
	var body struct {
		Records *[]Record `json:"records"`
	}
	if bad := c.read(&body); bad != nil {
		return *bad
	}
	if body.Records == nil {
		return refuse(http.StatusUnprocessableEntity, "The records field is required.")
	}
	for i, r := range *body.Records {
		if problem := r.problem(); problem != "" {
			return refuse(http.StatusUnprocessableEntity, "%s", fmt.Sprintf("The records.%d.%s", i, problem))
		}
	}
	s.state.Zones[name] = &Zone{Domain: name, Source: "manual", Records: append([]Record{}, *body.Records...)}
	d := s.state.Domains[name]
	synced := d != nil && slices.Equal(d.Nameservers, ownNameservers)
	return ok(wireZone{Zone: zoneHead{name, "manual"}, Records: slices.Clone(*body.Records), Synced: &synced})
}

func (r Record) problem() string {
	prioritised := r.Type == "MX" || r.Type == "SRV"
	switch {
	case !slices.Contains(managedTypes, r.Type):
		return "type field is invalid."
	case r.Name == "":
		return "name field is required."
	case r.Content == "":
		return "content field is required."
	case r.TTL < 60 || r.TTL > 86400:
		return "ttl field must be between 60 and 86400."
	case prioritised && r.Prio == nil:
		return "prio field is required."
	case !prioritised && r.Prio != nil:
		return "prio field must be null."
	}
	return ""
}

// SetZone puts a zone in place, such as one that the panel manages.
func (s *Server) SetZone(z Zone) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Zones[z.Domain] = &z
}
