package service

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/event"
	"hostfront/tally"
)

const day = 24 * time.Hour

// The notices of a name's expiry that ICANN's Expired Registration Recovery Policy asks for:
// about a month before, about a week before, and within five days after.
const (
	NoticeMonth   = "month"
	NoticeWeek    = "week"
	NoticeExpired = "expired"
)

// When each notice is sent, counted back from the expiry. One that a downtime kept from being
// sent goes out while its sense lasts.
const (
	monthAhead = 30 * day
	weekAhead  = 7 * day
	// expiredAfter is left to the nightly reading of expiries, so that nobody whose name was
	// renewed on its last day is told that it has expired.
	expiredAfter = 30 * time.Hour
	expiredUntil = 5 * day
)

// EventNoticed is told when a notice of expiry is due; its subject is the notice.
const EventNoticed = "domain.expiry_noticed"

// NoticeReport is what a run of the job domain.notices did.
type NoticeReport struct {
	Looked int `json:"looked"`
	// Noticed counts the notices by their kind.
	Noticed map[string]int `json:"noticed"`
	// Expired counts names that were left to lapse and have come to their expiry, Ended those
	// that could not be restored any more.
	Expired int            `json:"expired"`
	Ended   int            `json:"ended"`
	Skipped int            `json:"skipped"`
	Skips   []billing.Skip `json:"skips,omitempty"`
}

func (r *NoticeReport) skip(id string, err error) {
	const most = 20
	r.Skipped++
	if len(r.Skips) < most {
		r.Skips = append(r.Skips, billing.Skip{ID: id, Reason: err.Error()})
	}
}

// Tally tells a run of domain.notices in the shape of every job's report.
func (r NoticeReport) Tally() *tally.Report {
	counts, done := map[string]int{"looked": r.Looked, "expired": r.Expired, "ended": r.Ended}, r.Expired+r.Ended
	for kind, n := range r.Noticed {
		counts["noticed_"+kind] += n
		done += n
	}
	t := tally.Of(done, counts)
	t.SkippedCount = r.Skipped
	for _, s := range r.Skips {
		t.Skipped = append(t.Skipped, tally.Skip(s))
	}
	return t
}

// NoticeOptions are the shop's choices for a run of Notices.
type NoticeOptions struct {
	// CountryTLDs sends the notices for country-code names too.
	CountryTLDs bool
	// Grace is how long after its expiry a name that was left to lapse is kept here.
	Grace time.Duration
}

// Notices tells the registrants of names that are about to expire, or have expired, each
// notice once for an expiry, and ends what was left to lapse. A name that cannot be seen to
// keeps no other waiting.
func (s *Services) Notices(ctx context.Context, o NoticeOptions) (NoticeReport, error) {
	report := NoticeReport{Noticed: map[string]int{}}
	now := s.Clock.Now()
	p := db.ServicesExpiringParams{
		UntilAt: db.At(now.Add(monthAhead)), FromAt: db.At(now.Add(-expiredUntil)), MaxRows: 200,
	}
	for {
		rows, err := s.Store.Read().ServicesExpiring(ctx, p)
		if err != nil {
			return report, fmt.Errorf("read names that expire: %w", err)
		}
		for _, row := range rows {
			p.AfterAt, p.AfterID = row.ExpiresAt, row.ID
			if err := tally.One(func() error { return s.notice(ctx, row.ID, o, &report) }); err != nil {
				report.skip(row.ID, err)
			}
		}
		if int64(len(rows)) < p.MaxRows || ctx.Err() != nil {
			break
		}
	}
	return report, s.endLapsed(ctx, o, &report)
}

// due is the notice that an expiry asks for at an instant; empty for none.
func dueNotice(expires, now time.Time) string {
	switch left := expires.Sub(now); {
	case left > monthAhead || left <= -expiredUntil:
		return ""
	case left > weekAhead:
		return NoticeMonth
	case left > 0:
		return NoticeWeek
	case left <= -expiredAfter:
		return NoticeExpired
	}
	return ""
}

// GenericTLD is true for a name outside the country-code TLDs, which have two letters.
func GenericTLD(name string) bool {
	return len(name[strings.LastIndexByte(name, '.')+1:]) != 2
}

