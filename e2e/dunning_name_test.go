package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/app"
)

// noticeSeen is the proof of a notice of expiry, as staff sees it.
type noticeSeen struct {
	Kind      string    `json:"kind"`
	ExpiresAt time.Time `json:"expires_at"`
	Address   string    `json:"address"`
	MailState string    `json:"mail_state"`
	Recipient string    `json:"recipient"`
	MessageID string    `json:"message_id"`
	SentAt    time.Time `json:"sent_at"`
}

func (c *crash) notices(name string) []noticeSeen {
	c.t.Helper()
	var page list[noticeSeen]
	c.staff(http.MethodGet, "/v1/admin/domain-notices?name="+name, nil, &page)
	return page.Items
}

// wantsNotices holds the notices of a name, oldest first, against their kinds, and each against
// the days before its expiry on which it may go out.
func (c *crash) wantsNotices(name string, expires time.Time, kinds ...string) {
	c.t.Helper()
	window := map[string][2]time.Duration{"month": {26 * aDay, 30 * aDay}, "week": {4 * aDay, 7 * aDay}, "expired": {-5 * aDay, -30 * time.Hour}}
	got := c.notices(name)
	if len(got) != len(kinds) {
		c.t.Fatalf("on %s the notices are %+v, want %v", c.w.App.Now(), got, kinds)
	}
	ids := map[string]bool{}
	for i, kind := range kinds {
		n := got[len(got)-1-i]
		if left := expires.Sub(n.SentAt); n.Kind != kind || left < window[kind][0] || left > window[kind][1] {
			c.t.Errorf("notice %d is %+v, %s before the expiry; want %s", i, n, left, kind)
		}
		if n.MailState != "sent" || n.Recipient != n.Address || n.Address == "" || n.MessageID == "" || !n.ExpiresAt.Equal(expires) {
			c.t.Errorf("it is no proof: %+v, the name expires %s", n, expires)
		}
		ids[n.MessageID] = true
	}
	if len(ids) != len(kinds) || c.mailed("domain_notice") != len(kinds) {
		c.t.Errorf("%d mails and %d ids for %d notices", c.mailed("domain_notice"), len(ids), len(kinds))
	}
}

// Others deleted a name for debt, or let it expire in silence.
func TestANameThatIsNotPaidLapsesWithItsThreeNotices(t *testing.T) {
	t.Parallel()
	const name = "nobody-pays.shop"
	c := openMistake(t)
	c.bought(registration(name))
	c.forgetsCards()
	expires := c.w.LJPC.Domains()[0].ExpiresAt
	c.w.Power.CutAt(0) // what is called from here on
	c.until(expires.Add(-31 * aDay))
	c.wantsNotices(name, expires)
	c.until(expires.Add(-20 * aDay))
	c.wantsNotices(name, expires, "month")
	c.until(expires.Add(-12 * aDay))
	invoice := c.theRenewal().ID
	if got := c.dunned(invoice); got.steps() != "reminder_1 reminder_2 lapse" || got.Next != nil {
		t.Errorf("the ladder: %s, next %+v", got.steps(), got.Next)
	}
	if d := c.w.LJPC.Domains()[0]; d.AutoRenew || c.mailed("domain_lapsing") != 1 {
		t.Errorf("upstream it is %+v; %d mails that it lapses", d, c.mailed("domain_lapsing"))
	}
	c.until(expires.Add(-aDay))
	c.wantsNotices(name, expires, "month", "week")
	c.wantsService("domain", "active")
	c.until(expires.Add(3 * aDay))
	c.wantsNotices(name, expires, "month", "week", "expired")
	c.wantsService("domain", "suspended")
	c.until(expires.Add(46 * aDay))
	c.wantsNotices(name, expires, "month", "week", "expired")
	if got := c.serviceOf("domain").State; got != "terminated" {
		t.Errorf("after its grace the name is %s", got)
	}
	if i := c.theRenewal(); i.State != "void" || c.subscription("year").State != "cancelled" {
		t.Errorf("the renewal is %+v, the subscription %s", i, c.subscription("year").State)
	}
	for _, point := range c.w.Power.Trace() {
		if strings.HasPrefix(point, "http:before DELETE") {
			t.Errorf("the shop called %q", point)
		}
	}
	booksBalance(t, c.w)
}

// Others let a customer who never paid order again.
func TestAWrittenOffCustomerOrdersNothing(t *testing.T) {
	t.Parallel()
	c := openMistake(t)
	c.flag(map[string]any{"written_off": true})
	q, r := c.buyer.quote(registration("once-more.nl"))
	if !r.ok() {
		t.Fatalf("quote: %s", r)
	}
	if _, r := c.buyer.order(q.ID, "once-more", "sandbox"); r.Status != http.StatusConflict || r.code() != "no_new_orders" {
		t.Fatalf("the order was answered %s", r)
	}
	c.flag(map[string]any{})
	if _, r := c.buyer.order(q.ID, "once-more", "sandbox"); !r.ok() {
		t.Errorf("forgiven, the order was answered %s", r)
	}
}

// A registry that decides early is told in time, or the name is lost though it was paid.
func TestANameIsBilledChargedAndDueByTheDeadlineOfItsTLD(t *testing.T) {
	t.Parallel()
	c := openMistake(t, func(config *app.Config, _ *app.Options) { config.LJPC.Deadlines = []string{"10", "shop:40"} })
	c.bought(registration("early.shop"))
	expires := c.w.LJPC.Domains()[0].ExpiresAt
	c.until(expires.Add(-72 * aDay)) // 45 + 40 - 14 days before
	if early := c.renewals(); len(early) != 0 {
		t.Fatalf("billed on %s: %+v", c.w.App.Now(), early)
	}
	c.until(expires.Add(-70 * aDay))
	bill := c.theRenewal()
	if want := expires.Add(-40 * aDay); !bill.DueAt.Equal(want) || bill.State != "open" {
		t.Fatalf("the invoice is %s and due at %s, the deadline is %s", bill.State, bill.DueAt, want)
	}
	c.until(expires.Add(-55 * aDay)) // charged 56 days before
	if paid := c.theRenewal(); paid.State != "paid" {
		t.Errorf("on %s it is %s", c.w.App.Now(), paid.State)
	}
}
