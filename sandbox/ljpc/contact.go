package ljpc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Contact is a WHOIS contact of an account.
type Contact struct {
	Handle, Account string
	// Fields are by their names on the wire.
	Fields map[string]string
}

// contactFields are the names on the wire; the required ones come first.
var contactFields = []string{
	"first_name", "last_name", "email", "phone", "street", "house_number", "postal_code", "city", "country",
	"company_name", "company_number", "state",
}

const requiredContactFields = 9

func (s *Server) listContacts(c *call) answer {
	list := []map[string]any{}
	for _, contact := range s.state.Contacts {
		if contact.Account == c.account() {
			list = append(list, contact.wire())
		}
	}
	slices.SortFunc(list, func(a, b map[string]any) int {
		return strings.Compare(a["handle"].(string), b["handle"].(string))
	})
	return ok(list)
}

func (k *Contact) wire() map[string]any {
	w := map[string]any{"handle": k.Handle}
	for _, name := range contactFields {
		w[name] = nil
		if v := k.Fields[name]; v != "" {
			w[name] = v
		}
	}
	return w
}

func (s *Server) createContact(c *call) answer {
	fields, bad := readContactFields(c)
	if bad != nil {
		return *bad
	}
	for _, name := range contactFields[:requiredContactFields] {
		if fields[name] == "" {
			return refuse(http.StatusUnprocessableEntity, "The %s field is required.", strings.ReplaceAll(name, "_", " "))
		}
	}
	if problem := contactProblem(fields); problem != "" {
		return refuse(http.StatusUnprocessableEntity, "%s", problem)
	}
	s.state.LastContact++
	handle := fmt.Sprintf("LJ%06d-%s", s.state.LastContact, strings.ToUpper(fields["country"]))
	s.state.Contacts[handle] = &Contact{Handle: handle, Account: c.account(), Fields: fields}
	s.effect("contacts.create", c.account(), handle, "", c.now)
	return created(map[string]string{"handle": handle})
}

// updateContact keeps the document's order: whose it is, then what it says.
func (s *Server) updateContact(c *call) answer {
	contact := s.state.Contacts[c.PathValue("handle")]
	if contact == nil || contact.Account != c.account() {
		return refuse(http.StatusNotFound, "Contact not found")
	}
	fields, bad := readContactFields(c)
	if bad != nil {
		return *bad
	}
	if problem := contactProblem(fields); problem != "" {
		return refuse(http.StatusUnprocessableEntity, "%s", problem)
	}
	for name, value := range fields {
		contact.Fields[name] = value
	}
	return ok(contact.wire())
}

// readContactFields reads the known fields of a body; null is as good as absent.
func readContactFields(c *call) (map[string]string, *answer) {
	var body map[string]json.RawMessage
	if bad := c.read(&body); bad != nil {
		return nil, bad
	}
	fields := map[string]string{}
	for _, name := range contactFields {
		var value *string
		if err := json.Unmarshal(body[name], &value); len(body[name]) > 0 && err != nil {
			bad := refuse(http.StatusUnprocessableEntity, "The %s field must be a string.", strings.ReplaceAll(name, "_", " "))
			return nil, &bad
		}
		if value != nil {
			fields[name] = *value
		}
	}
	return fields, nil
}

func contactProblem(fields map[string]string) string {
	country, given := fields["country"]
	email, mail := fields["email"]
	phone, call := fields["phone"]
	switch {
	case given && len(country) != 2:
		return "The country field must be 2 characters."
	case mail && !strings.Contains(email, "@"):
		return "The email field must be a valid email address."
	case call && !strings.HasPrefix(phone, "+"):
		return "The phone field format is invalid."
	}
	return ""
}
