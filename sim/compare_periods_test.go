package sim_test

import "time"

// periods: those of a subscription tile, hosting's lie where the calendar says they
// lie, and each that is paid has one paid invoice of its own: the first is that of the
// sale. What was given up of hosting has its place among them; a name's may be billed anew.
func (c *comparison) periods() {
	rows := c.ask(`
		SELECT s.id AS id, s.kind AS kind, s.cycle_unit AS unit, s.cycle_count AS count, s.anchor_at AS anchor, s.current_end_at AS until,
			p.start_at AS start_at, p.end_at AS end_at, p.state AS state, p.invoice_id AS invoice, ` + standing + ` AS invoice_state,
			(SELECT count(*) FROM subscription_changes x WHERE x.subscription_id = s.id) + (SELECT count(*) FROM subscription_periods x WHERE x.subscription_id = s.id AND x.state = 'paused') + (s.cancel_at > 0) AS turns
		FROM subscription_periods p JOIN subscriptions s ON s.id = p.subscription_id
			LEFT JOIN invoices i ON i.id = p.invoice_id
		WHERE p.state <> 'void' AND (p.state <> 'waived' OR s.kind = 'hosting') ORDER BY s.id, p.start_at`)
	var before row
	number, invoices := int64(0), map[string]string{}
	for _, r := range rows {
		id := r.text("id")
		if before == nil || before.text("id") != id {
			before, number = nil, 0
		}
		if before != nil && before.number("end_at") != r.number("start_at") {
			c.complain("the periods of %s have a gap or an overlap at %s", id, instant(r.number("start_at")))
		}
		if r.text("kind") == "hosting" && r.number("turns") == 0 {
			c.onCalendar(r, number)
		}
		if r.text("state") == "paid" && r.text("invoice_state") != "paid" {
			c.complain("the period of %s from %s is paid, its invoice is %q", id, instant(r.number("start_at")), r.text("invoice_state"))
		}
		key := r.text("invoice") + " " + id
		if invoices[key] != "" && r.number("turns") == 0 { // a change may be for the rest of two
			c.complain("one invoice, %s, is for two periods of %s", r.text("invoice"), id)
		}
		invoices[key] = id
		before = r
		number++
	}
	c.count("periods", len(rows))
}

// onCalendar: period k of a subscription starts k cycles after its anchor, on the
// month's last day where it has no such day.
func (c *comparison) onCalendar(r row, k int64) {
	anchor := instant(r.number("anchor"))
	want := moved(anchor, r.text("unit"), int(k*r.number("count")))
	end := moved(anchor, r.text("unit"), int((k+1)*r.number("count")))
	if got := instant(r.number("start_at")); !got.Equal(want) || !instant(r.number("end_at")).Equal(end) {
		c.complain("period %d of %s is from %s to %s, want %s to %s", k, r.text("id"), got, instant(r.number("end_at")), want, end)
	}
}

// moved is an instant so many months or years on, said another way than the shop says
// it: day by day back from what overflows.
func moved(at time.Time, unit string, n int) time.Time {
	if unit == "year" {
		n *= 12
	}
	t := at.AddDate(0, n, 0)
	for want := (int(at.Month()) - 1 + n) % 12; int(t.Month())-1 != want; {
		t = t.AddDate(0, 0, -1)
	}
	return t
}

func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// subscriptions: whoever has something pays for it, and nobody pays for what they do
// not have. What was paid and charged back is owed again.
func (c *comparison) subscriptions() {
	now := c.now.UnixMilli()
	rows := c.ask(`
		SELECT v.id AS service, v.kind AS kind, v.state AS state, s.id AS id, s.state AS sub, s.current_end_at AS until, s.cancel_at AS cancel_at,
			(SELECT count(*) FROM subscription_periods p JOIN invoices i ON i.id = p.invoice_id WHERE p.subscription_id = s.id AND (p.state = 'billed' OR p.state = 'paid') AND i.state = 'open') AS owed
		FROM services v JOIN subscriptions s ON s.id = v.subscription_id`)
	for _, r := range rows {
		live := r.text("state") == "active" || r.text("state") == "suspended"
		paid := r.number("until") > now
		switch {
		case live && !paid && r.number("owed") == 0 && r.text("sub") != "cancelled" && r.text("sub") != "paused":
			c.complain("service %s (%s) is %s, paid until %s and nothing is owed: subscription %s is %s", r.text("service"), r.text("kind"), r.text("state"),
				instant(r.number("until")), r.text("id"), r.text("sub"))
		case !live && r.text("sub") != "cancelled":
			c.complain("service %s is %s, its subscription %s", r.text("service"), r.text("state"), r.text("sub"))
		}
	}
	c.count("subscriptions", len(rows))
}
