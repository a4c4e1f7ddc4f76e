package task

import (
	"encoding/json"
	"time"

	"hostfront/db"
	"hostfront/fault"
)

// ending is what a try of a task came to.
type ending struct {
	state State
	phase Phase
	// outcome is the word in the journal.
	outcome string
	// result replaces the task's; nil keeps it.
	result json.RawMessage
	// cause is why, for every ending but a good one.
	cause *fault.Outcome
	// delay is until the next try.
	delay time.Duration
	// failures and unclears are the counts to store.
	failures, unclears int64
	// uncalled says that no call was made: it costs no attempt.
	uncalled bool
	// verdict is what is still to be followed by Done, Failed or ActionRequired,
	// while settling.
	verdict State
	// notes is the handler's journal.
	notes string
	// trouble is the error that kept the ending from being written whole.
	trouble error
}

func (e ending) code() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Code
}

func (e ending) errorText() string {
	if e.trouble != nil {
		return e.trouble.Error()
	}
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

// after is the row as the ending leaves it.
func (e ending) after(c claim, now time.Time) db.Task {
	r := c.row
	r.State, r.Phase, r.Verdict = string(e.state), string(e.phase), string(e.verdict)
	r.LeaseToken, r.LeaseUntil = "", 0
	if e.result != nil {
		r.Result = string(e.result)
	}
	if e.uncalled {
		r.Attempts--
	}
	if e.state == Waiting && r.WaitingAt.IsZero() {
		r.WaitingAt = db.At(now)
	}
	r.Failures, r.Unclears = e.failures, e.unclears
	r.RunAt, r.UpdatedAt = db.At(now.Add(e.delay)), db.At(now)
	r.ErrorCode, r.Message, r.Fields = "", "", ""
	if e.cause != nil {
		r.ErrorCode, r.Message, r.Fields = e.cause.Code, e.cause.Message, encodeFields(e.cause.Fields)
	}
	r.LastError = e.errorText()
	return r
}

func finishParams(r db.Task, token string) db.TaskFinishParams {
	return db.TaskFinishParams{
		State: r.State, Phase: r.Phase, Verdict: r.Verdict, Result: r.Result,
		Attempts: r.Attempts, Polls: r.Polls, Failures: r.Failures, Unclears: r.Unclears,
		RunAt: r.RunAt, WaitingAt: r.WaitingAt, Alarm: r.Alarm,
		ErrorCode: r.ErrorCode, Message: r.Message, LastError: r.LastError, Fields: r.Fields,
		UpdatedAt: r.UpdatedAt, ID: r.ID, LeaseToken: token,
	}
}

func (e ending) closeParams(token string, now time.Time) db.TaskAttemptCloseParams {
	return db.TaskAttemptCloseParams{
		Outcome: e.outcome, ErrorCode: e.code(), Error: e.errorText(), Result: string(e.result), Notes: e.notes,
		EndedAt: db.At(now), ID: token,
	}
}
