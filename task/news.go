package task

import "sync"

// news tells goroutines of this process that wait for a task that a try of it
// has ended.
type news struct {
	mu      sync.Mutex
	waiting map[string][]chan struct{}
}

// of is closed when the next try of the task ends here; forget gives it up.
func (n *news) of(id string) (ended <-chan struct{}, forget func()) {
	ch := make(chan struct{})
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		n.waiting = map[string][]chan struct{}{}
	}
	n.waiting[id] = append(n.waiting[id], ch)
	return ch, func() { n.forget(id, ch) }
}

func (n *news) tell(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, ch := range n.waiting[id] {
		close(ch)
	}
	delete(n.waiting, id)
}

func (n *news) forget(id string, ch chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	left := n.waiting[id][:0]
	for _, other := range n.waiting[id] {
		if other != ch {
			left = append(left, other)
		}
	}
	if len(left) == 0 {
		delete(n.waiting, id)
		return
	}
	n.waiting[id] = left
}
