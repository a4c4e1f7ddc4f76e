package api

import (
	"context"
	"net/http"
	"time"

	"hostfront/service"
	"hostfront/upstream"
)

// ServiceAnswer is something the customer has.
type ServiceAnswer struct {
	ID             string       `json:"id"`
	Kind           string       `json:"kind" enum:"domain,hosting"`
	Name           string       `json:"name" doc:"The domain name it is about"`
	Description    string       `json:"description"`
	ProductID      string       `json:"product_id,omitempty"`
	State          string       `json:"state" enum:"pending,active,suspended,cancelled,terminated,failed"`
	OrderLineID    string       `json:"order_line_id"`
	SubscriptionID string       `json:"subscription_id,omitempty"`
	ExpiresAt      *time.Time   `json:"expires_at,omitempty" doc:"A name's expiry at the registry"`
	LapsesSince    *time.Time   `json:"lapses_since,omitempty" doc:"Since when a name is left to lapse: it is not renewed, and expires"`
	Usage          *UsageAnswer `json:"usage,omitempty"`
	ZoneManaged    bool         `json:"zone_managed,omitempty" doc:"The hosting's control panel keeps the DNS of this name, as last seen: it can be read here and is changed there"`
	Actions        []string     `json:"actions" doc:"What can be done with it: login, usage, dns (read the records), replace_dns, auth_code, nameservers; what is not here is not offered by the upstream"`
	Hold           *HoldAnswer  `json:"hold,omitempty" doc:"What keeps a name from working although it is paid for; not there while it works"`
	CreatedAt      time.Time    `json:"created_at"`
}

// HoldAnswer is what a registry or registrar has put on a name.
type HoldAnswer struct {
	Code  string    `json:"code" enum:"verification,registrar,registry" doc:"verification: the holder's details are to be confirmed, a mail about it went to the holder"`
	Since time.Time `json:"since" doc:"When it was first seen"`
}

// UsageAnswer is how much of its space a site takes, in bytes.
type UsageAnswer struct {
	DiskUsedBytes  *int64    `json:"disk_used_bytes" doc:"null until measured"`
	EmailUsedBytes *int64    `json:"email_used_bytes" doc:"null until measured"`
	QuotaBytes     *int64    `json:"quota_bytes" doc:"null when unlimited"`
	MeasuredAt     time.Time `json:"measured_at"`
	Stale          bool      `json:"stale" doc:"The upstream did not answer just now; this is what it said last"`
}

// RecordBody is a DNS record.
type RecordBody struct {
	Type    string `json:"type" enum:"A,AAAA,CNAME,MX,TXT,SRV,CAA"`
	Name    string `json:"name" maxLength:"255" doc:"Relative to the zone; @ is the apex, * a wildcard"`
	Content string `json:"content" maxLength:"4096" doc:"By type: an address (A, AAAA), a host (CNAME, MX), weight, port and host (SRV), flags, tag and value (CAA), or text (TXT)"`
	TTL     int64  `json:"ttl" minimum:"60" maximum:"86400" doc:"Seconds"`
	Prio    *int64 `json:"prio,omitempty" minimum:"0" maximum:"65535" doc:"For MX and SRV only"`
}

// ZoneAnswer is the DNS of a name.
type ZoneAnswer struct {
	Domain  string       `json:"domain"`
	Records []RecordBody `json:"records"`
	Managed bool         `json:"managed" doc:"The hosting's control panel keeps these records: they can be read here and are changed there"`
	Version string       `json:"version" doc:"Send it with a replacement, which is then refused when somebody else was first"`
}

// LoginAnswer is a link that signs in to a control panel, once.
type LoginAnswer struct {
	URL string `json:"url"`
}

// serviceRoutes are what the customer has and what can be done with it.
func (s *Server) serviceRoutes() {
	handle(s, operation{ID: "list-services", Method: http.MethodGet, Path: "/v1/services", Tag: "Services", Cursor: "svc", Access: customer,
		Summary: "What the customer has"}, s.listServices)
	handle(s, operation{ID: "get-service", Method: http.MethodGet, Path: "/v1/services/{id}", Tag: "Services", Access: customer,
		Summary: "One of them, with its usage"}, s.getService)
	handle(s, operation{ID: "login-service", Method: http.MethodGet, Path: "/v1/services/{id}/login", Tag: "Services", Access: customer,
		Summary: "A link that signs in to the control panel, once"}, s.loginService)
	handle(s, operation{ID: "get-auth-code", Method: http.MethodGet, Path: "/v1/services/{id}/auth-code", Tag: "Services", Access: customer,
		Summary: "The code to transfer a domain away with"}, s.getAuthCode)
	handle(s, operation{ID: "get-nameservers", Method: http.MethodGet, Path: "/v1/services/{id}/nameservers", Tag: "Services", Access: customer,
		Summary: "A domain's nameservers"}, s.getNameservers)
	handle(s, operation{ID: "set-nameservers", Method: http.MethodPut, Path: "/v1/services/{id}/nameservers", Tag: "Services", Access: customer,
		Summary: "Delegate a domain to other nameservers"}, s.setNameservers)
	handle(s, operation{ID: "get-dns", Method: http.MethodGet, Path: "/v1/services/{id}/dns", Tag: "Services", Access: customer,
		Summary: "The DNS records of a name"}, s.getDNS)
	handle(s, operation{ID: "replace-dns", Method: http.MethodPut, Path: "/v1/services/{id}/dns", Tag: "Services", Access: customer,
		Summary: "Replace all DNS records of a name"}, s.replaceDNS)
}

