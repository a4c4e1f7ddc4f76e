package clock

import "time"

// Ticker wakes something up every d of real time, whatever the business clock
// says: workers that look for due work, streams that look for a change.
type Ticker struct {
	C <-chan time.Time

	ticker *time.Ticker
}

// NewTicker ticks every d until Stop.
func NewTicker(d time.Duration) *Ticker {
	t := time.NewTicker(d)
	return &Ticker{C: t.C, ticker: t}
}

// Stop ends the ticks; the channel is not closed.
func (t *Ticker) Stop() { t.ticker.Stop() }

// After is a channel that gets one value after d of real time.
func After(d time.Duration) <-chan time.Time { return time.After(d) }
