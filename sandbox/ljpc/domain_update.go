package ljpc

import "net/http"

// updateDomain changes what is given and nothing else.
func (s *Server) updateDomain(c *call) answer {
	d := s.own(c)
	if d == nil {
		return noDomain
	}
	var body struct {
		Nameservers   []string `json:"nameservers"`
		AutoRenew     *bool    `json:"auto_renew"`
		ContactHandle *string  `json:"contact_handle"`
	}
	if bad := c.read(&body); bad != nil {
		return *bad
	}
	if body.Nameservers != nil && (len(body.Nameservers) < 2 || len(body.Nameservers) > 13) {
		return refuse(http.StatusUnprocessableEntity, "The nameservers field must have 2 to 13 items.")
	}
	if body.ContactHandle != nil {
		contact := s.state.Contacts[*body.ContactHandle]
		if contact == nil || contact.Account != c.account() {
			return refuse(http.StatusNotFound, "Contact not found")
		}
		d.ContactHandle = *body.ContactHandle
	}
	if body.Nameservers != nil {
		d.Nameservers = body.Nameservers
	}
	if body.AutoRenew != nil {
		d.AutoRenew = *body.AutoRenew
	}
	return ok(d.wire(c.now))
}

func (s *Server) authCode(c *call) answer {
	d := s.own(c)
	if d == nil {
		return noDomain
	}
	return ok(map[string]string{"auth_code": d.AuthCode})
}
