package service_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hostfront/db"
	"hostfront/service"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// brittle is an adapter that goes to pieces over one name.
type brittle struct {
	*ljpc.Client
	over string
}

func (b *brittle) Domain(ctx context.Context, name string) (upstream.Domain, error) {
	if name == b.over {
		panic("a name that nobody thought of")
	}
	return b.Client.Domain(ctx, name)
}

// Others told nobody that their names had expired, because the program broke over one of them.
func TestANameThatBreaksItsAdapterKeepsNoOtherFromItsNotice(t *testing.T) {
	t.Parallel()
	adapter := &brittle{}
	r := open(t, func(c *ljpc.Client) service.Adapter { adapter.Client = c; return adapter })
	for i, domain := range []string{"one.nl", "other.nl"} {
		id := fmt.Sprint("oln_", i+1)
		r.deliver(name(id, domain))
		r.settle(time.Hour)
		lapsing := r.delivered(id)
		r.tx(func(q *db.Queries) error { return r.services.LetLapse(t.Context(), q, lapsing, service.ReasonUnpaid) })
		r.settle(time.Hour)
	}
	r.clock.Advance(r.ljpc.Domains()[0].ExpiresAt.Add(40 * time.Hour).Sub(r.clock.Now()))
	adapter.over = "one.nl" // which is the first to expire
	report, err := r.services.Notices(t.Context(), service.NoticeOptions{CountryTLDs: true, Grace: 30 * 24 * time.Hour})
	r.must(err)
	if report.Noticed[service.NoticeExpired] != 1 || report.Skipped != 1 || !strings.Contains(report.Skips[0].Reason, "nobody thought of") {
		t.Fatalf("report %+v", report)
	}
}
