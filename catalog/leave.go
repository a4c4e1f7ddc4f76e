package catalog

import (
	"context"

	"hostfront/fault"
	"hostfront/upstream"
)

// ReasonUnpermitted is why a name is unknown, and the code of the fault for what cannot be
// ordered, while the upstream's key lacks a permission that it takes.
const ReasonUnpermitted = "feature_unavailable"

// MaySell refuses what is known not to be delivered, for want of a permission: better before the
// payment than after it. What is not known is sold.
func (c *Catalog) MaySell(f upstream.Feature) error {
	if c.leave(f) == upstream.LeaveDenied {
		return unpermitted()
	}
	return nil
}

// leave is what is known of a feature's permissions; granted where the upstream has none.
func (c *Catalog) leave(f upstream.Feature) upstream.Leave {
	if keys, limited := c.conf.Source.(upstream.Restricted); limited {
		return keys.May(f)
	}
	return upstream.LeaveGranted
}

func (c *Catalog) maySellName(ctx context.Context, name, action string) error {
	if action == ActionTransfer {
		return c.MaySell(upstream.FeatureOrder)
	}
	return c.mayRegister(ctx, name)
}

// mayRegister refuses a registration that could not be ordered: right before the order it is asked
// once more whether the name is free. Where nothing is known of that permission, this name is asked
// about now.
func (c *Catalog) mayRegister(ctx context.Context, name string) error {
	if err := c.MaySell(upstream.FeatureRegister); err != nil {
		return err
	}
	switch c.leave(upstream.FeatureCheck) {
	case upstream.LeaveDenied:
		return unpermitted()
	case upstream.LeaveUnknown:
		if c.checks.ask(ctx, []string{name})[name].forbidden {
			return unpermitted()
		}
	}
	return nil
}

func unpermitted() *fault.Error {
	return fault.New(fault.Conflict, ReasonUnpermitted, "This cannot be ordered here at the moment. Nothing was ordered.")
}
