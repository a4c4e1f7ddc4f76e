package agree

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/review"
	"hostfront/task"
	"hostfront/upstream"
)

// errAgrees: looked at by itself, it does not differ after all.
var errAgrees = errors.New("the two sides agree")

// follow deals with a difference that the list has shown: it is looked at again by
// itself, on both sides, and then switched off or asked about.
func (r *run) follow(ctx context.Context, d Difference) error {
	d, err := r.confirm(ctx, d)
	if err == nil {
		err = r.Store.Tx(ctx, func(q *db.Queries) error { return r.act(ctx, q, d) })
	}
	if errors.Is(err, errAgrees) {
		delete(r.seen, d.Code+" "+d.About())
		r.report.Count("not_confirmed", 1)
		return nil
	}
	if err == nil {
		r.report.Did(1)
	}
	return err
}

// confirm reads the one thing upstream again.
func (r *run) confirm(ctx context.Context, d Difference) (Difference, error) {
	switch d.Code {
	case SiteGone, SiteUnowned:
		_, err := r.source.(upstream.Sites).Site(ctx, d.About())
		return d, found(err, d.Code == SiteUnowned)
	}
	now, err := r.source.(upstream.Domains).Domain(ctx, d.About())
	if err = found(err, d.Code != DomainGone); err != nil || d.Code == DomainGone {
		return d, err
	}
	d.Domain = now
	if d.Code == DomainExpired {
		if now.ExpiresAt.After(r.Clock.Now().Add(-Late)) {
			return d, errAgrees
		}
		return d, nil
	}
	renews := now.AutoRenew == nil || *now.AutoRenew
	if renews == (d.Code == DomainStops) {
		return d, errAgrees
	}
	return d, nil
}

// found holds whether a thing was found against whether it should be.
func found(err error, wanted bool) error {
	gone := errors.Is(err, upstream.ErrNotFound)
	switch {
	case err != nil && !gone:
		return err
	case gone == wanted:
		return errAgrees
	}
	return nil
}

// act looks at our side again, in the transaction that deals with the difference.
func (r *run) act(ctx context.Context, q *db.Queries, d Difference) error {
	former, err := r.recheck(ctx, q, d)
	if err != nil {
		return err
	}
	if d.Code == DomainRenews || (d.Code == DomainUnowned && former != "") || r.switchedOff(ctx, q, d) {
		return r.switchRenewal(ctx, q, d, former)
	}
	if d.Code == DomainExpired {
		// Held for a person to restore it, as what was paid after the expiry is.
		if busy, err := r.Services.SwitchesRenewal(ctx, q, former); err != nil || busy {
			return err
		}
	}
	return r.ask(ctx, q, r.question(d, former))
}

// switchedOff is true for a name that would lapse because the shop itself switched its
// renewal off: it may switch it on again.
func (r *run) switchedOff(ctx context.Context, q *db.Queries, d Difference) bool {
	if d.Code != DomainStops {
		return false
	}
	last, there, err := r.Tasks.LastOf(ctx, q, switchSubject(r.upstream, d.Domain.Name))
	if err != nil || !there || last.State != task.Done {
		return false
	}
	p, err := switchOf(last)
	return err == nil && !p.On
}

func (r *run) ask(ctx context.Context, q *db.Queries, asked review.Question) error {
	_, err := review.Ask(ctx, q, r.Tasks, asked)
	return err
}

// recheck gives the service that had an unowned thing before, if one had.
func (r *run) recheck(ctx context.Context, q *db.Queries, d Difference) (former string, err error) {
	switch d.Code {
	case DomainUnowned:
		return r.formerHolder(ctx, q, d.Domain.Name)
	case SiteUnowned:
		rows, err := q.AgreeSiteHolders(ctx, db.AgreeSiteHoldersParams{SiteID: d.Site.ID, Upstream: r.upstream})
		if err != nil {
			return "", err
		}
		for _, row := range rows {
			if former, err = notLive(row.ID, row.State, former); err != nil {
				return "", err
			}
		}
		return former, r.underWay(ctx, q, d.Site.Domain)
	}
	row, err := q.AgreeServiceNow(ctx, d.Service.ID)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && !live(row.State)) {
		return "", errAgrees
	}
	if err == nil && d.Code != SiteGone && d.Code != DomainGone &&
		wanted(row) != d.Service.Keeps {
		return "", errAgrees
	}
	return d.Service.ID, err
}

