package task_test

import (
	"context"
	"strings"
	"testing"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/task"
)

// payments is a kind that talks to two gateways, of which one is away.
func payments() task.Kind {
	return task.Kind{Name: "pay", Queue: "payments", Queues: []string{"stripe", "transfer"}, Idempotent: true,
		Do: func(_ context.Context, t task.Task) (task.Progress, error) {
			if t.Queue == "stripe" {
				return task.Progress{}, came(fault.Unavailable)
			}
			return task.Progress{}, nil
		}}
}

func TestAGatewayThatIsAwayKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	b := setup(t, payments())
	for range 5 {
		if got, err := b.engine.Run(t.Context(), b.add(task.Params{Kind: "pay", Queue: "stripe"})); err != nil || got.State != task.Ready {
			t.Fatalf("a payment at a gateway that is away is %s, %v", got.State, err)
		}
	}
	stats, err := b.engine.Stats(t.Context())
	if err != nil || len(stats.Open) != 1 || stats.Open[0] != "stripe" {
		t.Fatalf("open breakers: %v, %v", stats.Open, err)
	}
	got, err := b.engine.Run(t.Context(), b.add(task.Params{Kind: "pay", Queue: "transfer"}))
	if err != nil || got.State != task.Done {
		t.Fatalf("a payment at the other gateway is %s, %v", got.State, err)
	}
}

func TestATaskIsNotPutInAQueueThatItsKindDoesNotHave(t *testing.T) {
	t.Parallel()
	b := setup(t, payments())
	err := b.store.Tx(t.Context(), func(q *db.Queries) error {
		_, err := b.engine.Add(t.Context(), q, task.Params{Kind: "pay", Queue: "paypal"})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "paypal") {
		t.Fatalf("added: %v", err)
	}
}

func TestAGatewayThatIsNotConfiguredAnyMoreDoesNotKeepTheShopFromStarting(t *testing.T) {
	t.Parallel()
	b := setup(t, payments())
	id := b.add(task.Params{Kind: "pay", Queue: "transfer"})
	alone := payments()
	alone.Queues = []string{"stripe"}
	b.kinds = []task.Kind{alone}
	b.restart()
	if err := b.engine.Start(t.Context()); err != nil {
		t.Fatalf("start: %v", err)
	}
	if got, err := b.engine.Run(t.Context(), id); err != nil || got.State != task.Done {
		t.Fatalf("its task is %s, %v", got.State, err)
	}
	if err := b.engine.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}
