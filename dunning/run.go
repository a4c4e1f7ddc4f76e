package dunning

import (
	"context"
	"fmt"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/service"
	"hostfront/tally"
)

// Report is what a run of the job billing.dunning did.
type Report struct {
	// Looked counts the invoices, Taken the steps by what they do, Passed those that had no
	// reason any more.
	Looked int            `json:"looked"`
	Taken  map[Action]int `json:"taken"`
	Passed int            `json:"passed"`
	// Frozen counts the invoices that were left alone although a step is due, by the reason.
	Frozen map[string]int `json:"frozen"`
	// WrittenOff counts customers whose last open invoices were given up.
	WrittenOff int `json:"written_off"`
	// Skipped counts what could not be done; Skips says why, for the first of them.
	Skipped int            `json:"skipped"`
	Skips   []billing.Skip `json:"skips,omitempty"`
}

// most skips that a report tells.
const mostSkips = 20

func (r *Report) skip(id string, err error) {
	r.Skipped++
	if len(r.Skips) < mostSkips {
		r.Skips = append(r.Skips, billing.Skip{ID: id, Reason: err.Error()})
	}
}

// Run takes the steps that are due, each in a transaction of its own: at most one for an
// invoice in a run. What cannot be done keeps nothing else waiting.
func (d *Dunning) Run(ctx context.Context) (Report, error) {
	report := Report{Taken: map[Action]int{}, Frozen: map[string]int{}}
	policy, err := d.Policy(ctx, d.Store.Read())
	if err != nil {
		return report, err
	}
	now := d.Clock.Now()
	overdue := func(after string) ([]string, error) {
		return d.Store.Read().DunningOverdue(ctx, db.DunningOverdueParams{After: after, Page: page})
	}
	upcoming := func(after string) ([]string, error) {
		return d.Store.Read().DunningUpcoming(ctx, db.DunningUpcomingParams{UntilAt: db.At(now.Add(policy.ahead())), After: after, Page: page})
	}
	look := func(id string) error { return d.step(ctx, policy, id, &report) }
	if err := each(ctx, overdue, look, &report); err != nil {
		return report, err
	}
	if policy.ahead() > 0 {
		if err := each(ctx, upcoming, look, &report); err != nil {
			return report, err
		}
	}
	return report, d.writeOffRest(ctx, &report)
}

const page = 200

// each goes through pages of ids; one that cannot be done is a skip of the report.
func each(ctx context.Context, read func(after string) ([]string, error), do func(id string) error, report *Report) error {
	for after := ""; ; {
		ids, err := read(after)
		if err != nil {
			return fmt.Errorf("read what is not paid: %w", err)
		}
		for _, id := range ids {
			if err := tally.One(func() error { return do(id) }); err != nil {
				report.skip(id, err)
			}
			after = id
		}
		if len(ids) < page || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// ahead is how long before the due date the first reminder of a name is sent.
func (p Policy) ahead() time.Duration {
	first := 0
	for _, s := range p.Domain {
		first = min(first, s.After)
	}
	return -time.Duration(first) * day
}

// step takes the step of an invoice that is due, if any. It looks without a transaction
// first: most of what is open is not due for anything.
func (d *Dunning) step(ctx context.Context, policy Policy, id string, report *Report) error {
	report.Looked++
	c, any, err := d.read(ctx, d.Store.Read(), policy, id)
	if err != nil || !any {
		return err
	}
	s, at, more := c.next()
	if !more || at.After(d.Clock.Now()) {
		return nil
	}
	var taken result
	err = d.Store.Tx(ctx, func(q *db.Queries) (err error) {
		taken, err = d.take(ctx, q, policy, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("step %s: %w", s.Name, err)
	}
	report.count(taken)
	return nil
}

// result is what became of an invoice in a run.
type result struct {
	action Action
	passed bool
	frozen string
}

func (r *Report) count(taken result) {
	switch {
	case taken.frozen != "":
		r.Frozen[taken.frozen]++
	case taken.passed:
		r.Passed++
	case taken.action != "":
		r.Taken[taken.action]++
	}
}

// Notices is the job domain.notices: the notices of expiry that ICANN asks for, and the end of
// names that were left to lapse, by the shop's policy.
func (d *Dunning) Notices(ctx context.Context) (service.NoticeReport, error) {
	policy, err := d.Policy(ctx, d.Store.Read())
	if err != nil {
		return service.NoticeReport{}, err
	}
	return d.Services.Notices(ctx, service.NoticeOptions{
		CountryTLDs: policy.NotifyCountryTLDs, Grace: time.Duration(policy.LapseGrace) * day,
	})
}
