package service

import (
	"context"
	"encoding/json"
	"errors"

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
