package e2e_test

import (
	"testing"
	"time"

	"hostfront/app/apptest"
)

func TestEightWorkersOfTwoProcessesDeliverAnOrderOnce(t *testing.T) {
	t.Parallel()
	r := openRace(t)
	r.placeOrder()
	r.paying()
	r.worked(10 * time.Minute)
	r.through("delivery", r.delivered)
	r.holds()
	r.balanced()
}

func TestOfTwoOrdersForOneNameOneWins(t *testing.T) {
	t.Parallel()
	r := openRace(t)
	buyers := []*buyer{r.another("bob@example.org"), r.another("carol@example.org"), r.another("dave@example.org")}
	quotes := make([]quoted, len(buyers))
	for i, b := range buyers {
		var answer reply
		quotes[i], answer = b.quote(registration(r.domain))
		r.must(refusal(answer))
	}
	replies, orders := make([]reply, len(buyers)), make([]placed, len(buyers))
	apptest.AtOnce(len(buyers), func(i int) error {
		orders[i], replies[i] = buyers[i].order(quotes[i].ID, "mine", "sandbox")
		return nil
	})
	if won := r.won(replies, "name_reserved"); won != 1 {
		t.Fatalf("%d of them have the name: %v", won, replies)
	}
	for i, b := range buyers {
		if replies[i].ok() {
			b.press(orders[i].Payment.NextAction.URL)
		}
	}
	r.worked(10 * time.Minute)
	if n := len(r.w.LJPC.Domains()); n != 1 {
		t.Errorf("%d names were registered", n)
	}
	r.balanced()
}

func TestOneIdempotencyKeyUsedSixteenTimesAtOnceMakesOneOrder(t *testing.T) {
	t.Parallel()
	r := openRace(t)
	r.through("register", r.register)
	r.through("quote", r.quoting)
	const times = 16
	replies, orders := make([]reply, times), make([]placed, times)
	apptest.AtOnce(times, func(i int) error {
		orders[i], replies[i] = r.buyer.order(r.quote.ID, "order-1", "sandbox")
		return nil
	})
	if won := r.won(replies); won != times {
		t.Errorf("%d of %d were answered", won, times)
	}
	for _, p := range orders {
		if p.Order.ID != orders[0].Order.ID || p.Payment.ID != orders[0].Payment.ID || p.Invoice.ID != orders[0].Invoice.ID {
			t.Errorf("one key made order %s and order %s", orders[0].Order.ID, p.Order.ID)
		}
	}
	r.through("order", r.ordering)
	r.paying()
	r.worked(10 * time.Minute)
	r.through("delivery", r.delivered)
	r.holds()
	r.balanced()
}
