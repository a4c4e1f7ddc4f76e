package billing_test

import (
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"

	"pgregory.net/rapid"
)

// purse is one customer of a shop, and all that can be done with their money: what rapid draws from.
// Whatever is refused must be refused with a fault; all else is a failure.
type purse struct {
	*shop
	r *rapid.T
	c account.Customer
	// begun are card payments that the customer has begun, given what they were given.
	begun []billing.Payment
	subs  []billing.Subscription
	given int64
	// disputes are those that are open; lost is true once one was lost, or a debt was
	// given up: then the shop is out of pocket.
	disputes []dispute
	lost     bool
}

type dispute struct {
	ref, payment string
	amount       int64
}

// failing fails the draw of rapid, which then looks for a shorter one.
type failing struct {
	testing.TB
	r *rapid.T
}

func (f failing) Helper()                           {}
func (f failing) Fatal(args ...any)                 { f.r.Fatal(args...) }
func (f failing) Fatalf(format string, args ...any) { f.r.Fatalf(format, args...) }
func (f failing) Error(args ...any)                 { f.r.Error(args...) }
func (f failing) Errorf(format string, args ...any) { f.r.Errorf(format, args...) }

// may runs what may be refused.
func (p *purse) may(fn func(q *db.Queries) error) bool {
	err := p.store.Tx(p.ctx, fn)
	if _, refused := fault.As(err); err != nil && !refused {
		p.r.Fatalf("not refused, but broken: %v", err)
	}
	p.work()
	return err == nil
}

func (p *purse) yes(what string) bool { return rapid.Bool().Draw(p.r, what) }

// choose draws one of what there is; with nothing the action is none.
func choose[T any](p *purse, what string, from []T) T {
	if len(from) == 0 {
		p.r.Skip("no " + what)
	}
	return from[rapid.IntRange(0, len(from)-1).Draw(p.r, what)]
}

// documents are the customer's that fit.
func (p *purse) documents(fit func(billing.Invoice) bool) (docs []billing.Invoice) {
	for cursor := ""; ; {
		page, err := p.billing.Invoices(p.ctx, p.c.ID, cursor, 100)
		p.must(err)
		for _, inv := range page {
			if cursor = inv.ID; fit(inv) {
				docs = append(docs, inv)
			}
		}
		if len(page) < 100 {
			return docs
		}
	}
}

func isOpen(i billing.Invoice) bool  { return !i.CreditNote && i.State == billing.InvoiceOpen }
func isNoted(i billing.Invoice) bool { return !i.CreditNote && i.Number != "" }
func owes(i billing.Invoice) bool    { return i.CreditNote && i.State == billing.InvoiceOpen }

// part draws nothing (which is all), or a part of an amount.
func (p *purse) part(of int64) money.Amount {
	if of < 2 || p.yes("all") {
		return eur(0)
	}
	return eur(rapid.Int64Range(1, of).Draw(p.r, "part"))
}

func (p *purse) back() billing.BackTo {
	return rapid.SampledFrom([]billing.BackTo{billing.BackToMethod, billing.BackToCredit}).Draw(p.r, "back to")
}

func (p *purse) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"sell":              p.act(p.sell),
		"host":              p.act(p.host),
		"begin a payment":   p.act(p.beginOne),
		"pay what is begun": p.act(p.payBegun),
		"pay by transfer":   p.act(p.payByTransfer),
		"pay at once":       p.act(p.payAtOnce),
		"give credit":       p.act(p.giveSome),
		"buy credit":        p.act(p.topUp),
		"apply credit":      p.act(p.applySome),
		"pay credit out":    p.act(p.payOutSome),
		"refund":            p.act(p.refundSome),
		"refund a line":     p.act(p.refundLineOf),
		"refund again":      p.act(p.refundAgain),
		"bank sends back":   p.act(p.bankSendsBack),
		"number":            p.act(p.numberOne),
		"write off":         p.act(p.writeOffOne),
		"change":            p.act(p.changeOne),
		"cancel":            p.act(p.cancelOne),
		"take back":         p.act(p.takeBackOne),
		"dispute":           p.act(p.disputeOne),
		"decide a dispute":  p.act(p.decideOne),
		"wait":              p.act(p.wait),
		"confirm the VAT":   p.act(func() { p.confirmVAT(p.c, "confirmed") }),
	}
}

// act draws for an action from the T that rapid gives it.
func (p *purse) act(fn func()) func(*rapid.T) {
	return func(r *rapid.T) {
		p.r, p.t = r, failing{TB: p.t.(failing).TB, r: r}
		fn()
	}
}

func (p *purse) sell() {
	nets := rapid.SliceOfN(rapid.Int64Range(1, 3000), 1, 2).Draw(p.r, "nets")
	p.sale(p.c, nets...)
}

