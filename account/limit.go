package account

import (
	"time"

	"hostfront/fault"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
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

// Limit is a bucket of Burst tries that gets one back every Every, on the
// business clock.
type Limit struct {
	Burst int
	Every time.Duration
}

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
	loginAccount, loginAddress, mailAccount, mailAddress, registerAddress *buckets
}

func newLimits(l Limits) *limits {
	return &limits{
		loginAccount: newBuckets(l.LoginAccount), loginAddress: newBuckets(l.LoginAddress),
		mailAccount: newBuckets(l.MailAccount), mailAddress: newBuckets(l.MailAddress),
		registerAddress: newBuckets(l.RegisterAddress),
	}
}

// rememberedKeys is how many keys one limit remembers: the least recently seen
// is forgotten first, so that memory stays bounded.
const rememberedKeys = 20_000

type buckets struct {
	limit Limit
	byKey *lru.Cache[string, *rate.Limiter]
}

func newBuckets(l Limit) *buckets {
	cache, err := lru.New[string, *rate.Limiter](rememberedKeys)
	if err != nil {
		panic("account: " + err.Error()) // a size that is not positive, which it is
	}
	return &buckets{limit: l, byKey: cache}
}

// take uses up one try of key, or says how long to wait for one. The empty key
// (a client whose address is not known) is not limited.
func (b *buckets) take(now time.Time, key string) error {
	if key == "" {
		return nil
	}
	fresh := rate.NewLimiter(rate.Every(b.limit.Every), b.limit.Burst)
	bucket, had, _ := b.byKey.PeekOrAdd(key, fresh)
	if !had {
		bucket = fresh
	}
	b.byKey.Get(key) // seen: forgotten last
	reserved := bucket.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait <= 0 {
		return nil
	}
	reserved.CancelAt(now)
	return fault.New(fault.TooMany, "too_many_tries", "Too many tries. Wait a moment.").After(wait.Round(time.Second) + time.Second)
}

// forget gives a key its whole bucket back, after a try that succeeded.
func (b *buckets) forget(key string) { b.byKey.Remove(key) }
