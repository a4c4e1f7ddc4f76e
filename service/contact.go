package service

import (
	"context"
	"errors"
	"strings"

	"hostfront/account"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// findContact looks for what a former try made. The list may be refused to this
// key; then a second contact is made, which costs nothing and harms nobody.
func findContact(ctx context.Context, a *adapter, t task.Task, want upstream.Contact) (string, error) {
	if t.Attempts <= 1 {
		return "", nil
	}
	all, err := a.contacts.Contacts(ctx)
	if errors.Is(err, upstream.ErrForbidden) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Handle != "" && sameContact(c, want) {
			return c.Handle, nil
		}
	}
	return "", nil
}

// sameContact compares what makes a contact the same holder, in either case, as
// registries do.
func sameContact(a, b upstream.Contact) bool {
	pairs := [][2]string{
		{a.FirstName, b.FirstName}, {a.LastName, b.LastName}, {a.Company, b.Company}, {a.Email, b.Email},
		{a.Street, b.Street}, {a.Number, b.Number}, {a.Postcode, b.Postcode}, {a.City, b.City}, {a.Country, b.Country},
	}
	for _, p := range pairs {
		if !strings.EqualFold(p[0], p[1]) {
			return false
		}
	}
	return true
}

func registrantRefused(cause error) error {
	o := fault.Came(fault.ActionRequired, "registrant_refused", "The registry does not accept these contact details.").Because(cause)
	o.Fields = []fault.Field{{Name: "registrant", Code: "refused", Message: "Check the names, address, phone number and e-mail address."}}
	return o
}

func contactFrom(r account.Registrant) upstream.Contact {
	return upstream.Contact{
		FirstName: r.FirstName, LastName: r.LastName, Company: r.Company, CompanyNumber: r.CompanyNumber,
		Email: r.Email, Phone: r.Phone, Street: r.Street, Number: r.Number, Postcode: r.Postcode, City: r.City, Country: r.Country,
	}
}
