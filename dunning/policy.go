package dunning

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// Action is what a step does.
type Action string

// The actions.
const (
	Remind      Action = "remind"       // a mail that it is not paid, and what comes next
	LateFee     Action = "late_fee"     // a fee on an invoice of its own, outside VAT
	Suspend     Action = "suspend"      // hosting is switched off, its billing stops
	FinalNotice Action = "final_notice" // a mail that it will be ended
	Terminate   Action = "terminate"    // hosting is ended, the subscription with it
	Lapse       Action = "lapse"        // a name is not renewed any more
)

// Step is one rung of a ladder.
type Step struct {
	// Name is stable: it is what is kept as taken.
	Name   string `json:"name"`
	Action Action `json:"action"`
	// After is how many days after the due date; below zero is before it, for a name.
	After int `json:"after_days"`
	// Notice is how many days must have passed since the step before it was taken.
	Notice int `json:"notice_days"`
}

// Policy is the shop's choice, kept as data: staff read and replace it whole.
type Policy struct {
	// Hosting and Domain are the ladders.
	Hosting []Step `json:"hosting"`
	Domain  []Step `json:"domain"`
	// LateFee is what a late_fee step charges; nothing while no ladder has one.
	LateFee money.Amount `json:"late_fee"`
	// AfterTermination is what becomes of the open invoice of what was ended: write_off
	// gives it up as a bad debt, keep leaves it open, with its legal number.
	AfterTermination string `json:"after_termination"`
	// WrittenOff is what becomes of the hosting of a customer who is written off:
	// terminate, suspend or keep.
	WrittenOff string `json:"written_off"`
	// NotifyCountryTLDs sends the expiry notices that ICANN asks for generic names to the
	// registrants of country-code names too.
	NotifyCountryTLDs bool `json:"notify_country_tlds"`
	// LapseGrace is for how many days after its expiry a name that was not renewed is kept
	// here, so that it can still be restored.
	LapseGrace int `json:"lapse_grace_days"`
}

// What a Policy chooses between.
const (
	WriteOffInvoice = "write_off"
	KeepInvoice     = "keep"

	TerminateHosting = "terminate"
	SuspendHosting   = "suspend"
	KeepHosting      = "keep"
)

// Default is the policy of a shop that has not chosen: no late fee.
func Default(currency money.Currency) Policy {
	return Policy{
		Hosting: []Step{
			{Name: "reminder_1", Action: Remind, After: 3},
			{Name: "reminder_2", Action: Remind, After: 7, Notice: 1},
			{Name: "suspension", Action: Suspend, After: 14, Notice: 7},
			{Name: "final_notice", Action: FinalNotice, After: 30, Notice: 7},
			{Name: "termination", Action: Terminate, After: 44, Notice: 14},
		},
		Domain: []Step{
			{Name: "reminder_1", Action: Remind, After: -10},
			{Name: "reminder_2", Action: Remind, After: -3, Notice: 1},
			{Name: "lapse", Action: Lapse},
		},
		LateFee: money.Zero(currency), AfterTermination: WriteOffInvoice, WrittenOff: TerminateHosting,
		NotifyCountryTLDs: true, LapseGrace: 45,
	}
}

// policySetting is where the policy is kept.
const policySetting = "dunning_policy"

// Policy reads the shop's policy.
func (d *Dunning) Policy(ctx context.Context, q *db.Queries) (Policy, error) {
	setting, err := q.SettingByName(ctx, policySetting)
	if errors.Is(err, sql.ErrNoRows) {
		return Default(d.Currency), nil
	}
	if err != nil {
		return Policy{}, fmt.Errorf("read the dunning policy: %w", err)
	}
	var p Policy
	if err := json.Unmarshal([]byte(setting.Value), &p); err != nil {
		return Policy{}, fmt.Errorf("the dunning policy: %w", err)
	}
	return p, nil
}

// SetPolicy replaces the policy, in the caller's transaction, which writes the audit entry
// beside it. Steps that were taken stay taken: a step is known by its name.
func (d *Dunning) SetPolicy(ctx context.Context, q *db.Queries, p Policy) (before Policy, err error) {
	if fields := p.check(d.Currency); len(fields) > 0 {
		return before, fault.InvalidFields(fields...)
	}
	if before, err = d.Policy(ctx, q); err != nil {
		return before, err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return before, fmt.Errorf("the dunning policy: %w", err)
	}
	return before, q.SettingPut(ctx, db.SettingPutParams{Name: policySetting, Value: string(text), UpdatedAt: db.At(d.Clock.Now())})
}

// ladder is the steps for what a subscription is of.
func (p Policy) ladder(domain bool) []Step {
	if domain {
		return p.Domain
	}
	return p.Hosting
}
