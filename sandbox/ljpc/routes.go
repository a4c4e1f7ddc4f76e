package ljpc

import "net/http"

// operation is one call of the API.
type operation struct {
	name, permission string
	// public operations need no key.
	public bool
	answer func(*Server, *call) answer
}

// routes maps the document's paths to operations, and adds the sandbox's own.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, op := range operations() {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, op) })
	}
	mux.HandleFunc("GET /_sandbox/faults", s.listFaults)
	mux.HandleFunc("POST /_sandbox/faults", s.postFaults)
	mux.HandleFunc("DELETE /_sandbox/faults", s.deleteFaults)
	mux.HandleFunc("GET /panel/sso", s.panel)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, operation{name: "unknown", public: true, answer: func(*Server, *call) answer {
			return refuse(http.StatusNotFound, "Not found")
		}})
	})
	return mux
}

func operations() map[string]operation {
	const hosting, orders = "/api/hosting/v1", "/api/v1"
	return map[string]operation{
		"GET " + hosting + "/tlds":                            {name: "tlds.list", permission: PermissionTLDs, answer: (*Server).listTLDs},
		"GET " + hosting + "/domain-names/check":              {name: "domains.check", permission: PermissionCheck, answer: (*Server).checkDomains},
		"GET " + hosting + "/domain-names/price":              {name: "domains.price", permission: PermissionPrice, answer: (*Server).priceDomains},
		"GET " + hosting + "/domain-names":                    {name: "domains.list", permission: PermissionShowDomains, answer: (*Server).listDomains},
		"POST " + hosting + "/domain-names":                   {name: "domains.register", permission: PermissionRegister, answer: (*Server).registerDomain},
		"GET " + hosting + "/domain-names/{domain}":           {name: "domains.get", permission: PermissionShowDomains, answer: (*Server).getDomain},
		"PATCH " + hosting + "/domain-names/{domain}":         {name: "domains.update", permission: PermissionUpdateDomains, answer: (*Server).updateDomain},
		"GET " + hosting + "/domain-names/{domain}/auth-code": {name: "domains.auth_code", permission: PermissionAuthCodes, answer: (*Server).authCode},
		"GET " + hosting + "/contacts":                        {name: "contacts.list", permission: PermissionShowContacts, answer: (*Server).listContacts},
		"POST " + hosting + "/contacts":                       {name: "contacts.create", permission: PermissionNewContacts, answer: (*Server).createContact},
		"PATCH " + hosting + "/contacts/{handle}":             {name: "contacts.update", permission: PermissionContacts, answer: (*Server).updateContact},
		"GET " + hosting + "/dns/zones/{domain}/records":      {name: "dns.get", permission: PermissionDNS, answer: (*Server).getZone},
		"PUT " + hosting + "/dns/zones/{domain}/records":      {name: "dns.replace", permission: PermissionDNS, answer: (*Server).replaceZone},
		"GET " + hosting + "/sites":                           {name: "sites.list", permission: PermissionSites, answer: (*Server).listSites},
		"GET " + hosting + "/sites/{id}":                      {name: "sites.get", permission: PermissionSites, answer: (*Server).getSite},
		"GET " + hosting + "/sites/{id}/login":                {name: "sites.login", permission: PermissionLogin, answer: (*Server).loginSite},
		"GET " + orders + "/products":                         {name: "products.list", public: true, answer: (*Server).listProducts},
		"POST " + orders + "/orders":                          {name: "orders.create", permission: PermissionOrders, answer: (*Server).createOrder},
		"GET " + orders + "/orders/{id}":                      {name: "orders.get", permission: PermissionViewOrders, answer: (*Server).getOrder},
	}
}
