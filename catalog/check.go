package catalog

import (
	"context"

	"hostfront/fault"
	"hostfront/upstream"
)

// The statuses of a checked name.
const (
	StatusAvailable   = "available"
	StatusTaken       = "taken"
	StatusUnsupported = "unsupported" // cannot be bought here, whether free or not: Reason says why
	StatusUnknown     = "unknown"     // the upstream is away or did not say
)

// Availability is what can be said of a name that somebody asked for.
type Availability struct {
	// Name is the name as people read it, ASCII as the DNS does; for what is no name at
	// all, both are what was asked. TLD is the suffix it is sold under, or "".
	Name, ASCII, TLD string
	Status           string
	// Premium: the registry asks more for this one name.
	Premium bool
	// Price of registering it for a year: exact where the upstream quotes names, else
	// the TLD's own. Nil when it is not available, or its price is not known now.
	Price *Price
	// Reason is why the status is unsupported or unknown: a Reason constant.
	Reason string
}

// Check tells for each name, in the order asked, whether it can be registered and at
// what price. client is whom the quota is counted for (an address or an account);
// empty is the shop itself, which has none. Names that cannot be registered are
// answered without asking the upstream; when that is away the rest are unknown.
// Faults: invalid_fields (none or too many names), check_quota with RetryAfter.
func (c *Catalog) Check(ctx context.Context, client string, asked []string) ([]Availability, error) {
	if len(asked) == 0 || len(asked) > c.conf.CheckNames {
		return nil, fault.InvalidField("name", "count", "Between 1 and %d names.", c.conf.CheckNames)
	}
	if wait, ok := c.checks.quota.Take(c.conf.Steady.Now(), client, len(asked)); !ok {
		return nil, fault.New(fault.TooMany, "check_quota", "Too many names were checked; try again shortly.").After(wait)
	}
	s := c.Snapshot()
	out := make([]Availability, len(asked))
	tlds := make([]*TLD, len(asked))
	var ask []string
	for i, name := range asked {
		out[i], tlds[i] = c.asked(s, name)
		if tlds[i] != nil {
			ask = append(ask, out[i].ASCII)
		}
	}
	verdicts := c.checks.ask(ctx, ask)
	for i := range out {
		if tlds[i] != nil {
			out[i].say(s, tlds[i], verdicts[out[i].ASCII])
		}
	}
	return out, nil
}

// Forget drops what is remembered about names: after one was bought, or when the
// upstream refused it.
func (c *Catalog) Forget(names ...string) {
	for _, name := range names {
		if ascii, err := toASCII(name); err == nil {
			c.checks.forget(ascii)
		}
	}
}

// asked is what can be said about a name without the upstream, and the TLD to ask
// the upstream about, or nil when everything was said.
func (c *Catalog) asked(s *Snapshot, name string) (Availability, *TLD) {
	ascii, t, err := c.sold(s, name)
	if err != nil {
		a := Availability{Name: name, ASCII: name, Status: StatusUnsupported, Reason: reasonOf(err)}
		if ascii != "" {
			a.Name, a.ASCII = Display(ascii), ascii
		}
		return a, nil
	}
	return Availability{Name: Display(ascii), ASCII: ascii, TLD: t.Name}, t
}

// say puts the upstream's verdict in the shop's words and prices.
func (a *Availability) say(s *Snapshot, t *TLD, v verdict) {
	switch v.availability {
	case upstream.Available:
		a.offer(s, t, v)
	case upstream.Taken:
		a.Status = StatusTaken
	case upstream.Unsupported:
		a.Status, a.Reason = StatusUnsupported, ReasonUpstream
	default:
		a.Status, a.Reason = StatusUnknown, ReasonUnanswered
		if v.forbidden {
			a.Reason = ReasonUnpermitted
		}
	}
}

func (a *Availability) offer(s *Snapshot, t *TLD, v verdict) {
	a.Status = StatusAvailable
	switch {
	case t.Register == nil:
		a.Status, a.Reason = StatusUnsupported, ReasonNotSold
	case v.pricing == pricedByTLD:
		a.Price = t.Register
	case v.pricing == pricingFailed:
		a.Reason = ReasonUnanswered
	case v.exact == nil:
		a.Status, a.Reason = StatusUnsupported, ReasonUpstream
	default:
		a.Premium = v.exact.Premium
		price, ok := s.exactPrice(t, quoted{action: ActionRegister, exact: *v.exact, standard: *t.Register})
		if _, renewable := s.exactRenewal(t, *v.exact); !ok || !renewable {
			a.Status, a.Reason = StatusUnsupported, ReasonNotSold
			if a.Premium {
				a.Reason = ReasonPremium
			}
			return
		}
		a.Price = &price
	}
}
