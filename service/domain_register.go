package service

import (
	"context"
	"errors"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// domainRegister buys a name, behind a price guard, and then reads its expiry.
func (s *Services) domainRegister(queue string) task.Kind {
	return task.Kind{
		Name: KindDomainRegister, Queue: queue, Leads: true, PollEvery: expiryPoll,
		Check: s.nameIsOurs, Look: s.lookAtName, Do: s.register, Poll: s.pollName, Reconcile: s.reconcileName,
		Done: s.delivered, Failed: s.failed, Cancelled: s.cancelled, ActionRequired: s.actionRequired,
	}
}

// expiryPoll: a name's expiry is there at once or within minutes.
func expiryPoll(poll int) time.Duration {
	if poll == 0 {
		return time.Second // what was ordered with the name waits for it
	}
	return min(time.Duration(max(poll, 1))*10*time.Second, 5*time.Minute)
}

// nameIsOurs reserves the name anew in the claim: an order paid by bank transfer,
// or after its reservation had run out, may come second, to another order or to a
// service that is there by now. The service is looked for last: claims read each
// statement's own present, and a rival that was delivered between the two is seen.
func (s *Services) nameIsOurs(ctx context.Context, q *db.Queries, t task.Task) error {
	d, err := s.stillWanted(ctx, q, t)
	if err != nil {
		return err
	}
	err = s.Reserve(ctx, q, Reservation{
		Name: d.Domain, DeliveryID: d.ID, InvoiceID: d.InvoiceID, CustomerID: d.CustomerID,
	})
	if fault.Is(err, "name_reserved") {
		return fault.Came(fault.Rejected, "name_taken", "another order has the name").Because(err)
	}
	if err != nil {
		return err
	}
	delivered, err := s.InUse(ctx, q, d.Kind, d.Domain)
	if err == nil && delivered {
		err = fault.Came(fault.Rejected, "name_taken", "the name was delivered to somebody else here")
	}
	return err
}

func (s *Services) register(ctx context.Context, t task.Task) (task.Progress, error) {
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return task.Progress{}, err
	}
	if a.registrar == nil {
		return task.Progress{}, cannot(a, "register domain names")
	}
	handle, err := s.handleOf(ctx, d)
	if err != nil {
		return task.Progress{}, err
	}
	if err := guardPrice(ctx, a, d); err != nil {
		return task.Progress{}, err
	}
	task.Note(ctx, "registers", map[string]string{"domain": d.Domain, "contact": handle})
	err = a.registrar.RegisterDomain(ctx, d.Domain, handle)
	switch {
	case err == nil:
		return task.Progress{Result: deliveryResult{}, Waiting: true}, nil
	case errors.Is(err, upstream.ErrConflict):
		return s.takenOrOurs(ctx, a, d, t, err)
	case errors.Is(err, upstream.ErrRegistrant):
		return task.Progress{}, registrantRefused(err)
	case errors.Is(err, upstream.ErrInvalid):
		return task.Progress{}, fault.Came(fault.Held, "registration_refused", "the upstream refused the registration, and not for the registrant's details as it seems").Because(err)
	case errors.Is(err, upstream.ErrNotFound):
		return task.Progress{}, fault.Came(fault.Held, "contact_unknown", "the upstream does not know the contact's handle").Because(err)
	}
	return task.Progress{}, err
}
