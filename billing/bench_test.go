package billing_test

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/event"
)

// benchCustomers is over how many customers the subscriptions are spread.
const benchCustomers = 200

// BenchmarkRenew bills and charges b.N due renewals end to end: Renew makes the invoices,
// the task engine's workers charge them, and each is settled. Run it with
// -benchtime=20000x for the bar; it reports renewals a second and the heap that grew.
func BenchmarkRenew(b *testing.B) {
	s := setup(b)
	var paid atomic.Int64
	all := make(chan struct{})
	due := b.N
	s.events.Subscribe("invoice.paid", func(context.Context, *db.Queries, event.Event) error {
		if paid.Add(1) == int64(due+benchCustomers) {
			close(all)
		}
		return nil
	})
	s.subscribeMany(due)
	s.clock.Advance(29 * 24 * time.Hour)
	s.must(s.tasks.Start(s.ctx))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b.ResetTimer()
	report, err := s.billing.Renew(s.ctx)
	s.must(err)
	billed := b.Elapsed()
	if report.Billed != due {
		b.Fatalf("report %+v", report)
	}
	<-all
	b.StopTimer()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(due)/b.Elapsed().Seconds(), "renewals/s")
	b.ReportMetric(float64(due)/billed.Seconds(), "billed/s")
	b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/1e6, "MB-heap-grown")
	s.must(s.tasks.Stop(s.ctx))
}

// subscribeMany makes n subscriptions of customers with a saved card.
func (s *shop) subscribeMany(n int) {
	s.t.Helper()
	ids := make([]string, benchCustomers)
	for i := range ids {
		ids[i] = s.withCard("NL").ID
	}
	for done := 0; done < n; {
		s.tx(func(q *db.Queries) error {
			for range min(500, n-done) {
				_, err := s.billing.Subscribe(s.ctx, q, billing.SubscriptionParams{
					CustomerID: ids[done%benchCustomers], ServiceID: fmt.Sprint("svc_", done), Kind: billing.HostingSubscription,
					Description: "Hosting S", Cycle: "month", Net: eur(1000), Cost: eur(400), Anchor: s.clock.Now(),
				})
				if err != nil {
					return err
				}
				done++
			}
			return nil
		})
	}
}
