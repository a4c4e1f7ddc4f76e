package billing_test

import (
	"context"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
)

// charged notes which methods a gateway was asked to charge.
type charged struct {
	*memory
	methods []string
}

func (g *charged) Charge(ctx context.Context, m billing.Mandate, c billing.Charge) (billing.Status, error) {
	g.methods = append(g.methods, m.Reference)
	return g.memory.Charge(ctx, m, c)
}

func withCharged(t *testing.T) (*shop, *charged) {
	g := &charged{memory: newMemory("card")}
	s := setup(t, func(c *billing.Config) { c.Gateways = []billing.Gateway{g} })
	s.card = g.memory
	return s, g
}

func (s *shop) methods(c account.Customer) []billing.Method {
	s.t.Helper()
	all, err := s.billing.Methods(s.ctx, s.store.Read(), c.ID)
	s.must(err)
	return all
}

func TestCardThatIsReplacedBeforeTheChargeIsNotCharged(t *testing.T) {
	t.Parallel()
	s, g := withCharged(t)
	c := s.withCard("NL")
	old := s.methods(c)[0]
	s.subscribe(c, s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew() // the charge is for the 28th
	_, p := s.paid(c, 100)
	s.must(s.billing.RemoveMethod(s.ctx, c.ID, old.ID))
	s.advance(7 * 24 * time.Hour)
	s.work()
	if len(g.methods) != 1 || g.methods[0] != "pm_"+p.ID {
		t.Fatalf("charged %v, the card that is left is pm_%s", g.methods, p.ID)
	}
}

func TestCardThatIsChosenBeforeTheChargeIsCharged(t *testing.T) {
	t.Parallel()
	s, g := withCharged(t)
	c := s.withCard("NL")
	first := s.methods(c)[0]
	s.advance(time.Hour)
	s.paid(c, 100)
	s.subscribe(c, s.clock.Now())
	s.advance(22 * 24 * time.Hour)
	s.renew()
	s.must(s.billing.ChooseMethod(s.ctx, c.ID, first.ID))
	if s.methods(c)[0].ID != first.ID {
		t.Fatal("the chosen card is not the first")
	}
	s.advance(7 * 24 * time.Hour)
	s.work()
	s.must(s.billing.RemoveMethod(s.ctx, c.ID, first.ID))
	payments, err := s.billing.Payments(s.ctx, c.ID, "", 1)
	s.must(err)
	if len(g.methods) != 1 || payments[0].State != billing.PaymentSucceeded || g.methods[0] == "" {
		t.Fatalf("charged %v, the payment is %s", g.methods, payments[0].State)
	}
	if want, err := s.store.Read().MethodByID(s.ctx, first.ID); err != nil || g.methods[0] != want.Reference {
		t.Fatalf("charged %v, chosen was %s (%v)", g.methods, want.Reference, err)
	}
}
