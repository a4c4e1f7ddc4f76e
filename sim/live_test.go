package sim_test

import (
	"time"

	"hostfront/audit"
)

// stride is how far time goes at most between two looks at the shop's jobs. What was
// due several times between two looks runs once at the second, as after a downtime.
const stride = 6 * time.Hour

// glance is how far it goes at least: jobs of every few minutes, on a shop where little
// happens in between, would be most of what a world does, and most of what is cut.
const glance = 5 * time.Minute

// patience is how much may happen at one instant before something goes round in
// circles.
const patience = 200_000

// live has time go by until an instant, stopping wherever something is due: tasks and
// jobs of the shop, and whatever the world outside has on its agenda.
func (w *world) live(until time.Time) {
	for {
		w.settle()
		if !w.Now().Before(until) {
			return
		}
		w.pass(w.nextStop(until).Sub(w.Now()))
	}
}

// settle does all that is due now, one thing after the other.
func (w *world) settle() {
	for range patience {
		if w.power.dead() {
			w.revive()
		}
		if e, due := w.agenda.due(w.Now()); due {
			e.do()
			continue
		}
		worked, err := w.step()
		if w.power.dead() {
			continue
		}
		w.must(err, "step")
		if !worked && !w.hooks.due() {
			w.looked()
			return
		}
	}
	w.fail("the shop does not grow quiet")
}

// step does the next thing that is due: a task or, when the jobs are looked at, a job.
func (w *world) step() (bool, error) {
	if w.Now().Before(w.jobsAt) {
		return w.app.Tasks.Step(w.ctx)
	}
	return w.app.Step(w.ctx)
}

// looked draws when the jobs are looked at again, now that none is due: sometimes in
// minutes, mostly in hours.
func (w *world) looked() {
	if !w.Now().Before(w.jobsAt) {
		w.jobsAt = w.Now().Add(w.pace.between(glance, stride))
	}
}

// nextStop is the first instant after now at which something is due, until at the
// latest.
func (w *world) nextStop(until time.Time) time.Time {
	next, now := until, w.Now()
	sooner := func(at time.Time, any bool) {
		if any && at.Before(next) {
			next = at
		}
	}
	at, any, err := w.app.Tasks.NextDue(w.ctx)
	w.must(err, "look for the next task")
	sooner(at, any)
	sooner(w.jobsAt, true) // some job is due every few minutes
	sooner(w.agenda.next())
	sooner(w.hooks.next())
	if !next.After(now) {
		return now.Add(time.Second) // it was due and could not be done: it is looked at again
	}
	return next
}

// audit asks all invariants.
func (w *world) audit() {
	report, err := audit.Run(w.ctx, w.app.Store.Read())
	w.must(err, "audit")
	if len(report.Findings) > 0 {
		w.fail("the books are not in order: %s", report)
	}
	w.seen["audits"]++
}

// years is the whole of a world: its days with all that goes wrong, then weeks of good
// weather in which everything comes to its end, and the comparison.
func (w *world) years() {
	w.lives()
	w.calm()
	w.compare()
}

// lives are the days with all that goes wrong.
func (w *world) lives() {
	for range w.customers {
		w.newcomer()
	}
	for n := range w.days {
		w.today()
		w.live(opening.Add(time.Duration(n+1) * day))
		w.audit()
	}
}

// today writes down what happens outside the shop within the next day.
func (w *world) today() {
	now := w.Now()
	at := func() time.Time { return now.Add(w.dice.within(day)) }
	for range 24 {
		if w.dice.happens(w.rates.cuts) {
			boundaries := 1 + w.dice.IntN(60)
			w.agenda.add(at(), "power", func() { w.power.arm(boundaries) })
		}
	}
	for _, host := range []string{"ljpc.example", "stripe.example"} {
		if w.dice.happens(w.rates.outages) {
			w.agenda.add(at(), "outage", func() { w.wire.outage(host) })
		}
	}
	if w.dice.happens(w.rates.disputes) {
		w.agenda.add(at(), "dispute", w.dispute)
	}
	if w.dice.happens(w.rates.bounces) {
		w.agenda.add(at(), "bounce", w.bounce)
	}
	for _, p := range w.people {
		p.today(at)
	}
	w.agenda.add(now.Add(9*time.Hour), "banks", w.banks)
	w.agenda.add(now.Add(10*time.Hour), "staff", w.work)
}

// outage takes a stand-in away for some hours.
func (x *wire) outage(host string) {
	if x.clear {
		return
	}
	x.world.seen["outages"]++
	x.away[host] = x.world.Now().Add(x.dice.between(10*time.Minute, 6*time.Hour))
}

// renewing is true while a name has just come to its expiry: the shop reads within the hour or two
// that the other side has renewed it.
func (w *world) renewing() bool {
	b := w.books()
	defer b.close()
	now := w.Now()
	return len(b.ask(`SELECT id FROM services WHERE kind = 'domain' AND state = 'active' AND expires_at > ? AND expires_at <= ?`,
		now.Add(-2*time.Hour).UnixMilli(), now.UnixMilli())) > 0
}

// calm is weeks in which nothing new happens and nothing goes wrong: what is under way
// comes to its end.
func (w *world) calm() {
	w.wire.clear = true
	clear(w.wire.away)
	w.power.restore()
	for range 40 {
		now := w.Now()
		w.agenda.add(now.Add(time.Hour), "banks", w.banks)
		w.agenda.add(now.Add(2*time.Hour), "staff", w.work)
		w.release()
		w.live(now.Add(day))
		w.audit()
	}
	for n := 0; n < 12 && w.renewing(); n++ {
		w.live(w.Now().Add(2 * time.Hour))
	}
	w.jobsAt = w.Now()
	w.banks()
	w.settle()
	w.work()
	w.settle()
	w.audit()
	damage, err := w.app.Store.Damage(w.ctx)
	if w.must(err, "look for damage"); len(damage) > 0 {
		w.fail("the database is damaged: %q", damage)
	}
}
