package task

// Wake makes the workers look at once, such as after the clock was moved.
func (e *Engine) Wake() {
	for _, l := range e.lanes {
		signal(l.woken)
	}
}

// hint says that a task of the queue becomes ready with the commit of the
// transaction under way.
func (e *Engine) hint(queue string) {
	if l := e.lanes[queue]; l != nil {
		signal(l.hinted)
	}
}

func (e *Engine) hintAll() {
	for _, l := range e.lanes {
		signal(l.hinted)
	}
}

// wakeAfter wakes the queues in which an ending may have made a task claimable:
// the next of its subject, or one that waited for it.
func (e *Engine) wakeAfter(end ending) {
	if end.state.Finished() {
		e.Wake()
	}
}
