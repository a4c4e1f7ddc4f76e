package order_test

import (
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/order"
	"hostfront/task"
)

func TestALatePaidRenewalIsDoneByTheYearThatTheUpstreamRenewedBefore(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.place(registration("late.nl"))
	s.pay(o)
	s.settle(time.Hour)
	name, err := s.services.Get(t.Context(), s.customer.ID, s.want(o, order.Completed, order.Completed).Lines[0].ServiceID)
	s.must(err)
	cost := s.upstreamCost()
	s.clock.Advance(name.ExpiresAt.Add(-40 * 24 * time.Hour).Sub(s.clock.Now()))
	_, err = s.billing.Renew(t.Context())
	s.must(err)
	// The upstream renews by itself, the nightly look sees it, and only then the customer pays.
	s.clock.Advance(41 * 24 * time.Hour)
	s.must(s.store.Tx(t.Context(), func(q *db.Queries) error {
		return s.services.FollowExpiry(t.Context(), q, name.ID, s.ljpc.Domains()[0].ExpiresAt)
	}))
	s.payRenewal(name.SubscriptionID)
	s.settle(time.Hour)
	tasks, err := s.tasks.BySubject(t.Context(), nil, name.ID)
	s.must(err)
	if len(tasks) != 1 || tasks[0].State != task.Done {
		t.Fatalf("the renewal's tasks are %+v", tasks)
	}
	if got := s.upstreamCost() - cost; got != 799 {
		t.Fatalf("the renewed year cost %d upstream", got)
	}
	s.balanced()
}

// upstreamCost is what deliveries have cost so far, in minor units.
func (s *shop) upstreamCost() int64 {
	s.t.Helper()
	all, err := s.billing.Trial(s.t.Context())
	s.must(err)
	for _, b := range all {
		if b.Account == billing.UpstreamCost {
			return b.Balance.Minor
		}
	}
	return 0
}
