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

func (end ending) code() string {
	if end.cause == nil {
		return ""
	}
	return end.cause.Code
}

func (end ending) errorText() string {
	if end.trouble != nil {
		return end.trouble.Error()
	}
	if end.cause == nil {
		return ""
	}
	return end.cause.Error()
}

// after is the row as the ending leaves it.
func (end ending) after(c claim, now time.Time) db.Task {
	r := c.row
	r.State, r.Phase, r.Verdict = string(end.state), string(end.phase), string(end.verdict)
	r.LeaseToken, r.LeaseUntil = "", 0
	if end.result != nil {
		r.Result = string(end.result)
	}
	if end.uncalled {
		r.Attempts--
	}
	if end.state == Waiting && r.WaitingAt.IsZero() {
		r.WaitingAt = db.At(now)
	}
	r.Failures, r.Unclears = end.failures, end.unclears
	r.RunAt, r.UpdatedAt = db.At(now.Add(end.delay)), db.At(now)
	r.ErrorCode, r.Message, r.Fields = "", "", ""
	if end.cause != nil {
		r.ErrorCode, r.Message, r.Fields = end.cause.Code, end.cause.Message, encodeFields(end.cause.Fields)
	}
	r.LastError = end.errorText()
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

func (end ending) closeParams(token string, now time.Time) db.TaskAttemptCloseParams {
	return db.TaskAttemptCloseParams{
		Outcome: end.outcome, ErrorCode: end.code(), Error: end.errorText(), Result: string(end.result), Notes: end.notes,
		EndedAt: db.At(now), ID: token,
	}
}
