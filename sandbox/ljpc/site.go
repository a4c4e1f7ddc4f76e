package ljpc

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Site is a hosted site.
type Site struct {
	ID              int64
	Account, Domain string
	ProductUUID     string
	Identifier      string
	DiskGB          int64 // 0 for no limit
	CreatedAt       time.Time
	OrderID         int64
	Looks           int
	TargetURL       string
	// Suspended is set by hand, in the panel: the API says nothing of it.
	Suspended bool
}

// Token signs in to a site's panel once.
type Token struct {
	SiteID int64
	Domain string
	Used   bool
}

type wireSite struct {
	ID        int64     `json:"id"`
	Domain    string    `json:"domain"`
	Status    string    `json:"status"`
	Quota     *int64    `json:"disk_quota_bytes"`
	Disk      *int64    `json:"disk_used_bytes"`
	Email     *int64    `json:"email_used_bytes"`
	CreatedAt time.Time `json:"created_at"`
}

// wire shows the usage from the second look on, or a day later: there is no
// usage row at first.
func (t *Site) wire(seed uint64, now time.Time) wireSite {
	w := wireSite{ID: t.ID, Domain: t.Domain, Status: "active", CreatedAt: t.CreatedAt}
	if t.DiskGB > 0 {
		quota := t.DiskGB << 30
		w.Quota = &quota
	}
	if t.Looks > 1 || now.Sub(t.CreatedAt) >= 24*time.Hour {
		h := spread(seed, "usage:"+t.Domain)
		disk, email := int64(h%(200<<20)), int64(h%(20<<20))
		w.Disk, w.Email = &disk, &email
	}
	return w
}

func (s *Server) listSites(c *call) answer {
	s.deliverByClock(c.now)
	list := []wireSite{}
	for _, site := range s.state.Sites {
		if site.Account == c.account() {
			list = append(list, site.wire(s.options.Seed, c.now))
		}
	}
	slices.SortFunc(list, func(a, b wireSite) int { return int(a.ID - b.ID) })
	return ok(list)
}

// getSite does not tell an unknown site from somebody else's.
func (s *Server) getSite(c *call) answer {
	s.deliverByClock(c.now)
	site := s.state.Sites[c.pathID()]
	if site == nil || site.Account != c.account() {
		return refuse(http.StatusNotFound, "Site not found")
	}
	site.Looks++
	return ok(site.wire(s.options.Seed, c.now))
}

// loginSite makes a URL that works once. A forward or DNS has no panel: 204.
func (s *Server) loginSite(c *call) answer {
	site := s.state.Sites[c.pathID()]
	if site == nil {
		return refuse(http.StatusNotFound, "Site not found")
	}
	if site.Account != c.account() {
		return refuse(http.StatusForbidden, "You don't have permission to login to this site")
	}
	if site.Identifier == "hosting_forward" || site.Identifier == "hosting_dns" {
		return answer{status: http.StatusNoContent}
	}
	token := s.token()
	s.state.Tokens[token] = &Token{SiteID: site.ID, Domain: site.Domain}
	base := s.options.PanelURL
	if base == "" {
		base = "http://" + c.Host + "/panel/sso"
	}
	return ok(map[string]string{"url": base + "?token=" + token})
}

// panel is GET /panel/sso: the control panel's door, open once for each token.
func (s *Server) panel(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	s.mu.Lock()
	token := s.state.Tokens[r.URL.Query().Get("token")]
	fresh := token != nil && !token.Used
	if fresh {
		token.Used = true
	}
	s.mu.Unlock()
	if !fresh {
		w.WriteHeader(http.StatusGone)
		_, _ = fmt.Fprintln(w, "This link has been used, or never existed.")
		return
	}
	_, _ = fmt.Fprintf(w, "Signed in to the control panel of %s (site %d).\n", token.Domain, token.SiteID)
}
