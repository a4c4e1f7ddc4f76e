package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"hostfront/app"
	"hostfront/app/apptest"
	"hostfront/sandbox/courier"
	"hostfront/sandbox/pay"
)

// race is a shop whose work is done by many at once: on PostgreSQL by two
// processes on one database.
type race struct {
	*crash
	shops []*app.App
}

func openRace(t *testing.T) *race {
	t.Helper()
	w := apptest.NewSmall(t, apptest.Outside{})
	r := &race{crash: &crash{buyer: newBuyer(t, w, "anna@example.org"), domain: "race-example.nl"}}
	r.shops = []*app.App{w.App, w.Replica()}
	r.lines = []map[string]any{registration(r.domain), r.hosting(r.domain)}
	return r
}

// another is a second customer of the same shop.
func (r *race) another(email string) *buyer {
	r.t.Helper()
	b := newBuyer(r.t, r.w, email)
	if !b.register() {
		r.t.Fatalf("%s cannot register", email)
	}
	return b
}

// placeOrder gets as far as the provider's page.
func (r *race) placeOrder() {
	r.t.Helper()
	r.through("register", r.register)
	r.through("quote", r.quoting)
	r.through("order", r.ordering)
}

// worked has eight workers, four of each process, do what is due until nothing is,
// letting time pass between, for as long as d.
func (r *race) worked(d time.Duration) {
	r.t.Helper()
	for passed := time.Duration(0); passed <= d; passed += d / 8 {
		for _, err := range apptest.AtOnce(8, func(i int) error { return drain(r.t.Context(), r.shops[i%2]) }) {
			r.must(err)
		}
		r.must(r.w.Pay.Quiet(r.t.Context()))
		r.w.Time.Advance(d / 8)
	}
}

func drain(ctx context.Context, shop *app.App) error {
	for {
		worked, err := shop.Step(ctx)
		if err != nil || !worked {
			return err
		}
	}
}

// silent keeps the provider's webhooks from the shop.
func (r *race) silent() {
	r.t.Helper()
	r.must(r.w.Pay.Webhooks().Misdirect(courier.Order{Kind: courier.Never}))
}

// balanced are the invariants of the ledger, and that the provider's money is all
// in it.
func (r *race) balanced() {
	r.t.Helper()
	booksBalance(r.t, r.w)
	moved := int64(0)
	for _, p := range r.w.Pay.Payments() {
		if p.State == pay.Paid {
			moved += p.Amount.Minor - p.Fee.Minor - p.Refunded.Minor
		}
	}
	trial, err := r.w.App.Billing.Trial(r.t.Context())
	r.must(err)
	for _, b := range trial {
		if b.Account == "clearing:sandbox" && b.Balance.Minor != moved {
			r.t.Errorf("the provider holds %d, the books say %s", moved, b.Balance)
		}
	}
}

// won says how many of the answers were a success, and that the others were the
// problem that is documented.
func (b *buyer) won(replies []reply, problems ...string) int {
	b.t.Helper()
	won := 0
	for _, r := range replies {
		if r.ok() {
			won++
			continue
		}
		known := false
		for _, code := range problems {
			known = known || r.code() == code
		}
		if !known {
			b.t.Errorf("one of them got %s", r)
		}
	}
	return won
}

var errRefused = errors.New("refused")

func refusal(r reply) error {
	if r.ok() {
		return nil
	}
	return fmt.Errorf("%w: %s", errRefused, r)
}
