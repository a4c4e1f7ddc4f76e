package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// Mending is what a customer gives to let a line go on.
type Mending struct {
	DeliveryID string
	// AuthCodeSealed is a new code for a transfer; RegistrantID another registrant for a
	// registration; Domain another name for hosting whose own could not be had, and
	// Description what the line is called then. Empty keeps what is there.
	AuthCodeSealed, RegistrantID, Domain, Description string
}

// Mend lets a delivery in action_required go on, in the caller's transaction. Faults:
// not_action_required, and Invalid for a field that is missing or does not apply.
func (s *Services) Mend(ctx context.Context, q *db.Queries, m Mending) error {
	d, err := q.DeliveryByID(ctx, m.DeliveryID)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Missing("order line", m.DeliveryID)
	}
	if err != nil {
		return fmt.Errorf("read delivery %s: %w", m.DeliveryID, err)
	}
	if d.State != DeliveryActionRequired {
		return fault.New(fault.Conflict, "not_action_required", "Nothing about this line is waiting for you.")
	}
	if err := m.applies(d); err != nil {
		return err
	}
	if err := s.hostable(ctx, q, d, m.Domain); err != nil {
		return err
	}
	contact, err := s.contactInTrouble(ctx, q, d)
	if err != nil {
		return err
	}
	if contact != nil {
		return s.mendContact(ctx, q, *contact, m)
	}
	return s.mendDelivery(ctx, q, d, m)
}

// applies checks what was given against what the line waits for.
func (m Mending) applies(d db.Delivery) error {
	notHere := func(name string) error {
		return fault.InvalidField(name, "not_applicable", "This does not apply to this line.")
	}
	missing := func(name, message string) error { return fault.InvalidField(name, "required", "%s", message) }
	switch {
	case m.AuthCodeSealed != "" && d.Kind != Transfer:
		return notHere("auth_code")
	case m.RegistrantID != "" && d.Kind != Register:
		return notHere("registrant")
	case m.Domain != "" && !isHosting(d.Kind):
		return notHere("domain")
	case m.AuthCodeSealed == "" && d.CauseCode == "auth_code_refused":
		return missing("auth_code", "A new auth code is needed.")
	case m.RegistrantID == "" && d.CauseCode == "registrant_refused":
		return missing("registrant", "Other contact details are needed.")
	case m.Domain == "" && d.CauseCode == "domain_failed":
		return missing("domain", "Another domain name is needed.")
	}
	return nil
}

// hostable checks the other name that hosting is to have; empty is none.
func (s *Services) hostable(ctx context.Context, q *db.Queries, d db.Delivery, name string) error {
	if name == "" {
		return nil
	}
	foreign, err := s.HeldByOther(ctx, q, name, d.CustomerID)
	if err != nil {
		return err
	}
	if foreign {
		return fault.InvalidField("domain", "name_not_yours", "This name is held by another customer here.")
	}
	d.Domain = name
	taken, err := s.hostedAlready(ctx, q, d)
	if err == nil && taken {
		err = fault.InvalidField("domain", "already_here", "This name is hosted here already.")
	}
	return err
}

// contactInTrouble is the contact's task when that is what the customer must mend.
func (s *Services) contactInTrouble(ctx context.Context, q *db.Queries, d db.Delivery) (*task.Task, error) {
	if d.ContactTaskID == "" {
		return nil, nil
	}
	t, err := s.Tasks.Get(ctx, q, d.ContactTaskID)
	if err != nil {
		return nil, err
	}
	if t.State != task.ActionRequired {
		return nil, nil
	}
	return &t, nil
}

// mendContact lets the contact's task go on with another registrant, for every line
// that waits for it.
func (s *Services) mendContact(ctx context.Context, q *db.Queries, contact task.Task, m Mending) error {
	p, err := contactOf(contact)
	if err != nil {
		return err
	}
	p.RegistrantID = m.RegistrantID
	if err := s.Tasks.Resume(ctx, q, contact.ID, p); err != nil {
		return err
	}
	waiting, err := q.DeliveriesByContactTask(ctx, contact.ID)
	if err != nil {
		return fmt.Errorf("deliveries that wait for contact %s: %w", contact.ID, err)
	}
	for _, d := range waiting {
		if d.State != DeliveryActionRequired {
			continue
		}
		if err := s.mendRow(ctx, q, d, Mending{RegistrantID: m.RegistrantID}); err != nil {
			return err
		}
	}
	return nil
}

// mendDelivery lets the delivering task itself go on. A new registrant gets a contact
// upstream first, in a task of its own, and the registration waits for that one.
func (s *Services) mendDelivery(ctx context.Context, q *db.Queries, d db.Delivery, m Mending) error {
	if err := s.mendRow(ctx, q, d, m); err != nil {
		return err
	}
	if m.RegistrantID == "" {
		return s.Tasks.Resume(ctx, q, d.TaskID, nil)
	}
	contact, err := s.addContact(ctx, q, contactParams{
		RegistrantID: m.RegistrantID, Upstream: d.Upstream, DedupeKey: fmt.Sprintf("contact:%s:%d", d.ID, d.Attempt),
	})
	if err != nil {
		return err
	}
	err = q.DeliverySetTasks(ctx, db.DeliverySetTasksParams{ID: d.ID, TaskID: d.TaskID, ContactTaskID: contact, UpdatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("keep the contact of delivery %s: %w", d.ID, err)
	}
	return s.Tasks.ResumeAfter(ctx, q, d.TaskID, contact)
}

func (s *Services) mendRow(ctx context.Context, q *db.Queries, d db.Delivery, m Mending) error {
	p := db.DeliveryMendParams{
		ID: d.ID, AuthCodeSealed: d.AuthCodeSealed, RegistrantID: d.RegistrantID, Domain: d.Domain, Description: d.Description,
		UpdatedAt: s.now(),
	}
	if m.AuthCodeSealed != "" {
		p.AuthCodeSealed = m.AuthCodeSealed
	}
	if m.RegistrantID != "" {
		p.RegistrantID = m.RegistrantID
	}
	if m.Domain != "" {
		p.Domain = m.Domain
	}
	if m.Description != "" {
		p.Description = m.Description
	}
	rows, err := q.DeliveryMend(ctx, p)
	if err != nil {
		return fmt.Errorf("mend delivery %s: %w", d.ID, err)
	}
	if rows == 0 {
		return fault.New(fault.Conflict, "not_action_required", "Nothing about this line is waiting for you.")
	}
	return nil
}
