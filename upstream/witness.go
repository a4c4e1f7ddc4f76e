package upstream

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// witness watches a request through httptrace to tell whether any of it can have
// been written.
//
// From the moment the transport has a connection, its writer runs beside us and
// the answer is "perhaps", even when it is cancelled a moment later. The
// transport asks for another connection for the same request only when it knows
// that nothing was written on the first (calls with an effect are POST, PUT and
// PATCH, which it never sends twice otherwise); so asking again starts over.
type witness struct {
	asked, connected atomic.Bool
}

func (w *witness) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			w.asked.Store(true)
			w.connected.Store(false)
		},
		GotConn: func(httptrace.GotConnInfo) { w.connected.Store(true) },
	})
}

// neverConnected is true when the transport asked for a connection and got none:
// nothing can have been written. A transport that does not report is not believed.
func (w *witness) neverConnected() bool { return w.asked.Load() && !w.connected.Load() }
