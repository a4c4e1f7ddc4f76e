package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

// ownership is a look at a name: whether the account had it. Blind means that
// the key may not see its names.
type ownership struct {
	Ours  bool `json:"ours"`
	Blind bool `json:"blind,omitempty"`
}

// domainRegister buys a name, behind a price guard, and then reads its expiry.
func (s *Services) domainRegister(queue string) task.Kind {
	return task.Kind{
		Name: KindDomainRegister, Queue: queue, PollEvery: expiryPoll,
		Check: s.nameIsOurs, Look: s.lookAtName, Do: s.register, Poll: s.pollName, Reconcile: s.reconcileName,
		Done: s.delivered, Failed: s.failed, ActionRequired: s.actionRequired,
	}
}

// expiryPoll: a name's expiry is there at once or within minutes.
func expiryPoll(poll int) time.Duration {
	return min(time.Duration(max(poll, 1))*10*time.Second, 5*time.Minute)
}

// nameIsOurs reserves the name anew in the claim: an order paid by bank transfer,
// or after its reservation had run out, may come second, to another order or to a
// service that is there by now.
func (s *Services) nameIsOurs(ctx context.Context, q *db.Queries, t task.Task) error {
	d, err := s.stillWanted(ctx, q, t)
	if err != nil {
		return err
	}
	delivered, err := s.InUse(ctx, q, d.Kind, d.Domain)
	if err != nil {
		return err
	}
	if delivered {
		return fault.Came(fault.Rejected, "name_taken", "the name was delivered to somebody else here")
	}
	err = s.Reserve(ctx, q, Reservation{
		Name: d.Domain, DeliveryID: d.ID, InvoiceID: d.InvoiceID, CustomerID: d.CustomerID,
	})
	if fault.Is(err, "name_reserved") {
		return fault.Came(fault.Rejected, "name_taken", "another order has the name").Because(err)
	}
	return err
}

func (s *Services) lookAtName(ctx context.Context, t task.Task) (any, error) {
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return nil, err
	}
	seen, _, err := seeName(ctx, a, d.Domain)
	return seen, err
}

// seeName reads a name as the account has it.
func seeName(ctx context.Context, a *adapter, name string) (ownership, upstream.Domain, error) {
	if a.domains == nil {
		return ownership{Blind: true}, upstream.Domain{}, nil
	}
	found, err := a.domains.Domain(ctx, name)
	switch {
	case errors.Is(err, upstream.ErrNotFound):
		return ownership{}, upstream.Domain{}, nil
	case errors.Is(err, upstream.ErrForbidden):
		return ownership{Blind: true}, upstream.Domain{}, nil
	case err != nil:
		return ownership{}, upstream.Domain{}, unanswered(err)
	}
	return ownership{Ours: true}, found, nil
}

// unanswered is a read that did not work: whatever the reason, it says nothing
// about the purchase, and is asked again.
func unanswered(err error) error {
	o := fault.OutcomeOf(err)
	if o.Result == fault.Unavailable || o.Result == fault.RateLimited {
		return err
	}
	return fault.Came(fault.Unavailable, o.Code, o.Message).Because(err)
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
		return takenOrOurs(ctx, a, d, t, err)
	case errors.Is(err, upstream.ErrInvalid):
		return task.Progress{}, registrantRefused(err)
	case errors.Is(err, upstream.ErrNotFound):
		return task.Progress{}, fault.Came(fault.Held, "contact_unknown", "the upstream does not know the contact's handle").Because(err)
	}
	return task.Progress{}, err
}

// handleOf is the registrant's handle. A mended registrant may still be on its way
// upstream, in a task of its own.
func (s *Services) handleOf(ctx context.Context, d db.Delivery) (string, error) {
	q := s.Store.Read()
	handle, known, err := s.Accounts.Handle(ctx, q, d.RegistrantID, d.Upstream)
	switch {
	case err != nil:
		return "", fault.Came(fault.Unavailable, "database", "").Because(err)
	case known:
		return handle, nil
	case d.ContactTaskID == "":
		return "", fault.Came(fault.Held, "contact_missing", "the registrant has no handle and none is being made")
	}
	contact, err := s.Tasks.Get(ctx, q, d.ContactTaskID)
	if err != nil {
		return "", fault.Came(fault.Unavailable, "database", "").Because(err)
	}
	if contact.State.Finished() {
		return "", fault.Came(fault.Held, "contact_missing", "the contact's task ended without a handle")
	}
	return "", fault.Came(fault.Unavailable, "contact_pending", "the registrant's contact is not made yet")
}

