package billing_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"hostfront/audit"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"

	"pgregory.net/rapid"
)

// worldsOf is how many draws share a shop: its books grow, and the audit reads all of them.
const worldsOf = 8

// usually is how many draws are made where nobody asks for more.
const usually = 30

func isDefault(name string) bool {
	f := flag.Lookup(name)
	return f.Value.String() == f.DefValue
}

// TestWhateverIsDoneWithMoneyTheBooksHold does anything that can be done with one customer's money,
// in any order, and holds after each step that the books are in order and that no more went back by a
// payment than came; at the end all is taken back, and everybody has what they brought: the customer
// their money, to the cent, and what was given is with its grants. Longer: -rapid.checks=5000
// -rapid.steps=60.
func TestWhateverIsDoneWithMoneyTheBooksHold(t *testing.T) {
	t.Parallel()
	var s *shop
	lease := &tenancy{TB: t}
	t.Cleanup(func() { lease.end() })
	draws, whole, few := 0, false, 0
	rapid.Check(t, func(r *rapid.T) {
		if few++; few > usually && isDefault("rapid.checks") {
			return
		}
		if draws%worldsOf == 0 || !whole { // what broke one shop is not for the next to find
			lease.end()
			s, draws = setup(lease), 0
		}
		draws, whole = draws+1, false
		p := &purse{shop: s, r: r}
		p.t = failing{TB: t, r: r}
		defer func() { s.t = t }()
		p.c = p.company("DE", "DE123456789")
		before := p.stand()
		actions := p.actions()
		actions[""] = func(r *rapid.T) { p.act(p.holds)(r) }
		r.Repeat(actions)
		p.r, p.t = r, failing{TB: t, r: r}
		p.windUp()
		p.holds()
		p.evened(before)
		whole = true
	})
}

// tenancy is the test for as long as one of its shops lives: a run of thousands of draws keeps the
// folder of one shop, and not of all.
type tenancy struct {
	testing.TB
	over []func()
}

// Cleanup is for the end of the tenancy.
func (l *tenancy) Cleanup(f func()) { l.over = append(l.over, f) }

func (l *tenancy) end() {
	for _, f := range slices.Backward(l.over) {
		f()
	}
	l.over = nil
}

// holds is what holds after each step.
func (p *purse) holds() {
	report, err := audit.Run(p.ctx, p.store.Read())
	p.must(err)
	// Nobody delivers in this room, so that nobody ends what is over.
	report.Findings = slices.DeleteFunc(report.Findings, func(f audit.Finding) bool { return f.Rule == "over_and_running" })
	if len(report.Findings) > 0 {
		p.r.Fatalf("%s%s", report, p.account())
	}
	sum, err := p.billing.LedgerBalance(p.ctx)
	p.must(err)
	if sum != 0 {
		p.r.Fatalf("the ledger is off by %d", sum)
	}
	payments, err := p.billing.Payments(p.ctx, p.c.ID, "", 100)
	p.must(err)
	came, back := int64(0), int64(0)
	for _, pay := range payments {
		if pay.Refunded.Cmp(pay.Received) > 0 {
			p.r.Fatalf("%s went back of %s that came", pay.Refunded, pay.Received)
		}
		came, back = came+pay.Received.Minor, back+pay.Refunded.Minor
	}
	st := p.standing(p.c)
	if !p.lost && len(p.disputes) == 0 && st.Own.Minor+back > came {
		p.r.Fatalf("%d came, %d went back and %s is their own: something that was given is among it", came, back, st.Own)
	}
	if st.Given.Minor > p.given {
		p.r.Fatalf("%s is left of %d that was given", st.Given, p.given)
	}
}

// stand is what the accounts stand at that are to be even again.
func (p *purse) stand() map[billing.Account]int64 {
	stand := map[billing.Account]int64{}
	for _, a := range []billing.Account{billing.Revenue, billing.VAT, billing.Receivable, billing.Clearing("card"), billing.Bank, billing.BadDebt} {
		stand[a] = p.balance(a)
	}
	return stand
}

// windUp takes everything back.
func (p *purse) windUp() {
	p.card.refundState = "succeeded"
	for _, d := range p.disputes {
		p.disputed(d.ref, d.payment, billing.DisputeWon, d.amount, 0)
	}
	p.disputes = nil
	for _, sub := range p.subs {
		p.tx(func(q *db.Queries) error { return p.billing.EndSubscription(p.ctx, q, sub.ID) })
	}
	p.work()
	for _, inv := range p.documents(isOpen) {
		if inv.Number == "" {
			p.may(func(q *db.Queries) error { return p.billing.Void(p.ctx, q, inv.ID) })
		}
	}
	for range 3 { // what is given back of a change may leave something of an older one
		for _, inv := range p.documents(isNoted) {
			p.refundAll(inv)
		}
	}
	for _, note := range p.documents(owes) {
		for _, to := range []billing.BackTo{billing.BackToMethod, billing.BackToCredit} { // what took it may have been paid out since
			p.may(func(q *db.Queries) error {
				_, err := p.billing.Refund(p.ctx, q, billing.RefundParams{InvoiceID: note.ID, Reason: "again", To: to})
				return err
			})
		}
	}
	if own := p.standing(p.c).Own; own.IsPositive() {
		if _, err := p.payOut(p.c, 0); err != nil && !p.lost {
			p.r.Fatalf("%s is theirs and cannot go back: %v", own, err)
		}
	}
	p.work()
}

// refundAll refunds an invoice line by line.
func (p *purse) refundAll(inv billing.Invoice) {
	for _, l := range p.invoice(inv.ID).Lines {
		err := p.store.Tx(p.ctx, func(q *db.Queries) error {
			_, err := p.billing.Refund(p.ctx, q, billing.RefundParams{InvoiceID: inv.ID, LineID: l.ID, Reason: "all"})
			return err
		})
		if _, refused := fault.As(err); err != nil && !refused {
			p.r.Fatalf("refund a line of %s: %v", inv.ID, err)
		}
		p.work()
	}
}

// evened is what everybody has when all was taken back.
func (p *purse) evened(before map[billing.Account]int64) {
	if p.lost {
		return // the shop is out of pocket, or the customer owes: what that comes to is not even
	}
	for account, stood := range before {
		if is := p.balance(account); is != stood {
			p.r.Fatalf("all was taken back, and %s is off by %d:%s", account, is-stood, p.account())
		}
	}
}

// account is the customer's documents and payments, for whoever looks for a fault.
func (p *purse) account() string {
	text := ""
	for _, row := range p.documents(func(billing.Invoice) bool { return true }) {
		i := p.invoice(row.ID)
		text += fmt.Sprintf("\n%s %s %s corrects %s: %s, %s paid, %s", i.ID, i.Number, i.Kind, i.CorrectsID, i.Gross, i.Paid, i.State)
		for _, l := range i.Lines {
			text += fmt.Sprintf("\n  %s %s: %s and %s, %s and %s credited", l.ID, l.Description, l.Net, l.VAT, l.CreditedNet, l.CreditedVAT)
		}
		refunds, err := p.billing.RefundsOf(p.ctx, p.store.Read(), i.ID)
		p.must(err)
		for _, r := range refunds {
			text += fmt.Sprintf("\n  refund of %s by %s: %s", r.Amount, r.PaymentID, r.State)
		}
	}
	payments, err := p.billing.Payments(p.ctx, p.c.ID, "", 100)
	p.must(err)
	for _, pay := range payments {
		text += fmt.Sprintf("\n%s for %s: %s, %s came, %s went back", pay.ID, pay.InvoiceID, pay.State, pay.Received, pay.Refunded)
	}
	return text
}
