package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/valyala/fasthttp"
)

// The process of the tests is also what a world starts as the payment provider.
func TestMain(m *testing.M) {
	if webhook, is := os.LookupEnv(providerEnv); is {
		exit(beProvider(webhook))
	}
	os.Exit(m.Run())
}

func open(b *testing.B, o worldOptions) *world {
	b.Helper()
	o.Dir = b.TempDir()
	w, err := openWorld(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := w.Close(); err != nil {
			b.Error(err)
		}
	})
	return w
}

// BenchmarkPage is a page of 50 products, the handlers alone: the shop's and a bare
// Fiber handler that returns the same bytes.
func BenchmarkPage(b *testing.B) {
	w := open(b, worldOptions{})
	body, err := bodyOf(w.app.Handler())
	if err != nil {
		b.Fatal(err)
	}
	bare, _, stop, err := serveBare(body)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	for name, handler := range map[string]fasthttp.RequestHandler{"shop": w.app.Handler(), "bare": bare} {
		b.Run(name, func(b *testing.B) {
			c := newCall()
			b.ReportAllocs()
			for b.Loop() {
				handler(c)
				c.Response.Reset()
				c.ResetUserValues()
			}
		})
	}
}

// BenchmarkPageServed is the same over kept connections of the loopback, in turns.
func BenchmarkPageServed(b *testing.B) {
	w := open(b, worldOptions{})
	o := defaults()
	for b.Loop() {
		run, err := w.page(b.Context(), 1, o.each)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(run.shop, "shop/s")
		b.ReportMetric(run.bare, "bare/s")
		b.ReportMetric(100*run.ratio, "%-of-bare")
	}
}

// BenchmarkSync mirrors 1,500 TLDs and 500 products; what it reports begins when the
// answers have arrived.
func BenchmarkSync(b *testing.B) {
	for b.Loop() {
		run, err := syncOnce(b.Context(), b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(milliseconds(run.first), "ms-first")
		b.ReportMetric(milliseconds(run.unchanged), "ms-unchanged")
		b.ReportMetric(milliseconds(run.repriced), "ms-repriced")
	}
}

// BenchmarkOrders takes b.N orders from quote to delivery: give -benchtime=6000x.
func BenchmarkOrders(b *testing.B) {
	for _, domains := range []bool{false, true} {
		b.Run(fmt.Sprintf("domain=%t", domains), func(b *testing.B) {
			w := open(b, worldOptions{})
			delivered := w.hear()
			if err := w.Work(b.Context()); err != nil {
				b.Fatal(err)
			}
			o := defaults()
			b.ResetTimer()
			run, err := w.orders(b.Context(), delivered, ordersOptions{Orders: b.N, Buyers: o.buyers, Rate: o.rate, Domains: domains})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(run.perSecond, "orders/s")
			b.ReportMetric(run.middle.Seconds(), "s-to-delivery")
		})
	}
}

// BenchmarkRenewals bills, charges and settles b.N renewals: give -benchtime=20000x.
func BenchmarkRenewals(b *testing.B) {
	w := open(b, worldOptions{ProviderElsewhere: true})
	run, err := w.renewals(b.Context(), max(b.N, subscribers))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(run.perSecond, "renewals/s")
	b.ReportMetric(float64(max(run.peak, run.before)-run.before)/1e6, "MB-added")
}

// BenchmarkStart starts the real program on a database that has the catalogue.
func BenchmarkStart(b *testing.B) {
	w := &world{}
	defer w.Close()
	upstream, err := w.startUpstream(products(productsOfBar), tlds(tldsOfBar))
	if err != nil {
		b.Fatal(err)
	}
	binary, err := build(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	database, err := prepare(b.Context(), b.TempDir(), upstream)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		run, err := startOnce(b.Context(), binary, database, upstream, defaults().idle)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(milliseconds(run.page), "ms-to-200")
		b.ReportMetric(run.idle, "MB-idle")
	}
}
