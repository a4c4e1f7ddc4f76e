package account

import (
	"time"

	"hostfront/fault"
	"hostfront/throttle"
)

// Limits bounds how often something is tried; zero fields get the defaults.
type Limits struct {
	// LoginAccount bounds tries at one mail address, LoginAddress those from one
	// client address (links that are followed count there too).
	LoginAccount, LoginAddress Limit
	// MailAccount bounds links asked for one mail address, MailAddress those asked
	// from one client address.
	MailAccount, MailAddress Limit
	// RegisterAddress bounds registrations from one client address.
	RegisterAddress Limit
}

// Limit is a bucket of tries, on the business clock.
type Limit = throttle.Limit

func (l Limits) withDefaults() Limits {
	for field, standard := range map[*Limit]Limit{
		&l.LoginAccount:    {Burst: 10, Every: 30 * time.Second},
		&l.LoginAddress:    {Burst: 30, Every: 2 * time.Second},
		&l.MailAccount:     {Burst: 3, Every: 5 * time.Minute},
		&l.MailAddress:     {Burst: 10, Every: 30 * time.Second},
		&l.RegisterAddress: {Burst: 20, Every: 10 * time.Second},
	} {
		if field.Burst <= 0 || field.Every <= 0 {
			*field = standard
		}
	}
	return l
}

// limits holds the buckets of this process.
type limits struct {
	loginAccount, loginAddress, mailAccount, mailAddress, registerAddress buckets
}

func newLimits(l Limits) *limits {
	return &limits{
		loginAccount: newBuckets(l.LoginAccount), loginAddress: newBuckets(l.LoginAddress),
		mailAccount: newBuckets(l.MailAccount), mailAddress: newBuckets(l.MailAddress),
		registerAddress: newBuckets(l.RegisterAddress),
	}
}

// buckets are a throttle whose refusal is fit for a client.
type buckets struct{ *throttle.Throttle }

func newBuckets(l Limit) buckets { return buckets{throttle.New(l)} }

// take uses up one try of key, or says how long to wait for one.
func (b buckets) take(now time.Time, key string) error {
	wait, ok := b.Take(now, key, 1)
	if ok {
		return nil
	}
	return fault.New(fault.TooMany, "too_many_tries", "Too many tries. Wait a moment.").After(wait.Round(time.Second) + time.Second)
}

// forget gives a key its whole bucket back, after a try that succeeded.
func (b buckets) forget(key string) { b.Forget(key) }
