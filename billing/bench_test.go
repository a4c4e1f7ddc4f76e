package billing_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/billing/sandbox"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/sandbox/pay"
)

// benchCustomers is over how many customers the subscriptions are spread.
const benchCustomers = 200

// BenchmarkRenew bills and charges b.N due renewals end to end, through the sandbox gateway
// and its stand-in over real HTTP: Renew makes the invoices, the task engine's workers charge
// them, and each is settled. Run it with -benchtime=20000x for the bar; it reports renewals a
// second and the heap that grew.
func BenchmarkRenew(b *testing.B) {
	provider, gateway := sandboxGateway(b)
	benchmarkRenew(b, setup(b, func(c *billing.Config) { c.Gateways = []billing.Gateway{gateway} }), func(s *shop) {
		s.saveMethod(provider)
	})
}

// BenchmarkRenewBooks is BenchmarkRenew with a gateway in memory: the books alone.
func BenchmarkRenewBooks(b *testing.B) {
	benchmarkRenew(b, setup(b), func(s *shop) { s.subscribers = append(s.subscribers, s.withCard("NL").ID) })
}

func sandboxGateway(b *testing.B) (*pay.Server, billing.Gateway) {
	provider, err := pay.New(pay.Options{Clock: clock.System{}, APIKey: "key", WebhookSecret: "secret"})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(provider)
	b.Cleanup(server.Close)
	provider.SetBaseURL(server.URL)
	gateway, err := sandbox.New(sandbox.Config{Demo: true, BaseURL: server.URL, Key: "key", WebhookSecrets: []string{"secret"}})
	if err != nil {
		b.Fatal(err)
	}
	return provider, gateway
}

// saveMethod makes a customer whose method the stand-in keeps.
func (s *shop) saveMethod(provider *pay.Server) {
	s.t.Helper()
	c := s.customer("NL")
	p, err := s.billing.Pay(s.ctx, c.ID, s.sale(c, 100).ID, billing.PaymentParams{Gateway: "sandbox", SaveMethod: true})
	s.must(err)
	_, err = provider.Decide(p.Reference, pay.ChoosePay, pay.Succeed)
	s.must(err)
	s.advance(10 * time.Minute)
	_, err = s.billing.Reconcile(s.ctx)
	s.must(err)
	s.subscribers = append(s.subscribers, c.ID)
}

func benchmarkRenew(b *testing.B, s *shop, customer func(*shop)) {
	var paid atomic.Int64
	all := make(chan struct{})
	due := b.N
	s.events.Subscribe("invoice.paid", func(context.Context, *db.Queries, event.Event) error {
		if paid.Add(1) == int64(due+benchCustomers) {
			close(all)
		}
		return nil
	})
	for range benchCustomers {
		customer(s)
	}
	s.work()
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
	for done := 0; done < n; {
		s.tx(func(q *db.Queries) error {
			for range min(500, n-done) {
				_, err := s.billing.Subscribe(s.ctx, q, billing.SubscriptionParams{
					CustomerID: s.subscribers[done%benchCustomers], ServiceID: fmt.Sprint("svc_", done), Kind: billing.HostingSubscription,
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
