package task

// State is where a task stands.
type State string

// The states, as drawn in the package's documentation.
const (
	Blocked        State = "blocked"         // its invoice is not paid
	Ready          State = "ready"           // to be done at RunAt
	Running        State = "running"         // claimed
	Waiting        State = "waiting"         // placed; the other side works on it; polled at RunAt
	Unknown        State = "unknown"         // may have happened; reconciled at RunAt
	Settling       State = "settling"        // over outside; what follows from it inside is tried again at RunAt
	ActionRequired State = "action_required" // the customer can mend it
	Held           State = "held"            // a person decides
	Done           State = "done"
	Failed         State = "failed"
	Cancelled      State = "cancelled"
)

// Finished is true for a task that nothing will happen to any more.
func (s State) Finished() bool { return s == Done || s == Failed || s == Cancelled }

// Phase is what the next try of a task does, or what the present one is doing.
type Phase string

// The phases.
const (
	PhaseDo        Phase = "do"
	PhasePoll      Phase = "poll"
	PhaseReconcile Phase = "reconcile"
	PhaseSettle    Phase = "settle"
	// PhaseOperator marks a person's decision in the journal; no task is in it.
	PhaseOperator Phase = "operator"
)
