package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

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
		Name: KindContactCreate, Queue: queue, Leads: true, Idempotent: true,
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
