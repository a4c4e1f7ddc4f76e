package sandbox_test

import (
	"strconv"
	"sync/atomic"
	"testing"

	"hostfront/billing"
	"hostfront/money"
)

// BenchmarkCharge is an off-session charge over loopback, as a run of renewals makes
// them: many at once, over connections that are kept.
func BenchmarkCharge(b *testing.B) {
	r := open(b)
	m := saved(b, r)
	var n atomic.Int64
	b.SetParallelism(8)
	b.RunParallel(func(each *testing.PB) {
		for each.Next() {
			id := "pay_" + strconv.FormatInt(n.Add(1), 10)
			s, err := r.gateway.Charge(b.Context(), m, billing.Charge{ID: id, CustomerID: "cus_1", Amount: money.New(500, money.EUR)})
			if err != nil || s.State != billing.PaymentSucceeded {
				b.Errorf("Charge = %+v, %v", s, err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "charges/s")
}
