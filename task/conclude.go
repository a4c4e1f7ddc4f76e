package task

import (
	"encoding/json"
	"errors"

	"hostfront/fault"
)

// unclearLimit is how often a reconcile may find nothing clear before a person
// is asked.
const unclearLimit = 5

// answer is what a handler said.
type answer struct {
	progress Progress
	verdict  Verdict
	err      error
	// before says that the error came before the call: nothing happened.
	before bool
	// lost says that the claim was lost meanwhile; nothing was called.
	lost bool
}

// conclude turns a handler's answer into what becomes of the task. It is a pure
// function of both, but for the spread of the pauses.
func (e *Engine) conclude(c claim, a answer) ending {
	phase := Phase(c.row.Phase)
	if a.err == nil {
		if phase == PhaseReconcile {
			return e.concludeVerdict(c, a.verdict)
		}
		return e.succeed(c, a.progress)
	}
	o := fault.OutcomeOf(a.err)
	switch {
	case phase == PhasePoll && errors.Is(a.err, ErrNotNeeded):
		return notNeeded(phase)
	case phase == PhasePoll:
		return e.concludePoll(c, harmless(o))
	case phase == PhaseReconcile:
		return e.concludeReconcile(c, harmless(o))
	case a.before:
		return e.concludeDo(c, harmless(o))
	default:
		return e.concludeDo(c, o)
	}
}

// harmless is the outcome of something that only reads: what it cannot tell has
// at any rate not happened.
func harmless(o *fault.Outcome) *fault.Outcome {
	if o.Result != fault.Unknown {
		return o
	}
	return fault.Came(fault.Unavailable, o.Code, o.Message).Because(o.Unwrap())
}

func (e *Engine) succeed(c claim, p Progress) ending {
	end := ending{state: Done, phase: Phase(c.row.Phase), outcome: string(Done)}
	if p.Result != nil {
		text, err := json.Marshal(p.Result)
		if err != nil {
			return held(c, fault.Came(fault.Held, "result_unreadable", "The handler's result is not JSON.").Because(err))
		}
		end.result = text
	}
	if !p.Waiting {
		return end
	}
	if c.kind.Poll == nil {
		end.state, end.outcome = Held, string(Held)
		end.cause = fault.Came(fault.Held, "no_poll", "The kind waits and cannot poll.")
		return end
	}
	end.state, end.phase, end.outcome = Waiting, PhasePoll, string(Waiting)
	end.delay = e.jitter.spread(c.kind.PollEvery(int(c.row.Polls)))
	if until := p.LookBy.Sub(e.clock.Now()); until > 0 {
		end.delay = min(end.delay, until)
	}
	return end
}

func (e *Engine) concludeDo(c claim, o *fault.Outcome) ending {
	switch o.Result {
	case fault.Rejected:
		return final(c, Failed, o)
	case fault.ActionRequired:
		return final(c, ActionRequired, o)
	case fault.Held:
		return held(c, o)
	case fault.Unknown:
		return e.concludeUnknown(c, o)
	default:
		return e.again(c, Ready, PhaseDo, o)
	}
}

// concludeUnknown is a call that may have happened.
func (e *Engine) concludeUnknown(c claim, o *fault.Outcome) ending {
	if c.kind.Idempotent {
		return e.again(c, Ready, PhaseDo, o)
	}
	end := ending{state: Unknown, phase: PhaseReconcile, outcome: string(o.Result), cause: o}
	if c.kind.Reconcile == nil {
		end.state = Held
		return end
	}
	end.delay = e.jitter.spread(c.kind.Backoff(1))
	return end
}

func (e *Engine) concludePoll(c claim, o *fault.Outcome) ending {
	switch o.Result {
	case fault.Rejected:
		return final(c, Failed, o)
	case fault.ActionRequired:
		return final(c, ActionRequired, o)
	case fault.Held:
		return held(c, o)
	default:
		return e.again(c, Waiting, PhasePoll, o)
	}
}

// concludeUncalled is a task that was decided about without a call.
func (e *Engine) concludeUncalled(c claim, o *fault.Outcome) *ending {
	end := e.concludeDo(c, harmless(o))
	end.uncalled = true
	return &end
}

// again is a try that came to nothing: once more after a pause that grows.
func (e *Engine) again(c claim, state State, phase Phase, o *fault.Outcome) ending {
	end := ending{
		state: state, phase: phase, outcome: string(o.Result), cause: o,
		failures: c.row.Failures + 1, unclears: c.row.Unclears,
	}
	end.delay = max(e.jitter.spread(c.kind.Backoff(int(end.failures))), o.RetryAfter)
	return end
}

// notNeeded is the end of a task whose reason has gone.
func notNeeded(phase Phase) ending {
	return ending{state: Cancelled, phase: phase, outcome: string(Cancelled), cause: fault.Came(fault.Rejected, CodeNotNeeded, "")}
}

func final(c claim, state State, o *fault.Outcome) ending {
	return ending{state: state, phase: Phase(c.row.Phase), outcome: string(o.Result), cause: o}
}

func held(c claim, o *fault.Outcome) ending {
	return ending{state: Held, phase: Phase(c.row.Phase), outcome: string(fault.Held), cause: o}
}
