package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"hostfront/account"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

type contactParams struct {
	RegistrantID, Upstream, InvoiceID, DedupeKey string
}

// contactPayload is what contact.create carries. Abandoned says that nobody
// waits for it any more: the customer did not mend it in time.
type contactPayload struct {
	RegistrantID string `json:"registrant_id"`
	Upstream     string `json:"upstream"`
	Abandoned    bool   `json:"abandoned,omitempty"`
}

type contactResult struct {
	Handle string `json:"handle"`
}

// addContact makes sure that a registrant will have a handle upstream, and names
// the task that sees to it: none when there is one already.
func (s *Services) addContact(ctx context.Context, q *db.Queries, p contactParams) (taskID string, err error) {
	_, known, err := s.Accounts.Handle(ctx, q, p.RegistrantID, p.Upstream)
	if err != nil || known {
		return "", err
	}
	id, err := s.Tasks.Add(ctx, q, task.Params{
		Kind: KindContactCreate, Subject: p.RegistrantID, InvoiceID: p.InvoiceID, DedupeKey: p.DedupeKey,
		Payload: contactPayload{RegistrantID: p.RegistrantID, Upstream: p.Upstream},
	})
	if err != nil {
		return "", fmt.Errorf("add the contact of registrant %s: %w", p.RegistrantID, err)
	}
	return id, nil
}

// contactCreate makes a registrant's WHOIS contact. Tasks of one registrant run one
// after the other, so that the second finds the handle of the first. A call whose
// answer was lost is made good by looking for the contact in the upstream's list.
func (s *Services) contactCreate(queue string) task.Kind {
	return task.Kind{
		Name: KindContactCreate, Queue: queue, Idempotent: true,
		Check: s.contactWanted, Do: s.makeContact, Done: s.contactMade, ActionRequired: s.contactRefused,
	}
}

func (s *Services) contactWanted(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := contactOf(t)
	if err != nil {
		return err
	}
	_, known, err := s.Accounts.Handle(ctx, q, p.RegistrantID, p.Upstream)
	switch {
	case err != nil:
		return err
	case known:
		return task.ErrNotNeeded
	case p.Abandoned:
		return fault.Came(fault.Rejected, "action_expired", "the customer did not mend the registrant in time")
	}
	return nil
}

func (s *Services) makeContact(ctx context.Context, t task.Task) (task.Progress, error) {
	p, err := contactOf(t)
	if err != nil {
		return task.Progress{}, fault.Came(fault.Rejected, "payload", "").Because(err)
	}
	a, err := s.at(p.Upstream)
	if err != nil {
		return task.Progress{}, err
	}
	if a.contacts == nil {
		return task.Progress{}, cannot(a, "keep contacts")
	}
	r, err := s.Accounts.RegistrantByID(ctx, s.Store.Read(), p.RegistrantID)
	if err != nil {
		return task.Progress{}, fault.Came(fault.Unavailable, "database", "").Because(err)
	}
	contact := contactFrom(r)
	handle, err := findContact(ctx, a, t, contact)
	if err != nil {
		return task.Progress{}, err
	}
	if handle == "" {
		handle, err = a.contacts.CreateContact(ctx, contact)
	}
	if errors.Is(err, upstream.ErrInvalid) {
		return task.Progress{}, registrantRefused(err)
	}
	if err != nil {
		return task.Progress{}, err
	}
	return task.Progress{Result: contactResult{handle}}, nil
}

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

func (s *Services) contactMade(ctx context.Context, q *db.Queries, t task.Task) error {
	p, err := contactOf(t)
	if err != nil {
		return err
	}
	var made contactResult
	if err := json.Unmarshal(t.Result, &made); err != nil || made.Handle == "" {
		return fmt.Errorf("result of task %s has no handle: %w", t.ID, err)
	}
	return s.Accounts.SetHandle(ctx, q, p.RegistrantID, p.Upstream, made.Handle)
}

// contactRefused leaves every delivery that waits for the contact to the customer.
func (s *Services) contactRefused(ctx context.Context, q *db.Queries, t task.Task, cause *fault.Outcome) error {
	waiting, err := q.DeliveriesByContactTask(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("deliveries that wait for contact %s: %w", t.ID, err)
	}
	for _, d := range waiting {
		if err := s.waitForCustomer(ctx, q, d, t.ID, cause); err != nil {
			return err
		}
	}
	return nil
}

func contactOf(t task.Task) (contactPayload, error) {
	var p contactPayload
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		return p, fmt.Errorf("payload of task %s: %w", t.ID, err)
	}
	return p, nil
}

func contactFrom(r account.Registrant) upstream.Contact {
	return upstream.Contact{
		FirstName: r.FirstName, LastName: r.LastName, Company: r.Company, CompanyNumber: r.CompanyNumber,
		Email: r.Email, Phone: r.Phone, Street: r.Street, Number: r.Number, Postcode: r.Postcode, City: r.City, Country: r.Country,
	}
}
