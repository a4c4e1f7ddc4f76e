package task

import (
	"hostfront/fault"
)

// concludeReconcile is a reconcile that could not look. That it was refused says
// nothing about the call: only a verdict does.
func (e *Engine) concludeReconcile(c claim, o *fault.Outcome) ending {
	switch o.Result {
	case fault.Held:
		return held(c, o)
	case fault.Rejected, fault.ActionRequired:
		return e.unclear(c, o)
	default:
		return e.again(c, Unknown, PhaseReconcile, o)
	}
}

func (e *Engine) concludeVerdict(c claim, v Verdict) ending {
	switch v.answer {
	case answerYes:
		return e.succeed(c, v.progress)
	case answerNo:
		return ending{
			state: Ready, phase: PhaseDo, outcome: string(answerNo),
			cause: fault.Came(fault.Unavailable, "did_not_happen", ""), delay: e.jitter.spread(c.kind.Backoff(1)),
		}
	default:
		return e.unclear(c, fault.Came(fault.Unknown, "unclear", "Whether it happened cannot be told."))
	}
}

func (e *Engine) unclear(c claim, o *fault.Outcome) ending {
	end := ending{state: Unknown, phase: PhaseReconcile, outcome: "unclear", cause: o, unclears: c.row.Unclears + 1}
	if end.unclears >= unclearLimit {
		end.state = Held
		return end
	}
	end.delay = e.jitter.spread(c.kind.Backoff(int(end.unclears)))
	return end
}