// wanted tells whether a live name is to be renewed, as things are now.
func wanted(row db.AgreeServiceNowRow) bool {
	return row.LapseAt.IsZero() && keeps(row.SubscriptionState, db.Instant(row.CancelUntil), row.ExpiresAt)
}

func (r *run) formerHolder(ctx context.Context, q *db.Queries, name string) (former string, err error) {
	rows, err := q.AgreeNameHolders(ctx, db.AgreeNameHoldersParams{Name: name, Upstream: r.upstream})
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		if former, err = notLive(row.ID, row.State, former); err != nil {
			return "", err
		}
	}
	return former, r.underWay(ctx, q, name)
}

// underWay: what is being delivered has its service later.
func (r *run) underWay(ctx context.Context, q *db.Queries, name string) error {
	ids, err := q.AgreeUnderWay(ctx, name)
	if err == nil && len(ids) > 0 {
		err = errAgrees
	}
	return err
}

// notLive refuses a live holder; the first, latest one is the former holder.
func notLive(id, state, former string) (string, error) {
	if live(state) {
		return "", errAgrees
	}
	if former == "" {
		former = id
	}
	return former, nil
}

func live(state string) bool { return state == "pending" || state == "active" || state == "suspended" }

// switchRenewal has the renewal switched by a task. Where one has done so lately and the
// upstream says otherwise all the same, a person is asked.
func (r *run) switchRenewal(ctx context.Context, q *db.Queries, d Difference, serviceID string) error {
	last, there, err := r.Tasks.LastOf(ctx, q, switchSubject(r.upstream, d.Domain.Name))
	if err != nil || (there && !last.State.Finished()) {
		return err
	}
	// The service's own task may be about to, or be held for a person to do it.
	if busy, err := r.Services.SwitchesRenewal(ctx, q, serviceID); err != nil || busy {
		return err
	}
	p := switchPayload{
		Upstream: r.upstream, Name: d.Domain.Name, ServiceID: serviceID, Code: d.Code, On: d.Code == DomainStops,
		ExpiresAt: d.Domain.ExpiresAt,
	}
	if there && r.Clock.Now().Before(last.UpdatedAt.Add(inVain)) {
		if before, err := switchOf(last); err == nil && before.On == p.On {
			return r.ask(ctx, q, r.question(d, serviceID))
		}
	}
	_, err = r.Tasks.Add(ctx, q, task.Params{Kind: KindSwitchRenewal, Queue: r.upstream, Subject: switchSubject(r.upstream, p.Name), Payload: p})
	return err
}

// inVain is how long a switch is not tried again that did not last.
const inVain = 30 * 24 * time.Hour

// tellUnread rings while something cannot be read.
func (r *run) tellUnread(ctx context.Context, troubles []string) error {
	return r.ring(ctx, AlarmUnread, join(troubles))
}

func (r *run) tellTooMany(ctx context.Context, tooMany bool) error {
	if !tooMany {
		return r.ring(ctx, AlarmTooMany, "")
	}
	text := fmt.Sprintf("%s and the services differ in %d things; more than %d are not believed, so that nothing was done about them: look at the report of the job upstream.compare", r.upstream, r.differ, r.Limit)
	for i, d := range r.asks {
		if i == 20 {
			break
		}
		r.report.Note(d.Code + ": " + d.About())
	}
	return r.ring(ctx, AlarmTooMany, text)
}
