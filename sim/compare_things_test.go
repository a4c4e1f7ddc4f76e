package sim_test

import (
	"fmt"
	"strconv"
)

// sites: each of LJPc's is what one customer has, and the other way.
func (c *comparison) sites() {
	outside, inside := map[string]string{}, map[string]string{}
	for _, s := range c.ljpc.Sites() {
		outside[strconv.FormatInt(s.ID, 10)] = fmt.Sprintf("%s (%s), suspended: %t", s.Domain, s.ProductUUID, s.Suspended)
	}
	for _, r := range c.ask(`SELECT s.site_id AS site_id, s.name AS name, s.state AS state, c.ref AS product FROM services s JOIN catalog_items c ON c.id = s.product_id WHERE s.kind = 'hosting' AND s.state IN ('active', 'suspended') ORDER BY s.id`) {
		id := r.text("site_id")
		if inside[id] != "" {
			c.complain("two services have the site %s", id)
		}
		inside[id] = fmt.Sprintf("%s (%s), suspended: %t", r.text("name"), r.text("product"), r.text("state") == "suspended")
	}
	same(c, "site", outside, inside)
}

// domains: each name on the account is one customer's, and expires when they are told
// it does.
func (c *comparison) domains() {
	outside, inside := map[string]int64{}, map[string]int64{}
	for _, d := range c.ljpc.Domains() {
		outside[d.Name] = d.ExpiresAt.UnixMilli()
	}
	for _, r := range c.ask(`SELECT name, expires_at, state FROM services WHERE kind = 'domain' ORDER BY id`) {
		if _, twice := inside[r.text("name")]; twice {
			c.complain("two services are the name %s", r.text("name"))
		}
		at := r.number("expires_at")
		if r.text("state") == "cancelled" {
			at = outside[r.text("name")] // whoever gave it up is told no more
		}
		inside[r.text("name")] = at
	}
	same(c, "domain", outside, inside)
}

// orders: what was ordered upstream for a line was ordered once, and done for what is
// delivered.
func (c *comparison) orders() {
	outside, inside := map[string]string{}, map[string]string{}
	for _, o := range c.ljpc.Orders() {
		for _, l := range o.Lines {
			if l.State == "pending" {
				c.complain("LJPc's order %d for line %s is still under way", o.ID, o.Reference)
			}
			if l.State != "done" {
				continue
			}
			if outside[o.Reference] != "" {
				c.complain("line %s was ordered and delivered twice, the second time by LJPc's order %d", o.Reference, o.ID)
			}
			outside[o.Reference] = l.Domain
		}
	}
	for _, r := range c.ask(`SELECT id, domain FROM deliveries WHERE state = 'delivered' AND kind <> 'register'`) {
		inside[r.text("id")] = r.text("domain")
	}
	same(c, "order", outside, inside)
}

// unfinished: nothing waits for a person, nobody wonders, and nothing runs.
func (c *comparison) unfinished() {
	for _, r := range c.ask(`SELECT id, kind, state, subject, error_code FROM tasks WHERE state IN ('held', 'unknown', 'running', 'settling', 'action_required') ORDER BY id`) {
		c.complain("task %s (%s of %s) is %s: %s", r.text("id"), r.text("kind"), r.text("subject"), r.text("state"), r.text("error_code"))
	}
	for _, r := range c.ask(`SELECT id, kind, subject, error_code, state, run_at FROM tasks WHERE state IN ('ready', 'waiting') AND created_at < ?`, c.now.AddDate(0, -3, 0).UnixMilli()) {
		c.complain("task %s (%s of %s) is %s since months: %s", r.text("id"), r.text("kind"), r.text("subject"), r.text("state"), r.text("error_code"))
	}
}
