package ljpc

import (
	"context"
	"errors"

	"hostfront/upstream"
)

// permitted remembers whether the key may use an operation: a 403 takes away what needs its
// permission until a call of that works again, and nothing else.
func (c *Client) permitted(ctx context.Context, op string, err error) {
	name := permissions[op]
	switch {
	case name == "":
	case errors.Is(err, upstream.ErrForbidden):
		c.rights.Refused(ctx, name)
	case err == nil:
		c.rights.Worked(ctx, name)
	}
}

// Forbidden lists the permissions that the key was last seen to lack, in LJPc's
// words. A 403 on one order or one site's login may
// also mean that the thing is not ours; a later success clears it.
func (c *Client) Forbidden() []string { return c.rights.Missing() }

// Recall takes over which permissions the operator was told of.
func (c *Client) Recall(missing []string) { c.rights.Recall(missing) }

// needs are the operations of a feature. Signing on is none of them: a 403 there may be about
// that one site.
var needs = map[upstream.Feature][]string{
	upstream.FeatureDNS:         {OpZone, OpReplaceZone},
	upstream.FeatureNameservers: {OpDomain, OpUpdateDomain},
	upstream.FeatureAuthCode:    {OpAuthCode},
	upstream.FeatureUsage:       {OpSite},
	upstream.FeatureCheck:       {OpCheck},
	upstream.FeaturePrice:       {OpPrice},
	upstream.FeatureRegister:    {OpRegister, OpCreateContact},
	upstream.FeatureOrder:       {OpPlaceOrder},
}

// May is what is known of a feature's permissions.
func (c *Client) May(f upstream.Feature) upstream.Leave {
	var names []string
	for _, op := range needs[f] {
		names = append(names, permissions[op])
	}
	return c.rights.May(names...)
}
