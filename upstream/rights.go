package upstream

import (
	"context"
	"slices"
	"sync"
	"time"

	"hostfront/clock"
)

// Feature is something that an upstream's key may have no permission for, while the rest works.
type Feature string

// The features that are not offered while the key is known to lack their permission.
const (
	FeatureDNS         Feature = "dns"
	FeatureNameservers Feature = "nameservers"
	FeatureAuthCode    Feature = "auth_code"
	FeatureUsage       Feature = "usage"
	// FeatureCheck is asking whether names are free, FeaturePrice what they cost.
	FeatureCheck Feature = "check"
	FeaturePrice Feature = "price"
	// FeatureRegister is buying names, FeatureOrder hosting and transfers.
	FeatureRegister Feature = "register"
	FeatureOrder    Feature = "order"
)

// Leave is what is known of a permission.
type Leave int

// The leaves. Unknown is also a refusal that is so old that it is tried anew.
const (
	LeaveUnknown Leave = iota
	LeaveGranted
	LeaveDenied
)

// Restricted is an upstream whose key may lack permissions.
type Restricted interface {
	// May is what is known of a feature's permissions now; no call is made.
	May(f Feature) Leave
	// Forbidden lists the permissions that the key was refused and not allowed since, in the
	// upstream's words.
	Forbidden() []string
}

// AlarmPermission rings for each permission that an upstream's key lacks, and closes when a call
// that needs it works again.
const AlarmPermission = "upstream.permission_missing"

// DeniedFor is how long a refusal is taken to hold. Then the feature is offered again, and
// the next call of it tells.
const DeniedFor = 15 * time.Minute

// Rights is what the calls have told of a key's permissions. Safe for concurrent use.
type Rights struct {
	steady clock.Clock
	tell   func(ctx context.Context, permission string, missing bool) error

	// telling is held while the operator is told, so that what was heard last is told last.
	telling sync.Mutex
	mu      sync.Mutex
	known   map[string]right
}

// right is the last word on a permission. Told: the operator was told that it is missing, and
// not yet that it is there again.
type right struct {
	granted, told bool
	at            time.Time
}

// NewRights knows nothing yet. tell, which may be nil, is told of a refusal, and once when a
// permission that was refused works; an error has it told again.
func NewRights(steady clock.Clock, tell func(ctx context.Context, permission string, missing bool) error) *Rights {
	if tell == nil {
		tell = func(context.Context, string, bool) error { return nil }
	}
	return &Rights{steady: steady, tell: tell, known: map[string]right{}}
}

// Refused notes that a call was refused for want of a permission.
func (r *Rights) Refused(ctx context.Context, permission string) {
	r.telling.Lock()
	defer r.telling.Unlock()
	r.note(permission, right{told: true, at: r.steady.Now()})
	_ = r.tell(ctx, permission, true) // the next refusal tells again
}

// Worked notes that a call which needs a permission was answered.
func (r *Rights) Worked(ctx context.Context, permission string) {
	if was := r.of(permission); was.granted && !was.told {
		return
	}
	r.telling.Lock()
	defer r.telling.Unlock()
	was := r.of(permission)
	r.note(permission, right{granted: true, told: was.told, at: r.steady.Now()})
	if was.told && r.tell(ctx, permission, false) == nil {
		r.note(permission, right{granted: true, at: r.steady.Now()})
	}
}

// Recall takes over which permissions the operator was told of, by a former process or another
// replica: those are refused until a call works, or known to work here, and then told so by the next
// call. One that is missing here alone works elsewhere by now: nothing is known of it.
func (r *Rights) Recall(missing []string) {
	r.telling.Lock()
	defer r.telling.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, known := range r.known {
		if !known.granted && !slices.Contains(missing, name) {
			delete(r.known, name)
		}
	}
	for _, name := range missing {
		known, heard := r.known[name]
		if !heard {
			known.at = r.steady.Now()
		}
		known.told = true
		r.known[name] = known
	}
}

func (r *Rights) note(permission string, now right) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[permission] = now
}

func (r *Rights) of(permission string) right {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known[permission]
}

// May is what is known of all these permissions together.
func (r *Rights) May(permissions ...string) Leave {
	leave := LeaveGranted
	for _, p := range permissions {
		switch known := r.of(p); {
		case known.granted:
		case !known.at.IsZero() && r.steady.Now().Sub(known.at) < DeniedFor:
			return LeaveDenied
		default:
			leave = LeaveUnknown
		}
	}
	return leave
}

// Missing lists the permissions that were refused and not allowed since, however long ago.
func (r *Rights) Missing() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := []string{}
	for name, known := range r.known {
		if !known.granted {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
