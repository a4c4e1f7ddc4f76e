package agree

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/review"
)

// Own is a name or a site that the operator has for himself.
type Own struct {
	// Upstream is where; Kind is domain or site; Subject is the name, or the site's id.
	Upstream, Kind, Subject string
	// Note says why, to whoever looks later.
	Note      string
	CreatedAt time.Time
}

// Ignore has the comparison pass over what the operator has for himself, in the caller's
// transaction; a question about it ends. What is on the list already stays as it is.
// Fault: Invalid for an upstream that is not there.
func (a *Auditor) Ignore(ctx context.Context, q *db.Queries, own Own) error {
	own.Subject = strings.ToLower(strings.TrimSpace(own.Subject))
	if a.sources[own.Upstream] == nil {
		return fault.InvalidField("upstream", "unknown", "There is no upstream %q.", own.Upstream)
	}
	if own.Subject == "" {
		return fault.InvalidField("subjects", "required", "Name the domain, or the site's id.")
	}
	_, err := q.UpstreamIgnoredInsert(ctx, db.UpstreamIgnoredInsertParams{
		Upstream: own.Upstream, Kind: own.Kind, Subject: own.Subject, Note: own.Note, CreatedAt: db.At(a.Clock.Now()),
	})
	if err != nil {
		return fmt.Errorf("ignore %s at %s: %w", own.Subject, own.Upstream, err)
	}
	code := DomainUnowned
	if own.Kind == kindSite {
		code = SiteUnowned
	}
	_, err = review.Answered(ctx, q, a.Tasks, code, own.Upstream+":"+own.Subject, "it is on the list of the operator's own")
	return err
}

// Heed takes something off the list, in the caller's transaction.
func (a *Auditor) Heed(ctx context.Context, q *db.Queries, own Own) error {
	n, err := q.UpstreamIgnoredDelete(ctx, db.UpstreamIgnoredDeleteParams{Upstream: own.Upstream, Kind: own.Kind, Subject: own.Subject})
	if err != nil {
		return fmt.Errorf("heed %s at %s: %w", own.Subject, own.Upstream, err)
	}
	if n == 0 {
		return fault.Missing("own "+own.Kind, own.Subject)
	}
	return nil
}

// Ignored is a page of the list, from behind a cursor, and the next page's.
func (a *Auditor) Ignored(ctx context.Context, cursor string, limit int) ([]Own, string, error) {
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	kind, subject, _ := strings.Cut(cursor, ":")
	rows, err := a.Store.Read().UpstreamIgnoredPage(ctx, db.UpstreamIgnoredPageParams{
		AfterKind: kind, AfterSubject: subject, MaxRows: int64(limit) + 1,
	})
	if err != nil {
		return nil, "", fmt.Errorf("read what is ignored: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].Kind + ":" + rows[limit-1].Subject
	}
	list := make([]Own, 0, len(rows))
	for _, row := range rows {
		list = append(list, Own{Upstream: row.Upstream, Kind: row.Kind, Subject: row.Subject, Note: row.Note, CreatedAt: row.CreatedAt.Time()})
	}
	return list, next, nil
}
