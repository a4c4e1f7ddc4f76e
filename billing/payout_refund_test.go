package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
)

func TestARefundThatNoPayoutHasTakenIsAskedAboutUntilOneHas(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at), func(c *billing.Config) { c.Policies.PayoutAfter = 14 * 24 * time.Hour })
	inv, p := s.paid(s.customer("NL"), 1000)
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	s.nightly()
	_, other := s.paid(s.customer("NL"), 1000)
	at.payOut(s, taken(p, 1210, 0), taken(other, 1210, 0))
	s.nightly()
	s.wantAsks("it may still come", map[string]int{})
	for range 15 {
		s.nightly()
	}
	s.wantAsks("it is left out", map[string]int{"payout_refund_missing": 1})
	at.payOut(s, moved(billing.MovedRefund, "re_"+s.firstRefund(inv).ID, "pi_"+p.ID, -1210, 0), moved(billing.MovedOther, "x", "", 2000, 0))
	s.nightly()
	s.wantAsks("a payout has taken it", map[string]int{"payout_unmatched": 1})
	s.wants("paid out", map[billing.Account]int64{"clearing:card": 0, "unmatched:card": -2000})
}

func TestARefundThatCameBackIsNotAskedAboutAnyMore(t *testing.T) {
	t.Parallel()
	at := &payer{}
	s := setup(t, paying(at), func(c *billing.Config) { c.Policies.PayoutAfter = 14 * 24 * time.Hour })
	inv, p := s.paid(s.customer("NL"), 1000)
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	s.nightly()
	at.payOut(s, taken(p, 1210, 0))
	for range 15 {
		s.nightly()
	}
	s.wantAsks("it is left out", map[string]int{"payout_refund_missing": 1})
	reference := "re_" + s.firstRefund(inv).ID
	s.card.refunds[s.firstRefund(inv).ID].State = "failed"
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.refundNotice("evt_back", reference)))
	s.work()
	s.nightly()
	s.wantAsks("it came back", map[string]int{})
}

// firstRefund is the refund of the first credit note of an invoice.
func (s *shop) firstRefund(inv billing.Invoice) billing.Refund {
	s.t.Helper()
	refunds, err := s.billing.RefundsOf(s.ctx, s.store.Read(), s.notes(inv)[0].ID)
	s.must(err)
	return refunds[0]
}
