package ljpc

import (
	"context"
	"errors"
	"strings"

	"hostfront/upstream"
)

// Report is what Doctor found, permission by permission.
type Report struct {
	Checks []Check
	// Mismatches counts the answers whose X-Validation was not about them.
	Mismatches int64
}

// Check is one read-only endpoint, as it answered.
type Check struct {
	Operation, Permission string
	// Result is "ok", "forbidden", "unauthorized", "not_found", "unavailable",
	// "unreadable" or "skipped".
	Result string
	// Missing are the fields that were expected and not in the answer: the documented
	// ones first, then the assumed ones ("assumed: expires_at").
	Missing []string
	// Unknown are the fields in the answer that the adapter does not read.
	Unknown []string
	// Words are what the answer says where the adapter knows only other words: a name is
	// then not sold, an order taken to be under way.
	Words []string
	// Note says more in a sentence, empty when there is nothing to say.
	Note string
}

// Healthy is true when no check failed, no documented field is missing and every word is known.
func (r Report) Healthy() bool {
	for _, c := range r.Checks {
		if c.Result != "ok" && c.Result != "skipped" && c.Result != "not_found" {
			return false
		}
		if len(c.Words) > 0 {
			return false
		}
		for _, name := range c.Missing {
			if !strings.HasPrefix(name, assumedPrefix) {
				return false
			}
		}
	}
	return true
}

// Doctor calls every read-only endpoint with the key, and reports the fields
// that it did not find or did not know. It changes nothing: no sign-on URL and no
// auth code is asked for. orderID is an order that the account has placed, best one of hosting that
// is delivered; without one, only the permission to see orders is looked at. A failed call is part of the report; the error is for
// a context that ended.
func (c *Client) Doctor(ctx context.Context, orderID string) (Report, error) {
	report := Report{}
	samples := map[string]string{}
	for _, p := range append(c.probes(), orderProbe(orderID)) {
		report.Checks = append(report.Checks, c.examine(ctx, p, samples))
		if err := ctx.Err(); err != nil {
			return report, err
		}
	}
	for _, next := range detailProbes(samples) {
		report.Checks = append(report.Checks, c.examine(ctx, next, samples))
	}
	report.Checks = append(report.Checks,
		skipped(OpLogin, "it would make a single-use sign-on URL"),
		skipped(OpAuthCode, "it would hand out a secret"))
	report.Mismatches = c.ValidationMismatches()
	return report, ctx.Err()
}

func skipped(op, why string) Check {
	return Check{Operation: op, Permission: permissions[op], Result: "skipped", Note: "Not called: " + why + "."}
}

// examine makes one call and compares the answer with its shape.
func (c *Client) examine(ctx context.Context, p probe, samples map[string]string) Check {
	check := Check{Operation: p.call.Op, Permission: permissions[p.call.Op], Result: "ok"}
	var data any
	var err error
	if p.raw {
		var body object
		body, err = c.askRaw(ctx, p.call)
		data = map[string]any(body)
	} else {
		data, err = c.ask(ctx, p.call)
	}
	if err != nil {
		check.Result, check.Note = resultOf(err), err.Error()
		if p.call.Op == OpOrder && p.call.Path == pathOrders+"/"+noOrder && errors.Is(err, upstream.ErrNotFound) {
			check.Result, check.Note = "ok", "The permission is there; the fields of an order were not looked at, since no order is known: give one."
		}
		return check
	}
	p.shape.compare(data, &check, samples)
	if p.read != nil {
		if err := p.read(data); err != nil {
			check.Result = "unreadable"
			check.remark(err.Error())
		}
	}
	return check
}

func resultOf(err error) string {
	for result, target := range map[string]error{
		"unauthorized": upstream.ErrUnauthorized, "forbidden": upstream.ErrForbidden,
		"not_found": upstream.ErrNotFound, "unreadable": upstream.ErrUnreadable,
	} {
		if errors.Is(err, target) {
			return result
		}
	}
	return "unavailable"
}
