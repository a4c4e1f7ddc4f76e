package catalog_test

import (
	"context"
	"fmt"
	"testing"

	"hostfront/catalog"
	"hostfront/upstream"
)

// full is an upstream of the size that the bars name: 1,500 TLDs, 500 products.
func full(u *source) {
	for i := range 1500 {
		u.tlds[fmt.Sprintf("t%04d", i)] = upstream.TLD{Name: fmt.Sprintf("t%04d", i), List: cost("8.00"), TransferSupported: true}
	}
	for i := range 500 {
		u.product(fmt.Sprintf("p%d", i), fmt.Sprintf("hosting_%dgb", 1+i%40), "2.00", "20.00")
	}
}

func BenchmarkPageOf50Products(b *testing.B) {
	s := setup(b)
	full(s.source)
	s.sync(b)
	s.Settle()
	for _, bench := range []struct {
		name   string
		filter catalog.ProductFilter
		limit  int
	}{{"prebuilt", catalog.ProductFilter{}, 0}, {"on demand", catalog.ProductFilter{Query: "hosting"}, 50}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := s.Snapshot().ProductsPage(bench.filter, "", bench.limit)
				if err != nil || len(p.Body) < 10_000 {
					b.Fatal(len(p.Body), err)
				}
			}
		})
	}
}

// The upstream of these answers from memory, so that what is measured is all that
// follows the answers: comparing, writing and publishing.
func BenchmarkSync(b *testing.B) {
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			s := setup(b)
			full(s.source)
			b.StartTimer()
			s.sync(b)
			b.StopTimer()
			s.Settle()
			b.StartTimer()
		}
	})
	s := setup(b)
	full(s.source)
	s.sync(b)
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			s.sync(b)
		}
	})
	price := 800
	b.Run("every TLD's cost moved", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			price++
			if price == 900 {
				price = 800
			}
			for name := range s.source.tlds {
				s.source.tld(name, fmt.Sprintf("%d.%02d", price/100, price%100))
			}
			b.StartTimer()
			s.sync(b)
		}
	})
	s.Settle()
}

func BenchmarkRebuild(b *testing.B) {
	s := setup(b)
	full(s.source)
	s.sync(b)
	s.Settle()
	for b.Loop() {
		fresh := s.process()
		if err := fresh.Refresh(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		fresh.Settle()
		b.StartTimer()
	}
}

func BenchmarkCheckOfRememberedNames(b *testing.B) {
	s := setup(b)
	s.sync(b)
	names := make([]string, 50)
	for i := range names {
		names[i] = fmt.Sprintf("name%d.nl", i)
	}
	for b.Loop() {
		if _, err := s.Check(b.Context(), "", names); err != nil {
			b.Fatal(err)
		}
	}
}
