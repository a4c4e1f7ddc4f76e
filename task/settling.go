package task

import (
	"hostfront/db"
	"hostfront/fault"
)

// settling is the outcome alone: what follows from it is tried again.
func (e *Engine) settling(c claim, end ending, trouble error) ending {
	end.verdict, end.state, end.phase = end.state, Settling, PhaseSettle
	end.trouble = trouble
	end.failures, end.unclears = 1, 0
	if Phase(c.row.Phase) == PhaseSettle {
		end.failures = c.row.Failures + 1
	}
	end.delay = e.jitter.spread(c.kind.Backoff(int(end.failures)))
	return end
}

// settle is the ending that was kept while it settled.
func settle(c claim) ending {
	end := ending{state: State(c.row.Verdict), phase: PhaseSettle, outcome: "settled"}
	switch end.state {
	case Failed:
		end.cause = keptCause(c.row, fault.Rejected)
	case ActionRequired:
		end.cause = keptCause(c.row, fault.ActionRequired)
	}
	return end
}

func keptCause(r db.Task, result fault.Result) *fault.Outcome {
	o := fault.Came(result, r.ErrorCode, r.Message)
	o.Fields = decodeFields(r.Fields)
	return o
}
