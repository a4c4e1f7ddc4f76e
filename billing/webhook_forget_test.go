package billing_test

import (
	"testing"
	"time"

	"hostfront/billing"
)

func TestWhatAnOldWebhookSaidIsForgottenAndNotThatItCame(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000)
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	body := s.card.notice("evt_1", "pi_"+p.ID)
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, body))
	s.work()
	s.advance(60 * 24 * time.Hour)
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, s.card.notice("evt_2", "pi_"+p.ID)))
	s.work()

	forget := func() int64 {
		n, err := s.billing.ForgetWebhooks(s.ctx, 30*24*time.Hour)
		s.must(err)
		return n
	}
	if n := forget(); n != 1 {
		t.Fatalf("%d webhooks were forgotten", n)
	}
	if n := forget(); n != 0 {
		t.Errorf("%d were forgotten a second time", n)
	}
	page, _, err := s.billing.Webhooks(s.ctx, "", "", 0)
	s.must(err)
	if len(page) != 2 || page[1].EventID != "evt_1" || page[1].State != billing.WebhookProcessed {
		t.Fatalf("the inbox is %+v", page)
	}
	for i, kept := range []bool{true, false} {
		w, err := s.billing.Webhook(s.ctx, page[i].ID)
		s.must(err)
		if (w.Payload != "") != kept {
			t.Errorf("of %s is kept: %q", w.EventID, w.Payload)
		}
	}
	s.must(s.billing.ReceiveWebhook(s.ctx, "card", nil, body)) // once more: it has been here
	s.must(s.billing.ReplayWebhook(s.ctx, page[1].ID))
	s.work()
	if again, _, err := s.billing.Webhooks(s.ctx, "", "", 0); err != nil || len(again) != 2 || again[1].State != billing.WebhookProcessed || again[1].Replays != 1 {
		t.Errorf("after a replay it is %+v: %v", again, err)
	}
}
