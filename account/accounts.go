package account

import (
	"log/slog"
	"time"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/seal"

	"github.com/alexedwards/argon2id"
)

// Config is what Accounts is handed.
type Config struct {
	Store  *db.Store
	Clock  clock.Clock // the business clock
	Events *event.Log
	// Sealer seals the token of a link on its way to the mail.
	Sealer *seal.Sealer
	// SigningKey is the app's secret; the key of access tokens is derived from it.
	SigningKey []byte
	Log        *slog.Logger
	// HashSlots is how many passwords are hashed at once (default 2), HashQueue how
	// many may wait for a slot (default 8 for each slot). Hash sets the cost of
	// argon2id; nil is 19 MiB and two passes, the least that OWASP recommends.
	HashSlots, HashQueue int
	Hash                 *argon2id.Params
	Lives                Lives
	Limits               Limits
}

// Lives says how long things hold; zero fields get the defaults.
type Lives struct {
	Access  time.Duration // an access token: 10 minutes
	Refresh time.Duration // a refresh token that is not used: 30 days
	Session time.Duration // a sign-in, however often refreshed: 180 days
	Reset   time.Duration // a password reset link: 1 hour
	SignIn  time.Duration // a sign-in link: 15 minutes
}

// Accounts is the room. Safe for concurrent use.
type Accounts struct {
	store  *db.Store
	clock  clock.Clock
	events *event.Log
	sealer *seal.Sealer
	log    *slog.Logger
	hasher *hasher
	access signer
	lives  Lives
	limits *limits
}

// New opens the room. It writes nothing and hashes nothing.
func New(c Config) *Accounts {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	lives := c.Lives.withDefaults()
	return &Accounts{
		store: c.Store, clock: c.Clock, events: c.Events, sealer: c.Sealer, log: c.Log,
		hasher: newHasher(c.HashSlots, c.HashQueue, c.Hash),
		access: newSigner(c.SigningKey, c.Clock, lives.Access),
		lives:  lives,
		limits: newLimits(c.Limits.withDefaults()),
	}
}

func (l Lives) withDefaults() Lives {
	const day = 24 * time.Hour
	for field, standard := range map[*time.Duration]time.Duration{
		&l.Access: 10 * time.Minute, &l.Refresh: 30 * day, &l.Session: 180 * day,
		&l.Reset: time.Hour, &l.SignIn: 15 * time.Minute,
	} {
		if *field <= 0 {
			*field = standard
		}
	}
	return l
}
