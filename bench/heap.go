package main

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"time"
)

// heapWatch looks at the live heap (what the last garbage collection left) often
// enough to see each collection.
type heapWatch struct {
	done    chan struct{}
	stopped sync.WaitGroup
	peak    uint64
}

func watchHeap() *heapWatch {
	w := &heapWatch{done: make(chan struct{})}
	w.stopped.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-w.done:
				return
			case <-tick.C:
				w.peak = max(w.peak, live())
			}
		}
	})
	return w
}

// now is the live heap after a collection.
func (w *heapWatch) now() uint64 {
	runtime.GC()
	return live()
}

// stop ends the watch and says what the most was.
func (w *heapWatch) stop() uint64 {
	close(w.done)
	w.stopped.Wait()
	return w.peak
}

func live() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
