package billing

import (
	"context"
	"errors"
	"testing"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/db/dbtest"
	"hostfront/money"
)

func TestUnbalancedPostingIsRefused(t *testing.T) {
	t.Parallel()
	b := &Billing{store: dbtest.Open(t), clock: clock.NewManual(dbtest.Start())}
	err := b.store.Tx(context.Background(), func(q *db.Queries) error {
		return b.post(context.Background(), q, posting{kind: "payment", subject: "x", entries: []entry{
			{account: Bank, amount: money.New(100, money.EUR)}, {account: Receivable, amount: money.New(-99, money.EUR)},
		}})
	})
	if !errors.Is(err, errUnbalanced) {
		t.Fatalf("an unbalanced posting gave %v", err)
	}
}

func TestNothingIsPostedTwice(t *testing.T) {
	t.Parallel()
	b := &Billing{store: dbtest.Open(t), clock: clock.NewManual(dbtest.Start())}
	twice := func() error {
		return b.store.Tx(context.Background(), func(q *db.Queries) error {
			return b.post(context.Background(), q, posting{kind: "payment", subject: "x", entries: []entry{
				{account: Bank, amount: money.New(100, money.EUR)}, {account: Receivable, amount: money.New(-100, money.EUR)},
			}})
		})
	}
	if err := twice(); err != nil {
		t.Fatal(err)
	}
	if err := twice(); err == nil {
		t.Fatal("the same posting was written twice")
	}
	if sum, err := b.LedgerBalance(context.Background()); err != nil || sum != 0 {
		t.Fatalf("the ledger is off by %d, %v", sum, err)
	}
}
