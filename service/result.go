package service

import (
	"encoding/json"

	"hostfront/db"
	"hostfront/task"
)

// deliveryResult is what came of a delivering task: the ids upstream and, for a
// name, its expiry. An operator who settles a lost order gives {"order_id": …}.
type deliveryResult struct {
	OrderID     id         `json:"order_id,omitempty"`
	SiteID      id         `json:"site_id,omitempty"`
	ExpiresAt   db.Instant `json:"expires_at,omitempty"`
	CompletedAt db.Instant `json:"completed_at,omitempty"`
}

// id is an upstream's id, which an operator may write as a number or a string.
type id string

// UnmarshalJSON reads 17 and "17" alike.
func (i *id) UnmarshalJSON(b []byte) error {
	var number json.Number
	if err := json.Unmarshal(b, &number); err == nil {
		*i = id(number.String())
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	*i = id(text)
	return nil
}

// resultOf reads what a task has so far; nothing yet is the zero result.
func resultOf(t task.Task) deliveryResult {
	var r deliveryResult
	if len(t.Result) == 0 || json.Unmarshal(t.Result, &r) != nil {
		return deliveryResult{}
	}
	return r
}
