package courier

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// enqueue queues a message and sees that somebody carries it. The lock is held.
func (k *Courier) enqueue(m Message) {
	k.queue = append(k.queue, m)
	if k.running < couriers {
		k.running++
		go k.run()
	}
}

// run carries messages until none is left.
func (k *Courier) run() {
	for {
		k.mu.Lock()
		if len(k.queue) == 0 || k.stop.Err() != nil {
			k.running--
			k.quiet.Broadcast()
			k.mu.Unlock()
			return
		}
		m, url := k.queue[0], k.url
		k.queue = k.queue[1:]
		k.mu.Unlock()
		k.settle(m, k.carry(m, url))
	}
}

func (k *Courier) settle(m Message, delivered bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if delivered {
		k.sent++
		return
	}
	k.lost = append(k.lost, m)
}

// carry tries a message until it is taken or its attempts are used up.
func (k *Courier) carry(m Message, url string) bool {
	wait := k.config.Backoff
	for attempt := 1; ; attempt++ {
		if k.attempt(m, url) {
			return true
		}
		if attempt == k.config.Attempts || !k.pause(wait) {
			return false
		}
		wait *= 2
	}
}

func (k *Courier) attempt(m Message, url string) bool {
	req, err := http.NewRequestWithContext(k.stop, http.MethodPost, url, bytes.NewReader(m.Body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	k.config.Sign(req.Header, m.Body, k.config.Clock.Now())
	resp, err := k.client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	// Read to the end, so that the connection is used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	return resp.StatusCode >= 200 && resp.StatusCode < 300
}

func (k *Courier) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-k.stop.Done():
		return false
	}
}
