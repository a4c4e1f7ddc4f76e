package billing_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
)

// atOnce runs fn n times at once and gives the errors.
func atOnce(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var start, done sync.WaitGroup
	start.Add(1)
	for i := range n {
		done.Go(func() {
			start.Wait()
			errs[i] = fn(i)
		})
	}
	start.Done()
	done.Wait()
	return errs
}

// refused counts the errors that are the fault code, and fails the test for any other.
func (s *shop) refused(errs []error, code string) int {
	s.t.Helper()
	n := 0
	for _, err := range errs {
		switch {
		case err == nil:
		case fault.Is(err, code):
			n++
		default:
			s.t.Error(err)
		}
	}
	return n
}

func TestTwoPaymentsOfOneInvoiceHaveOneWinner(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	errs := atOnce(10, func(int) error {
		return s.store.Tx(s.ctx, func(q *db.Queries) error {
			_, _, err := s.billing.StartPayment(s.ctx, q, billing.PaymentParams{InvoiceID: inv.ID, Gateway: "card"})
			return err
		})
	})
	if n := s.refused(errs, "payment_in_progress"); n != 9 {
		t.Fatalf("%d of 10 payments were refused", n)
	}
}

func TestTwoWebhooksAndAReconciliationAtOnceSettleOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(30))
	for i := range 4 {
		s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.notice(fmt.Sprint("evt", i), "pi_"+p.ID)))
	}
	s.advance(10 * time.Minute)
	errs := atOnce(6, func(i int) error {
		if i == 0 {
			report, err := s.billing.Reconcile(s.ctx)
			if report.Skipped > 0 {
				err = errors.New(report.Skips[0].Reason)
			}
			return err
		}
		_, err := s.tasks.Step(s.ctx)
		return err
	})
	s.refused(errs, "none")
	s.work()
	s.wantState(inv.ID, billing.InvoicePaid)
	if s.balance("clearing:card") != 1180 || len(s.delivered) != 1 {
		t.Fatalf("clearing %d, delivered %v", s.balance("clearing:card"), s.delivered)
	}
}

func TestOneWebhookStoredTwiceAtOnceIsProcessedOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.begin(s.sale(s.customer("NL"), 1000), "card")
	s.refused(atOnce(8, func(int) error {
		return s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.notice("evt_1", "pi_"+p.ID))
	}), "none")
	did := 0
	for ok := true; ok; did++ {
		var err error
		ok, err = s.tasks.Step(s.ctx)
		s.must(err)
	}
	if did != 2 { // one task and the look that found none
		t.Fatalf("%d tasks", did-1)
	}
}

func TestSettlingAndLapsingAtOnceHaveOneWinner(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for range 10 {
		c := s.customer("NL")
		inv := s.sale(c, 1000)
		p := s.begin(inv, "card")
		s.advance(25 * time.Hour)
		s.refused(atOnce(2, func(i int) error {
			if i == 0 {
				_, err := s.billing.Lapse(s.ctx)
				return err
			}
			s.card.pay(p.ID, inv.Gross, eur(0))
			_, err := s.billing.Reconcile(s.ctx)
			return err
		}), "none")
		s.work()
		s.wantState(inv.ID, billing.InvoicePaid)
	}
}

func TestHundredNumberingsAtOnceLeaveNoGap(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	invoices := make([]billing.Invoice, 100)
	for i := range invoices {
		invoices[i] = s.sale(c, 1000)
	}
	rollback := errors.New("rolled back")
	errs := atOnce(100, func(i int) error {
		err := s.store.Tx(s.ctx, func(q *db.Queries) error {
			if err := s.billing.NumberAtSupply(s.ctx, q, invoices[i].ID); err != nil {
				return err
			}
			if i%10 == 0 {
				return rollback
			}
			return nil
		})
		if errors.Is(err, rollback) {
			return nil
		}
		return err
	})
	s.refused(errs, "none")
	numbers := map[string]bool{}
	for i, inv := range invoices {
		number := s.invoice(inv.ID).Number
		if (i%10 == 0) != (number == "") {
			t.Fatalf("invoice %d has number %q", i, number)
		}
		numbers[number] = true
	}
	for n := 1; n <= 90; n++ {
		if !numbers[fmt.Sprintf("INV2026-%06d", n)] {
			t.Fatalf("number %d is missing", n)
		}
	}
}

func TestHundredRefundsAtOnceGetConsecutiveCreditNotes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("NL"), 10000) // 121.00
	errs := atOnce(130, func(int) error {
		_, err := s.refund(inv, 100)
		return err
	})
	if n := s.refused(errs, "over_refund"); n != 9 {
		t.Fatalf("%d of 130 refunds of 1.00 were refused, 121.00 was paid", n)
	}
	s.work()
	notes := s.notes(inv)
	numbers := map[string]bool{}
	for _, n := range notes {
		numbers[n.Number] = true
	}
	if len(notes) != 121 {
		t.Fatalf("%d credit notes", len(notes))
	}
	for n := 1; n <= 121; n++ {
		if !numbers[fmt.Sprintf("CN2026-%06d", n)] {
			t.Fatalf("credit note %d is missing", n)
		}
	}
	if len(s.card.refunds) != 121 {
		t.Fatalf("%d refunds sent", len(s.card.refunds))
	}
}
