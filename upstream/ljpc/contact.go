package ljpc

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"hostfront/upstream"
)

// Contacts lists the account's WHOIS contacts.
func (c *Client) Contacts(ctx context.Context) ([]upstream.Contact, error) {
	call := get(OpContacts, pathContacts, nil)
	data, err := c.ask(ctx, call)
	if err != nil {
		return nil, err
	}
	entries, err := listOf(data, listContacts)
	if err != nil {
		return nil, c.http.Unreadable(call, err)
	}
	contacts := make([]upstream.Contact, 0, len(entries))
	for _, entry := range entries {
		contacts = append(contacts, readContact(entry))
	}
	return contacts, nil
}

// CreateContact stores a contact. What LJPc refuses about it is ErrInvalid, with
// its sentence in the Refusal ("The country field must be 2 characters.").
func (c *Client) CreateContact(ctx context.Context, contact upstream.Contact) (string, error) {
	call := change(OpCreateContact, http.MethodPost, pathContacts, writeContact(contact))
	data, err := c.ask(ctx, call)
	if err != nil {
		return "", err
	}
	handle := within(data, fieldContact).text(fieldHandle)
	if handle == "" {
		return "", c.http.Unreadable(call, errors.New("no handle in the answer"))
	}
	return handle, nil
}

// UpdateContact changes the fields that are not empty. Doing it twice does no harm.
func (c *Client) UpdateContact(ctx context.Context, handle string, contact upstream.Contact) error {
	path := pathContacts + "/" + url.PathEscape(handle)
	_, err := c.ask(ctx, change(OpUpdateContact, http.MethodPatch, path, writeContact(contact)))
	return err
}

// contactFields pairs what LJPc calls a field with where it is kept.
func contactFields(c *upstream.Contact) []contactField {
	return []contactField{
		{fieldFirstName, &c.FirstName}, {fieldLastName, &c.LastName},
		{fieldCompany, &c.Company}, {fieldCompanyNumber, &c.CompanyNumber},
		{fieldEmail, &c.Email}, {fieldPhone, &c.Phone},
		{fieldStreet, &c.Street}, {fieldNumber, &c.Number},
		{fieldPostcode, &c.Postcode}, {fieldCity, &c.City}, {fieldRegion, &c.Region},
		{fieldCountry, &c.Country},
	}
}

type contactField struct {
	field field
	value *string
}

func readContact(o object) upstream.Contact {
	c := upstream.Contact{Handle: o.text(fieldHandle)}
	for _, f := range contactFields(&c) {
		*f.value = o.text(f.field)
	}
	return c
}

func writeContact(c upstream.Contact) map[string]string {
	body := map[string]string{}
	for _, f := range contactFields(&c) {
		if *f.value != "" {
			body[f.field.name()] = *f.value
		}
	}
	return body
}
