package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
	"hostfront/upstream"
)

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
// when a former try may have registered it, having looked and not found it.
func (s *Services) takenOrOurs(ctx context.Context, a *adapter, d db.Delivery, t task.Task, refusal error) (task.Progress, error) {
	seen, found, err := seeName(ctx, a, d.Domain)
	switch {
	case err != nil || seen.Blind:
		return task.Progress{}, fault.Came(fault.Held, "name_conflict", "the name is registered, and it cannot be seen by whom").Because(refusal)
	case !seen.Ours:
		return task.Progress{}, fault.Came(fault.Rejected, "name_taken", "somebody else has registered the name").Because(refusal)
	}
	tries, err := s.Tasks.Journal(ctx, t.ID)
	if err != nil {
		return task.Progress{}, fault.Came(fault.Unavailable, "database", "").Because(err)
	}
	if slices.ContainsFunc(tries, mayHaveRegistered) {
		return task.Progress{Result: deliveryResult{ExpiresAt: db.At(found.ExpiresAt)}, Waiting: true}, nil
	}
	return task.Progress{}, fault.Came(fault.Held, "name_already_held", "the account has the name, and not by this order").Because(refusal)
}

// mayHaveRegistered is true of a try whose call was made, on a name that was not ours,
// and whose answer never came. One that was turned away has registered nothing: what
// came to the account since came from elsewhere.
func mayHaveRegistered(try task.Attempt) bool {
	var before ownership
	if try.Phase != task.PhaseDo || len(try.Look) == 0 || json.Unmarshal(try.Look, &before) != nil || before.Ours || before.Blind {
		return false
	}
	return try.Outcome == string(fault.Unknown) || try.Outcome == task.OutcomeLost || strings.HasPrefix(try.Outcome, task.OutcomeLate)
}
