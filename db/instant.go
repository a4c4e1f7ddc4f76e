package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Instant is a moment as it is stored: unix milliseconds, UTC. Zero is "not yet"
// or "never": a paid_at of zero is an invoice that is not paid.
type Instant int64

// At is the instant of a time.
func At(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixMilli())
}

// Time is the instant as a time in UTC; the zero instant is the zero time.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(i)).UTC()
}

// IsZero is true for "not yet".
func (i Instant) IsZero() bool { return i == 0 }

// Add is the instant d later.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// Value stores the milliseconds.
func (i Instant) Value() (driver.Value, error) { return int64(i), nil }

// Scan reads the milliseconds; anything but a whole number is an error, since
// SQLite would keep text in an integer column.
func (i *Instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("instant is stored as %T, want a whole number of milliseconds", v)
	}
	*i = Instant(n)
	return nil
}