// listServices is GET /v1/services.
func (s *Server) listServices(ctx context.Context, in *PageInput) (*pageOutput[ServiceAnswer], error) {
	services, next, err := s.cfg.Services.List(ctx, customerID(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return pageOf(services, next, serviceAnswer), nil
}

// getService is GET /v1/services/{id}.
func (s *Server) getService(ctx context.Context, in *idInput) (*body[ServiceAnswer], error) {
	one, err := s.cfg.Services.Get(ctx, customerID(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[ServiceAnswer]{serviceAnswer(one)}, nil
}

// loginService is GET /v1/services/{id}/login.
func (s *Server) loginService(ctx context.Context, in *idInput) (*body[LoginAnswer], error) {
	url, err := s.cfg.Services.Login(ctx, customerID(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[LoginAnswer]{LoginAnswer{URL: url}}, nil
}

// AuthCodeAnswer is a domain's auth code.
type AuthCodeAnswer struct {
	AuthCode string `json:"auth_code"`
}

// getAuthCode is GET /v1/services/{id}/auth-code.
func (s *Server) getAuthCode(ctx context.Context, in *idInput) (*body[AuthCodeAnswer], error) {
	code, err := s.cfg.Services.AuthCode(ctx, customerID(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[AuthCodeAnswer]{AuthCodeAnswer{AuthCode: code}}, nil
}

// NameserversAnswer is where a domain is delegated to.
type NameserversAnswer struct {
	Nameservers []string `json:"nameservers"`
	Pending     bool     `json:"pending" doc:"The change is under way"`
}

// getNameservers is GET /v1/services/{id}/nameservers.
func (s *Server) getNameservers(ctx context.Context, in *idInput) (*body[NameserversAnswer], error) {
	hosts, err := s.cfg.Services.Nameservers(ctx, customerID(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[NameserversAnswer]{NameserversAnswer{Nameservers: append([]string{}, hosts...)}}, nil
}

type nameserversInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Nameservers []string `json:"nameservers" minItems:"1" maxItems:"13"`
	}
}

// setNameservers is PUT /v1/services/{id}/nameservers.
func (s *Server) setNameservers(ctx context.Context, in *nameserversInput) (*body[NameserversAnswer], error) {
	pending, err := s.cfg.Services.SetNameservers(ctx, customerID(ctx), in.ID, in.Body.Nameservers)
	if err != nil {
		return nil, err
	}
	return &body[NameserversAnswer]{NameserversAnswer{Nameservers: in.Body.Nameservers, Pending: pending}}, nil
}

// getDNS is GET /v1/services/{id}/dns.
func (s *Server) getDNS(ctx context.Context, in *idInput) (*body[ZoneAnswer], error) {
	zone, err := s.cfg.Services.Zone(ctx, customerID(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[ZoneAnswer]{zoneAnswer(zone)}, nil
}

type replaceDNSInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Records []RecordBody `json:"records" maxItems:"1000"`
		Version string       `json:"version,omitempty" maxLength:"100"`
	}
}

// ReplacedAnswer is what came of a replacement.
type ReplacedAnswer struct {
	Synced  bool `json:"synced" doc:"It reached the nameservers; false is normal until the name delegates to them"`
	Pending bool `json:"pending" doc:"It is under way"`
}

// replaceDNS is PUT /v1/services/{id}/dns.
func (s *Server) replaceDNS(ctx context.Context, in *replaceDNSInput) (*body[ReplacedAnswer], error) {
	records := make([]upstream.Record, 0, len(in.Body.Records))
	for _, r := range in.Body.Records {
		records = append(records, upstream.Record{Type: r.Type, Name: r.Name, Content: r.Content, TTL: r.TTL, Priority: r.Prio})
	}
	done, err := s.cfg.Services.ReplaceZone(ctx, customerID(ctx), in.ID, service.Replacement{Records: records, Version: in.Body.Version})
	if err != nil {
		return nil, err
	}
	return &body[ReplacedAnswer]{ReplacedAnswer(done)}, nil
}

func zoneAnswer(z service.Zone) ZoneAnswer {
	answer := ZoneAnswer{Domain: z.Domain, Version: z.Version, Managed: z.Managed, Records: []RecordBody{}}
	for _, r := range z.Records {
		answer.Records = append(answer.Records, RecordBody{Type: r.Type, Name: r.Name, Content: r.Content, TTL: r.TTL, Prio: r.Priority})
	}
	return answer
}

func serviceAnswer(v service.Service) ServiceAnswer {
	answer := ServiceAnswer{
		ID: v.ID, Kind: v.Kind, Name: v.Name, Description: v.Description, ProductID: v.ProductID, State: v.State,
		OrderLineID: v.OrderLineID, SubscriptionID: v.SubscriptionID, ExpiresAt: instant(v.ExpiresAt), LapsesSince: instant(v.LapsesSince),
		ZoneManaged: v.ZoneManaged, Actions: append([]string{}, v.Actions...), CreatedAt: v.CreatedAt,
	}
	if u := v.Usage; u != nil {
		usage := UsageAnswer(*u)
		answer.Usage = &usage
	}
	if h := v.Hold; h != nil {
		hold := HoldAnswer(*h)
		answer.Hold = &hold
	}
	return answer
}
