package billing_test

import (
	"slices"
	"time"

	"hostfront/billing"
	"hostfront/db"

	"pgregory.net/rapid"
)

// atProvider lets some refunds be refused, as providers do.
func (p *purse) atProvider() {
	p.card.refundState = rapid.SampledFrom([]string{"succeeded", "succeeded", "succeeded", "failed"}).Draw(p.r, "at the provider")
}

func (p *purse) refundSome() {
	inv := choose(p, "numbered invoice", p.documents(isNoted))
	p.atProvider()
	p.may(func(q *db.Queries) error {
		_, err := p.billing.Refund(p.ctx, q, billing.RefundParams{InvoiceID: inv.ID, Amount: p.part(inv.Gross.Minor), Reason: "some", To: p.back()})
		return err
	})
}

func (p *purse) refundLineOf() {
	inv := choose(p, "numbered invoice", p.documents(isNoted))
	line := choose(p, "line", p.invoice(inv.ID).Lines)
	p.atProvider()
	p.may(func(q *db.Queries) error {
		if p.yes("by its subject") {
			return p.billing.RefundLine(p.ctx, q, billing.RefundLineParams{InvoiceID: inv.ID, LineSubject: line.Subject, Reason: "failed", Policy: billing.RefundAuto})
		}
		_, err := p.billing.Refund(p.ctx, q, billing.RefundParams{
			InvoiceID: inv.ID, LineID: line.ID, Amount: p.part(line.Gross().Minor), Reason: "line", To: p.back(),
		})
		return err
	})
}

func (p *purse) refundAgain() {
	note := choose(p, "note that owes", p.documents(owes))
	p.atProvider()
	p.may(func(q *db.Queries) error {
		_, err := p.billing.Refund(p.ctx, q, billing.RefundParams{InvoiceID: note.ID, Reason: "again", To: p.back()})
		return err
	})
}

// bankSendsBack lets a refund come back that had gone through.
func (p *purse) bankSendsBack() {
	refunds, err := p.billing.Refunds(p.ctx, "succeeded", "", 100)
	p.must(err)
	var theirs []billing.Refund
	for _, r := range refunds {
		if r.CustomerID == p.c.ID && r.Gateway == "card" {
			theirs = append(theirs, r)
		}
	}
	r := choose(p, "refund", theirs)
	p.card.refunds[r.ID].State, p.card.refunds[r.ID].Code = "failed", "account_closed"
	p.must(p.billing.ReceiveWebhook(p.ctx, "card", nil, p.card.refundNotice(p.store.NewID("evt"), "re_"+r.ID)))
	p.work()
}

func (p *purse) numberOne() {
	inv := choose(p, "open invoice", p.documents(func(i billing.Invoice) bool { return isOpen(i) && i.Subject != p.c.ID && i.Kind != billing.SaleInvoice }))
	p.may(func(q *db.Queries) error { return p.billing.NumberAtSupply(p.ctx, q, inv.ID) })
}

func (p *purse) writeOffOne() {
	inv := choose(p, "open renewal", p.documents(func(i billing.Invoice) bool { return isOpen(i) && i.Kind == billing.RenewalInvoice }))
	p.lost = p.may(func(q *db.Queries) error { return p.billing.WriteOff(p.ctx, q, inv.ID) }) || p.lost
}

func (p *purse) changeOne() {
	sub := choose(p, "subscription", p.subs)
	change := billing.ChangeParams{
		SubscriptionID: sub.ID, TaskKind: "test.deliver",
		To: target(rapid.SampledFrom([]string{"S", "M", "L"}).Draw(p.r, "to"), rapid.Int64Range(1, 6000).Draw(p.r, "price"),
			rapid.SampledFrom([]string{"month", "month", "year"}).Draw(p.r, "cycle")),
		When: rapid.SampledFrom([]billing.ChangeWhen{billing.ChangeNow, billing.ChangeNow, billing.ChangeAtPeriodEnd}).Draw(p.r, "when"),
	}
	p.may(func(q *db.Queries) error {
		_, err := p.billing.Change(p.ctx, q, change)
		return err
	})
}

func (p *purse) cancelOne() {
	sub := choose(p, "subscription", p.subs)
	pause, when := p.yes("pause"), rapid.SampledFrom([]billing.CancelWhen{billing.AtOnce, billing.AtPeriodEnd}).Draw(p.r, "when")
	p.may(func(q *db.Queries) error {
		if pause {
			_, err := p.billing.Pause(p.ctx, q, sub.ID, billing.ByCustomer)
			return err
		}
		_, err := p.billing.Cancel(p.ctx, q, sub.ID, billing.CancelParams{When: when, Rest: billing.CreditRest, By: billing.ByCustomer})
		return err
	})
}

func (p *purse) takeBackOne() {
	sub := choose(p, "subscription", p.subs)
	p.may(func(q *db.Queries) error {
		if p.reload(sub).State == billing.SubscriptionPaused {
			_, err := p.billing.Resume(p.ctx, q, sub.ID)
			return err
		}
		_, err := p.billing.Uncancel(p.ctx, q, sub.ID)
		return err
	})
}

func (p *purse) disputeOne() {
	payments, err := p.billing.Payments(p.ctx, p.c.ID, "", 100)
	p.must(err)
	var charged []billing.Payment
	for _, pay := range payments {
		if pay.Gateway == "card" && pay.State == billing.PaymentSucceeded && !p.isDisputed(pay.ID) {
			charged = append(charged, pay)
		}
	}
	pay := choose(p, "charge", charged)
	d := dispute{ref: p.store.NewID("dp"), payment: pay.ID, amount: rapid.Int64Range(1, pay.Received.Minor).Draw(p.r, "disputed")}
	p.disputes = append(p.disputes, d)
	p.disputed(d.ref, d.payment, billing.DisputeOpen, d.amount, 0)
}

func (p *purse) isDisputed(payment string) bool {
	rows, err := p.billing.Disputes(p.ctx, "", "", 100)
	p.must(err)
	for _, d := range rows {
		if d.PaymentID == payment {
			return true
		}
	}
	return false
}

func (p *purse) decideOne() {
	d := choose(p, "dispute", p.disputes)
	state := rapid.SampledFrom([]billing.DisputeState{billing.DisputeWon, billing.DisputeLost}).Draw(p.r, "decided")
	p.lost = p.lost || state == billing.DisputeLost
	p.disputes = slices.DeleteFunc(p.disputes, func(o dispute) bool { return o == d })
	p.disputed(d.ref, d.payment, state, d.amount, 0)
}

func (p *purse) wait() {
	p.advance(time.Duration(rapid.Int64Range(1, 20*24).Draw(p.r, "hours")) * time.Hour)
	p.jobs()
}

// jobs are those of the night.
func (p *purse) jobs() {
	p.renew()
	p.lapse()
	_, err := p.billing.ExpireCredit(p.ctx)
	p.must(err)
	p.work()
}
