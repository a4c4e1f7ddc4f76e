package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
	"hostfront/mail"
)

// renewalsRun is what a run of renewals came to.
type renewalsRun struct {
	// perSecond is from the start of the job to the last paid invoice.
	perSecond float64
	// billed is how long the job itself ran, worked the processor time until the last
	// invoice was paid, the provider's not included.
	billed, worked time.Duration
	// mails are how many left a second while nothing else was to be done.
	mails float64
	// since is the shop's time at its start, group how many renewals there were for each commit.
	since time.Time
	group float64
	// resident is the most memory that the process has held, in MB.
	resident float64
	// before, peak and after are live heap, in bytes; the peak is over the whole run.
	before, peak, after uint64
}

// subscribers is over how many customers the subscriptions are spread.
const subscribers = 200

// renewals lets customers buy and save a card, gives them so many subscriptions
// more, moves the time past their due date and has the job and the workers at it.
func (w *world) renewals(ctx context.Context, due int) (run renewalsRun, err error) {
	delivered, paid := w.hear(), &payments{all: make(chan struct{})}
	w.app.Events.Subscribe("invoice.paid", paid.hear)
	if err := w.Work(ctx); err != nil {
		return run, err
	}
	_, err = w.orders(ctx, delivered, ordersOptions{Orders: subscribers, Buyers: subscribers, SaveMethod: true})
	if err != nil {
		return run, err
	}
	if err := w.subscribe(ctx, due-subscribers); err != nil {
		return run, err
	}
	if err := w.settle(ctx); err != nil {
		return run, err
	}
	paid.expect(int64(due))
	w.app.Clock.SetOffset(32 * 24 * time.Hour)
	watch := watchHeap()
	run.before = watch.now()
	run.since = w.app.Now()
	wrote := w.app.Store.Work()
	began, spent := time.Now(), processorTime()
	report, err := w.app.Billing.Renew(ctx)
	if err != nil {
		return run, err
	}
	run.billed = time.Since(began)
	if report.Billed != due {
		return run, fmt.Errorf("%d renewals were due, the job says %+v", due, report)
	}
	select {
	case <-paid.all:
	case <-clock.After(patience):
		return run, fmt.Errorf("%d of %d renewals were paid in %s", paid.seen.Load(), due, patience)
	}
	run.perSecond = float64(due) / time.Since(began).Seconds()
	run.worked = processorTime() - spent
	run.group = float64(due) / float64(w.app.Store.Work().Commits-wrote.Commits)
	if run.mails, err = w.mailing(ctx); err != nil {
		return run, err
	}
	run.after, run.peak = watch.now(), watch.stop()
	if run.resident, err = resident(os.Getpid(), "VmHWM"); err != nil {
		return run, err
	}
	return run, w.audit(ctx, subscribers)
}

// payments count invoices that are paid.
type payments struct {
	seen, want atomic.Int64
	all        chan struct{}
}

func (p *payments) hear(context.Context, *db.Queries, event.Event) error {
	if p.seen.Add(1) == p.want.Load() {
		close(p.all)
	}
	return nil
}

// expect counts from now on to n.
func (p *payments) expect(n int64) {
	p.seen.Store(0)
	p.want.Store(n)
}

// subscribe gives the customers n subscriptions more.
func (w *world) subscribe(ctx context.Context, n int) error {
	customers, err := w.customers(ctx)
	if err != nil {
		return err
	}
	for done := 0; done < n; {
		err := w.app.Store.Tx(ctx, func(q *db.Queries) error {
			for range min(500, n-done) {
				_, err := w.app.Billing.Subscribe(ctx, q, billing.SubscriptionParams{
					CustomerID: customers[done%len(customers)], ServiceID: fmt.Sprint("svc_bench", done), Kind: billing.HostingSubscription,
					Description: "Hosting S", Cycle: "month", Net: *euros(1000), Cost: *euros(400), Anchor: w.app.Now(),
				})
				if err != nil {
					return err
				}
				done++
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mailing is how many mails leave a second, over ten seconds.
func (w *world) mailing(ctx context.Context) (float64, error) {
	before, err := w.unsent(ctx)
	if err != nil || before == 0 {
		return 0, err
	}
	began := time.Now()
	<-clock.After(10 * time.Second)
	after, err := w.unsent(ctx)
	return float64(before-after) / time.Since(began).Seconds(), err
}

func (w *world) unsent(ctx context.Context) (n int64, err error) {
	stats, err := w.app.Tasks.Stats(ctx)
	for _, s := range stats.States {
		if s.Kind == mail.KindSend {
			n += int64(s.Tasks)
		}
	}
	return n, err
}

// customers are the ids of all customers.
func (w *world) customers(ctx context.Context) ([]string, error) {
	list, _, err := w.app.Accounts.List(ctx, account.Filter{Limit: subscribers})
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids, err
}

// renewing is the bar on renewals.
func renewing(ctx context.Context, o settings) ([]result, error) {
	w, err := o.world(ctx, worldOptions{ProviderElsewhere: true})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	run, err := w.renewals(ctx, o.renewals)
	if err != nil {
		return nil, err
	}
	raw, err := disk(ctx, w.dir, o.each)
	if err != nil {
		return nil, err
	}
	if err := w.app.Tasks.Stop(ctx); err != nil { // nothing beside the loop
		return nil, err
	}
	bare, err := w.bareLimit(ctx, run, o.renewals)
	if err != nil {
		return nil, err
	}
	const mb = 1 << 20
	return []result{{
		name: fmt.Sprintf("%d renewals, billed, charged and settled", o.renewals), value: run.perSecond, unit: "/s", bar: 1000, atLeast: true,
		peer: fmt.Sprintf("small transactions, 64 callers: %s/s, ratio %.2f", number(raw.together), run.perSecond/raw.together),
		note: fmt.Sprintf("all billed after %s; %s; then mails with their PDF at %s/s",
			run.billed.Round(time.Millisecond), worked(run.worked, o.renewals), number(run.mails)),
	}, {
		name: "renewals, of what a bare loop writes", value: run.perSecond / bare, bar: 0.5, atLeast: true,
		peer: fmt.Sprintf("the same rows, inserted and updated as often: %s renewals/s", number(bare)),
		note: fmt.Sprintf("%.1f renewals a commit in both", run.group),
	}, {
		name: "resident memory with all of them, at most", value: run.resident, unit: "MB", bar: 200,
		note: "the stand-in of LJPc and its catalogue are in the same process",
	}, {
		name: "live heap that the renewals added, at most", value: float64(max(run.peak, run.before)-run.before) / mb, unit: "MB", bar: flat,
		peer: fmt.Sprintf("before %.1f, after %.1f MB", float64(run.before)/mb, float64(run.after)/mb),
		note: "the payment provider is a process of its own",
	}}, nil
}

// flat is what we take for flat memory, in MB: 20,000 renewals held at once would
// be far more, what a page of them and the work under way takes is less.
const flat = 32
