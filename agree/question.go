package agree

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/review"
	"hostfront/tally"
	"hostfront/task"
)

// texts say to the operator what differs and what can be done.
var texts = map[string]string{
	DomainUnowned: "%s is renewed at %s at your cost and no customer has it. Give it up or switch its renewal off there, or put it on the list of your own names.",
	DomainGone:    "%s is a customer's and is not on the account at %s any more: moved away, or lost. Get it back, or end the service.",
	DomainRenews:  "%s is not to be renewed any more, and %s renews it at your cost. Switch its renewal off there.",
	DomainStops:   "%s is a customer's, paid for and to be renewed, and its renewal is switched off at %s: it would lapse. Switch it on there.",
	DomainExpired: "%s is a customer's and to be kept, and has expired at %s: its renewal was not made. Renew or restore it there at once, or end the service and give the money back.",
	ExpiryDiffers: "%s does not expire at %s when it did (known_expiry, and now told_expiry), nor when it should: a year that is paid for may be missing, or the answer is wrong. Ask there, have the year added, or set the expiry here.",
	SiteUnowned:   "The site %s at %s costs you money and no customer has it. End it there, or put it on the list of your own sites.",
	SiteGone:      "The site %s of a customer is not on the account at %s any more. Have it restored, or end the service.",
}

// question is what a person must decide about a difference.
func (r *run) question(d Difference, serviceID string) review.Question {
	q := review.Question{
		Code: d.Code, Subject: r.upstream + ":" + d.About(), Message: fmt.Sprintf(texts[d.Code], d.About(), r.upstream),
		Details: map[string]string{"upstream": r.upstream, "about": d.About()},
	}
	set := func(name, value string) {
		if value != "" {
			q.Details[name] = value
		}
	}
	set("service_id", serviceID)
	set("customer_id", d.Service.CustomerID)
	set("subscription_id", d.Service.SubscriptionID)
	set("site_domain", d.Site.Domain)
	set("status", d.Domain.Status+d.Site.Status)
	expires := d.Domain.ExpiresAt
	if d.Code == DomainGone {
		expires = d.Service.ExpiresAt
	}
	if d.Code == ExpiryDiffers {
		set("known_expiry", d.Service.ExpiresAt.UTC().Format(time.RFC3339))
		set("told_expiry", expires.UTC().Format(time.RFC3339))
		if !expires.After(r.Clock.Now()) {
			expires = d.Service.ExpiresAt
		}
	}
	if !expires.IsZero() {
		set("expires_at", expires.UTC().Format(time.RFC3339))
	}
	if !expires.IsZero() && d.Code != DomainExpired { // until when it can be restored, its registry knows
		q.Deadline = lastDay(expires, r.Deadlines.Of(d.About()), r.Clock.Now())
	}
	return q
}

// lastDay is when it is too late to change a name's renewal: at the upstream's deadline, or
// the expiry itself where that is over.
func lastDay(expires time.Time, before time.Duration, now time.Time) time.Time {
	if at := expires.Add(-before); at.After(now) {
		return at
	}
	return expires
}

// endAnswered ends the questions about this upstream whose difference was not seen any
// more; not those about what could not be read.
func (r *run) endAnswered(ctx context.Context) error {
	filter := task.Filter{State: task.Held, Kind: review.Kind, Limit: 200}
	for {
		page, next, err := r.Tasks.List(ctx, filter)
		if err != nil {
			return err
		}
		for _, t := range page {
			p, err := review.Of(t)
			if err != nil || texts[p.Code] == "" || p.Details["upstream"] != r.upstream || r.seen[p.Code+" "+p.Details["about"]] || r.unread[kindOf(p.Code)] {
				continue
			}
			err = tally.One(func() error {
				if late, err := r.yearIsMissing(ctx, p); err != nil || late {
					return err
				}
				return r.endOne(ctx, p)
			})
			if err != nil {
				r.report.Skip(t.ID, err)
			}
		}
		if next == "" {
			return nil
		}
		filter.Cursor = next
	}
}

// yearIsMissing is true of a question about an expiry as long as the name has not got back to where
// it was, though the two sides agree: the local one has followed.
func (r *run) yearIsMissing(ctx context.Context, p review.Payload) (bool, error) {
	if p.Code != ExpiryDiffers {
		return false, nil
	}
	known, err := time.Parse(time.RFC3339, p.Details["known_expiry"])
	if err != nil {
		return true, nil // a person answers it
	}
	svc, err := r.Store.Read().ServiceByID(ctx, p.Details["service_id"])
	if err != nil {
		return false, fmt.Errorf("read service %s: %w", p.Details["service_id"], err)
	}
	return svc.ExpiresAt < db.At(known.Add(-yearLess)), nil
}

func (r *run) endOne(ctx context.Context, p review.Payload) error {
	return r.Store.Tx(ctx, func(q *db.Queries) error {
		ended, err := review.Answered(ctx, q, r.Tasks, p.Code, p.About, "the nightly comparison sees it no more: "+r.upstream+" and the services agree")
		if ended {
			r.report.Count("ended", 1)
		}
		return err
	})
}

func kindOf(code string) string {
	if code == SiteGone || code == SiteUnowned {
		return kindSite
	}
	return kindDomain
}

func join(sentences []string) string { return strings.Join(sentences, "; ") }

// ring raises an alarm of this upstream, or ends it where there is nothing to say.
func (r *run) ring(ctx context.Context, code, message string) error {
	return r.Store.Tx(ctx, func(q *db.Queries) error {
		if message == "" {
			return r.Events.Clear(ctx, q, code, r.upstream)
		}
		return r.Events.Raise(ctx, q, event.Alarm{Code: code, Subject: r.upstream, Message: message})
	})
}
