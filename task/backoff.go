package task

import (
	"encoding/binary"
	"io"
	"sync"
	"time"
)

const (
	backoffFirst = 2 * time.Second
	backoffCap   = 15 * time.Minute
	pollFirst    = 5 * time.Second
	pollCap      = 5 * time.Minute
)

// defaultBackoff doubles from two seconds up to a quarter of an hour.
func defaultBackoff(attempt int) time.Duration { return doubling(backoffFirst, backoffCap, attempt-1) }

// defaultPollEvery doubles from five seconds up to five minutes.
func defaultPollEvery(poll int) time.Duration { return doubling(pollFirst, pollCap, poll) }

func doubling(first, limit time.Duration, times int) time.Duration {
	d := first
	for range times {
		d *= 2
		if d >= limit {
			return limit
		}
	}
	return d
}

// jitter spreads pauses, so that what failed together does not come back together.
type jitter struct {
	mu      sync.Mutex
	entropy io.Reader
}

// spread is d give or take a quarter of it. Without entropy it is d.
func (j *jitter) spread(d time.Duration) time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b [2]byte
	if _, err := io.ReadFull(j.entropy, b[:]); err != nil {
		return d
	}
	part := time.Duration(binary.BigEndian.Uint16(b[:])) // of 65,536
	return d - d/4 + d/2*part/(1<<16)
}
