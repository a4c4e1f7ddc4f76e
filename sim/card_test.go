package sim_test

import "hostfront/sandbox/stripe"

// Stripe's test numbers that saved cards turn into.
const (
	good      = "4242424242424242"
	broke     = "4000000000009995"
	lostCard  = "4000000000009987"
	expired   = "4000000000000069"
	wantsThem = "4000002760003184"
)

// cards are the saved cards of this customer, oldest first.
func (p *person) cards() []stripe.Saved { return p.world.stripe.SavedCards(p.email) }

// turn makes one of their cards behave as another number from now on.
func (p *person) turn(number, what string) (method string, turned bool) {
	cards := p.cards()
	if len(cards) == 0 {
		return "", false
	}
	method = cards[p.dice.IntN(len(cards))].ID
	p.world.must(p.world.stripe.TurnInto(method, number), what)
	p.world.seen[what]++
	return method, true
}

// runDry: there is no money for some days.
func (p *person) runDry() {
	if method, turned := p.turn(broke, "no money"); turned {
		p.world.agenda.add(p.world.Now().Add(p.dice.between(day, 12*day)), "pay day", func() {
			p.world.must(p.world.stripe.TurnInto(method, good), "pay day")
		})
	}
}

// loseCard: the card is lost for good. A new one comes with the next payment.
func (p *person) loseCard() { p.turn(lostCard, "card lost") }

// expireCard: it has expired.
func (p *person) expireCard() { p.turn(expired, "card expired") }

// strictCard: its bank wants the customer for every payment.
func (p *person) strictCard() { p.turn(wantsThem, "card strict") }

// banks answer the debits that are some days old.
func (w *world) banks() {
	for _, c := range w.stripe.Charges() {
		if c.Status != "pending" || !w.wire.clear && !w.dice.happens(400) {
			continue
		}
		paid := !w.dice.happens(w.rates.people.returned)
		w.must(w.stripe.SettleDebit(c.Intent, paid), "settle a debit")
		w.seen["debits"]++
	}
	for _, r := range w.stripe.Refunds() {
		if r.Status == "pending" && (w.wire.clear || w.dice.happens(400)) {
			w.must(w.stripe.SettleRefund(r.ID, true), "settle a refund")
		}
	}
}

// bounce is the shop's bank, which sends the newest payout back, perhaps days after it arrived.
func (w *world) bounce() {
	payouts := w.stripe.Payouts()
	if len(payouts) == 0 {
		return
	}
	last := payouts[len(payouts)-1]
	if w.Now().Sub(last.Created) > 5*day || w.stripe.FailPayout(last.ID) != nil {
		return
	}
	w.seen["payouts sent back"]++
}

// dispute has some bank dispute a charge, and decide some weeks later; now and then it takes
// back what it decided against the shop.
func (w *world) dispute() {
	var taken []stripe.Moved
	for _, c := range w.stripe.Charges() {
		if c.Status == "succeeded" {
			taken = append(taken, c)
		}
	}
	if len(taken) == 0 {
		return
	}
	c := taken[w.dice.IntN(len(taken))]
	for _, d := range w.stripe.Disputes() {
		if d.Intent == c.Intent {
			return
		}
	}
	id, err := w.stripe.Dispute(c.Intent, 0)
	if err != nil {
		return
	}
	w.seen["disputes"]++
	favourable := w.dice.happens(400)
	w.agenda.add(w.Now().Add(w.dice.between(3*day, 20*day)), "the bank decides", func() {
		w.must(w.stripe.CloseDispute(id, favourable), "close a dispute")
		if favourable || !w.dice.happens(300) {
			return
		}
		w.agenda.add(w.Now().Add(w.dice.between(3*day, 30*day)), "the bank takes its decision back", func() {
			w.must(w.stripe.CloseDispute(id, true), "win a lost dispute")
			w.seen["reversals"]++
		})
	})
}