func (s *Services) notice(ctx context.Context, id string, o NoticeOptions, report *NoticeReport) error {
	report.Looked++
	svc, err := s.Store.Read().ServiceByID(ctx, id)
	if err != nil {
		return fmt.Errorf("read service %s: %w", id, err)
	}
	kind := dueNotice(svc.ExpiresAt.Time(), s.Clock.Now())
	if kind == "" || (!o.CountryTLDs && !GenericTLD(svc.Name)) {
		return nil
	}
	sent, err := s.noticed(ctx, s.Store.Read(), svc, kind)
	if err != nil || sent {
		return err
	}
	if kind == NoticeExpired {
		if renewed, err := s.renewedAfterAll(ctx, svc); err != nil || renewed {
			return err
		}
	}
	err = s.Store.Tx(ctx, func(q *db.Queries) (err error) {
		sent, err = s.writeNotice(ctx, q, svc.ID, kind)
		return err
	})
	if err == nil && sent {
		report.Noticed[kind]++
	}
	return err
}

// noticed says whether a notice went out for about this expiry: a registry that tells another
// hour of the day has not moved it.
func (s *Services) noticed(ctx context.Context, q *db.Queries, svc db.Service, kind string) (bool, error) {
	before, err := q.NoticesOfService(ctx, db.NoticesOfServiceParams{ServiceID: svc.ID, Kind: kind})
	if err != nil {
		return false, fmt.Errorf("notices of %s: %w", svc.ID, err)
	}
	for _, n := range before {
		if n.ExpiresAt.Add(renewedBy) > svc.ExpiresAt && svc.ExpiresAt.Add(renewedBy) > n.ExpiresAt {
			return true, nil
		}
	}
	return false, nil
}

// renewedAfterAll reads the expiry once more before a registrant is told that a name has
// expired. Where it cannot be read, it is tried again until the last day on which to tell.
func (s *Services) renewedAfterAll(ctx context.Context, svc db.Service) (bool, error) {
	expires, err := s.readNow(ctx, svc)
	switch {
	case err != nil && s.now() >= svc.ExpiresAt.Add(expiredUntil-day):
		return false, nil
	case err != nil || expires < svc.ExpiresAt.Add(renewedBy):
		return false, err
	}
	return true, s.Store.Tx(ctx, func(q *db.Queries) error { return s.moveExpiry(ctx, q, svc, expires) })
}

// readNow is a name's expiry as the upstream has it; zero for one that is not ours any more.
func (s *Services) readNow(ctx context.Context, svc db.Service) (db.Instant, error) {
	a, err := s.at(svc.Upstream)
	if err != nil {
		return 0, err
	}
	seen, found, err := seeName(ctx, a, svc.Name)
	switch {
	case err != nil:
		return 0, err
	case seen.Blind:
		return 0, fmt.Errorf("the expiry of %s cannot be read", svc.Name)
	case !seen.Ours:
		return 0, nil
	}
	return db.At(found.ExpiresAt), nil
}

// writeNotice writes the notice and tells of it, as things stand in this transaction.
func (s *Services) writeNotice(ctx context.Context, q *db.Queries, serviceID, kind string) (bool, error) {
	svc, err := q.ServiceByID(ctx, serviceID)
	if err != nil {
		return false, fmt.Errorf("read service %s: %w", serviceID, err)
	}
	if dueNotice(svc.ExpiresAt.Time(), s.Clock.Now()) != kind || (svc.State != StateActive && svc.State != StateSuspended) {
		return false, nil
	}
	if sent, err := s.noticed(ctx, q, svc, kind); err != nil || sent {
		return false, err
	}
	to, err := s.registrantOf(ctx, q, svc)
	if err != nil {
		return false, err
	}
	id := s.Store.NewID("ntc")
	rows, err := q.NoticeInsert(ctx, db.NoticeInsertParams{
		ID: id, ServiceID: svc.ID, CustomerID: svc.CustomerID, Name: svc.Name, Kind: kind, ExpiresAt: svc.ExpiresAt,
		Address: to.address, CreatedAt: s.now(),
	})
	if err != nil || rows == 0 {
		return false, err
	}
	return true, s.Events.Emit(ctx, q, event.Params{Kind: EventNoticed, Subject: id, CustomerID: svc.CustomerID, Data: map[string]any{
		"service_id": svc.ID, "notice": kind, "name": svc.Name, "name_expires_at": svc.ExpiresAt.Time(), "address": to.address,
		"first_name": to.firstName, "renews": svc.LapseAt.IsZero() && kind != NoticeExpired,
	}})
}

// recipient is whom a notice goes to.
type recipient struct{ address, firstName string }

// registrantOf is the registrant of a name, or the customer where the registrant's data came
// with a transfer and is not known here.
func (s *Services) registrantOf(ctx context.Context, q *db.Queries, svc db.Service) (recipient, error) {
	if svc.RegistrantID != "" {
		r, err := s.Accounts.RegistrantByID(ctx, q, svc.RegistrantID)
		return recipient{r.Email, r.FirstName}, err
	}
	c, err := s.Accounts.Customer(ctx, q, svc.CustomerID)
	return recipient{c.Email, c.FirstName}, err
}