// guardPrice asks the exact price again, right before the call that buys.
func guardPrice(ctx context.Context, a *adapter, d db.Delivery) error {
	if a.pricer == nil {
		return nil
	}
	prices, err := a.pricer.PriceDomains(ctx, []string{d.Domain})
	if errors.Is(err, upstream.ErrForbidden) {
		return fault.Came(fault.Held, "price_unknown", "the key may not ask for the price").Because(err)
	}
	if err != nil {
		return unanswered(err)
	}
	price := prices[d.Domain]
	if price == nil {
		return fault.Came(fault.Held, "price_unknown", "the upstream gives no price for the name any more")
	}
	task.Note(ctx, "price", price.Cost.String())
	limit := amountOf(d, d.CostMinor)
	if price.Cost.Currency != limit.Currency || price.Cost.Cmp(limit) > 0 {
		return fault.Came(fault.Held, "price_above_quote", fmt.Sprintf("the name costs %s, the quote was made at %s", price.Cost, limit))
	}
	return nil
}

// takenOrOurs reads a name that is registered already. It is ours by this task only
// when a former try had looked and not found it.
func takenOrOurs(ctx context.Context, a *adapter, d db.Delivery, t task.Task, refusal error) (task.Progress, error) {
	seen, found, err := seeName(ctx, a, d.Domain)
	switch {
	case err != nil || seen.Blind:
		return task.Progress{}, fault.Came(fault.Held, "name_conflict", "the name is registered, and it cannot be seen by whom").Because(refusal)
	case !seen.Ours:
		return task.Progress{}, fault.Came(fault.Rejected, "name_taken", "somebody else has registered the name").Because(refusal)
	case t.Attempts > 1:
		return task.Progress{Result: deliveryResult{ExpiresAt: db.At(found.ExpiresAt)}, Waiting: true}, nil
	}
	return task.Progress{}, fault.Came(fault.Held, "name_already_held", "the account has the name, and not by this order").Because(refusal)
}

// pollName reads the expiry of a name that has just become ours. What cannot be read
// after a few tries is left to the operator: the name is delivered all the same.
func (s *Services) pollName(ctx context.Context, t task.Task) (task.Progress, error) {
	const enough = 6
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return task.Progress{}, unanswered(err)
	}
	result := resultOf(t)
	seen, found, err := seeName(ctx, a, d.Domain)
	if err == nil && seen.Ours && !found.ExpiresAt.IsZero() {
		result.ExpiresAt = db.At(found.ExpiresAt)
		return task.Progress{Result: result}, nil
	}
	if err != nil {
		task.Note(ctx, "expiry", err.Error())
	}
	return task.Progress{Result: result, Waiting: t.Polls < enough}, nil
}

// reconcileName settles a lost answer: the upstream refuses duplicates, so that a
// name that is not ours was not registered.
func (s *Services) reconcileName(ctx context.Context, t task.Task, look json.RawMessage) (task.Verdict, error) {
	d, a, err := s.begin(ctx, t)
	if err != nil {
		return task.Unclear, unanswered(err)
	}
	var before ownership
	if look == nil || json.Unmarshal(look, &before) != nil || before.Blind || before.Ours {
		return task.Unclear, nil
	}
	seen, found, err := seeName(ctx, a, d.Domain)
	switch {
	case err != nil:
		return task.Unclear, err
	case seen.Blind:
		return task.Unclear, nil
	case !seen.Ours:
		return task.No, nil
	}
	return task.Yes(task.Progress{Result: deliveryResult{ExpiresAt: db.At(found.ExpiresAt)}, Waiting: true}), nil
}
