package sim_test

import (
	"container/heap"
	"time"
)

// event is something that somebody outside the shop does at an instant.
type event struct {
	at   time.Time
	turn int // breaks ties: the first that was written down comes first
	what string
	do   func()
}

// agenda is what is still to happen outside the shop, soonest first.
type agenda struct {
	events events
	turn   int
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].turn < e[j].turn
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// add writes down what is to happen.
func (a *agenda) add(at time.Time, what string, do func()) {
	a.turn++
	heap.Push(&a.events, event{at: at, turn: a.turn, what: what, do: do})
}

// next is when the first thing happens.
func (a *agenda) next() (time.Time, bool) {
	if len(a.events) == 0 {
		return time.Time{}, false
	}
	return a.events[0].at, true
}

// due takes the first thing that is to happen by now.
func (a *agenda) due(now time.Time) (event, bool) {
	if at, any := a.next(); !any || at.After(now) {
		return event{}, false
	}
	return heap.Pop(&a.events).(event), true
}