func (p *purse) host() {
	if len(p.subs) == 2 {
		p.r.Skip("enough")
	}
	net := rapid.Int64Range(1, 3000).Draw(p.r, "net")
	inv := p.sale(p.c, net)
	if p.yes("with credit") {
		_, err := p.apply(inv, eur(0))
		p.must(err)
	}
	p.pay(inv, 0)
	sub := p.subscription(billing.SubscriptionParams{
		CustomerID: p.c.ID, Kind: billing.HostingSubscription, Description: "Hosting S", ProductID: "S", Cycle: "month",
		Net: eur(net), Cost: eur(net / 2), Anchor: p.clock.Now(), InvoiceID: inv.ID, FirstNet: eur(net), OrderLineID: inv.Lines[0].Subject,
	})
	p.tx(func(q *db.Queries) error {
		_, err := q.ServiceInsert(p.ctx, db.ServiceInsertParams{
			ID: sub.ServiceID, CustomerID: p.c.ID, OrderLineID: sub.OrderLineID, Kind: "hosting", CreatedAt: 1, UpdatedAt: 1,
		})
		if err != nil {
			return err
		}
		return q.ServiceSetSubscription(p.ctx, db.ServiceSetSubscriptionParams{ID: sub.ServiceID, SubscriptionID: sub.ID, UpdatedAt: 1})
	})
	p.subs = append(p.subs, sub)
}

// pay pays what is due of an invoice by card, and so much more.
func (p *purse) pay(inv billing.Invoice, more int64) {
	if inv = p.invoice(inv.ID); inv.State != billing.InvoiceOpen {
		return
	}
	pay, err := p.billing.Pay(p.ctx, p.c.ID, inv.ID, billing.PaymentParams{Gateway: "card", SaveMethod: true})
	if _, refused := fault.As(err); refused {
		return
	}
	p.must(err)
	if pay.Gateway != "card" || pay.State == billing.PaymentSucceeded {
		return
	}
	p.card.pay(pay.ID, pay.Amount.Add(eur(more)), eur(0))
	p.hook(pay.ID)
}

func (p *purse) payAtOnce() {
	inv := choose(p, "open invoice", p.documents(isOpen))
	p.pay(inv, rapid.SampledFrom([]int64{0, 0, 0, 1, 500}).Draw(p.r, "more"))
}

func (p *purse) beginOne() {
	inv := choose(p, "open invoice", p.documents(isOpen))
	pay, err := p.billing.Pay(p.ctx, p.c.ID, inv.ID, billing.PaymentParams{Gateway: "card"})
	if err == nil && pay.Gateway == "card" {
		p.begun = append(p.begun, pay)
	}
}

// payBegun is the customer who pays what they have begun, whatever became of the invoice.
func (p *purse) payBegun() {
	pay := choose(p, "begun payment", p.begun)
	if p.payment(pay.ID).State == billing.PaymentSucceeded {
		return
	}
	p.card.pay(pay.ID, eur(max(1, pay.Amount.Minor-rapid.SampledFrom([]int64{0, 0, 1, 300}).Draw(p.r, "less"))), eur(0))
	p.hook(pay.ID)
}

func (p *purse) payByTransfer() {
	inv := choose(p, "open invoice", p.documents(isOpen))
	pay, err := p.billing.Pay(p.ctx, p.c.ID, inv.ID, billing.PaymentParams{Gateway: "transfer"})
	if err != nil || pay.Gateway != "transfer" {
		return
	}
	amount := rapid.Int64Range(1, pay.Amount.Minor+100).Draw(p.r, "transferred")
	_, err = p.billing.SettleTransfer(p.ctx, billing.TransferParams{PaymentID: pay.ID, Amount: eur(amount), Reference: p.store.NewID("bank")})
	p.must(err)
	p.work()
}

func (p *purse) giveSome() {
	amount, until := rapid.Int64Range(1, 3000).Draw(p.r, "given"), time.Time{}
	if p.yes("it runs out") {
		until = p.clock.Now().AddDate(0, 0, 20)
	}
	p.give(p.c, amount, until)
	p.given += amount
}

func (p *purse) topUp() {
	var inv billing.Invoice
	p.tx(func(q *db.Queries) (err error) {
		inv, err = p.billing.TopUp(p.ctx, q, billing.TopUpParams{CustomerID: p.c.ID, Amount: eur(rapid.Int64Range(100, 3000).Draw(p.r, "bought"))})
		return err
	})
	p.pay(inv, 0)
}

func (p *purse) applySome() {
	inv := choose(p, "open invoice", p.documents(isOpen))
	p.may(func(q *db.Queries) error {
		_, err := p.billing.ApplyCredit(p.ctx, q, p.c.ID, inv.ID, p.part(inv.Due().Minor))
		return err
	})
}

func (p *purse) payOutSome() {
	own := p.standing(p.c).Own
	if !own.IsPositive() {
		p.r.Skip("no credit")
	}
	_, err := p.payOut(p.c, p.part(own.Minor).Minor)
	if err != nil && !p.lost && len(p.disputes) == 0 {
		p.r.Fatalf("%s is theirs and cannot go back: %v", own, err)
	}
	p.work()
}
