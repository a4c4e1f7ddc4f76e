package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"hostfront/clock"
	"hostfront/db"
	"hostfront/event"
)

// ordersOptions say what is bought and how hard.
type ordersOptions struct {
	// Orders is how many in all, Buyers how many buy at once.
	Orders, Buyers int
	// Rate is how many orders come in a second: customers come when they come, not
	// when the last one has been served. Zero is as fast as the buyers can.
	Rate float64
	// Domains registers the name of each hosting too.
	Domains bool
	// SaveMethod keeps each card.
	SaveMethod bool
}

// ordersRun is what a run of orders came to.
type ordersRun struct {
	// perSecond is what is delivered a second while orders still come in: in the
	// second half of the time in which they do. overall includes the first quote and
	// the last poll.
	perSecond, overall float64
	// middle is the median time from payment to delivery.
	middle time.Duration
	// worked is the processor time of it all: storefronts and stand-ins included.
	worked time.Duration
}

// deliveries hears of every delivered line, in the transaction that delivers it.
type deliveries struct {
	mu    sync.Mutex
	lines map[string]chan struct{} // of orders on the road, by order line
	early map[string]bool          // delivered before the storefront had its answer
}

// hear must come before the workers start.
func (w *world) hear() *deliveries {
	d := &deliveries{lines: map[string]chan struct{}{}, early: map[string]bool{}}
	w.app.Events.Subscribe("service.delivered", func(_ context.Context, _ *db.Queries, e event.Event) error {
		var data struct {
			Line string `json:"order_line_id"`
		}
		if err := json.Unmarshal(e.Data, &data); err != nil {
			return err
		}
		d.deliver(data.Line)
		return nil
	})
	return d
}

func (d *deliveries) deliver(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if done, ok := d.lines[line]; ok {
		close(done)
		delete(d.lines, line)
		return
	}
	d.early[line] = true
}

// of is closed when the line is delivered.
func (d *deliveries) of(line string) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	done := make(chan struct{})
	if d.early[line] {
		delete(d.early, line)
		close(done)
		return done
	}
	d.lines[line] = done
	return done
}

// rush is one run of orders under way.
type rush struct {
	world      *world
	options    ordersOptions
	deliveries *deliveries
	product    string

	mu     sync.Mutex
	at     []time.Duration // of deliveries, since the start
	took   []time.Duration
	bought time.Duration // when the last order was paid
	failed error
}

// orders takes the main road many times at once: quote, order, payment at the
// provider's page, webhook, and what follows until the last line is delivered.
func (w *world) orders(ctx context.Context, d *deliveries, o ordersOptions) (ordersRun, error) {
	r := &rush{world: w, options: o, deliveries: d}
	var err error
	if r.product, err = w.monthlyProduct(ctx); err != nil {
		return ordersRun{}, err
	}
	buyers, err := w.buyers(ctx, o.Buyers)
	if err != nil {
		return ordersRun{}, err
	}
	began, spent := time.Now(), processorTime()
	r.run(ctx, began, buyers)
	if r.failed != nil {
		return ordersRun{}, r.failed
	}
	slices.Sort(r.at)
	return ordersRun{
		perSecond: r.steady(), overall: float64(len(r.at)) / r.at[len(r.at)-1].Seconds(),
		middle: median(r.took), worked: processorTime() - spent,
	}, nil
}

// steady is how many deliveries a second there were in the second half of the time in
// which orders came in: neither the wait for the first delivery nor the rush of the
// last ones is in it.
func (r *rush) steady() float64 {
	delivered := 0
	for _, at := range r.at {
		if at >= r.bought/2 && at < r.bought {
			delivered++
		}
	}
	return float64(delivered) / (r.bought / 2).Seconds()
}

// run has every buyer take its share of the orders, one after the other.
func (r *rush) run(ctx context.Context, began time.Time, buyers []*buyer) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var buying, waiting sync.WaitGroup
	for i, b := range buyers {
		buying.Go(func() {
			for n := i; n < r.options.Orders && ctx.Err() == nil; n += len(buyers) {
				if !r.comes(ctx, began, n) {
					return
				}
				done, err := r.buy(ctx, b, n)
				paid := time.Now()
				if err != nil {
					r.fail(err, cancel)
				}
				waiting.Go(func() { r.await(ctx, done, began, paid) })
			}
		})
	}
	buying.Wait()
	r.bought = time.Since(began)
	waiting.Wait()
}

// comes waits for the moment at which the n-th customer comes.
func (r *rush) comes(ctx context.Context, began time.Time, n int) bool {
	if r.options.Rate == 0 {
		return ctx.Err() == nil
	}
	at := began.Add(time.Duration(float64(n) / r.options.Rate * float64(time.Second)))
	select {
	case <-ctx.Done():
		return false
	case <-clock.After(time.Until(at)):
		return true
	}
}

// buy takes one order as far as the customer does; the answer closes when its last
// line, the hosting, is delivered.
func (r *rush) buy(ctx context.Context, b *buyer, n int) (<-chan struct{}, error) {
	placed, err := b.order(ctx, basket{
		productID: r.product, domain: fmt.Sprintf("%s.nl", name(n, r.options)), register: r.options.Domains, saveMethod: r.options.SaveMethod,
	})
	if err != nil {
		return nil, err
	}
	done := r.deliveries.of(placed.Order.Lines[len(placed.Order.Lines)-1].ID)
	return done, b.pay(ctx, placed)
}

func name(n int, o ordersOptions) string {
	if o.Domains {
		return fmt.Sprintf("both-%06d", n)
	}
	return fmt.Sprintf("held-elsewhere-%06d", n)
}

// patience is how long one delivery may take before a run is given up.
const patience = 5 * time.Minute

func (r *rush) await(ctx context.Context, done <-chan struct{}, began, paid time.Time) {
	select {
	case <-done:
		now := time.Now()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.at, r.took = append(r.at, now.Sub(began)), append(r.took, now.Sub(paid))
	case <-ctx.Done():
	case <-clock.After(patience):
		r.fail(fmt.Errorf("an order was not delivered in %s", patience), func() {})
	}
}

func (r *rush) fail(err error, cancel func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		r.failed = err
	}
	cancel()
}

// monthlyProduct is a hosting package that is sold by the month.
func (w *world) monthlyProduct(ctx context.Context) (string, error) {
	var page struct {
		Items []struct {
			ID     string `json:"id"`
			Cycles []struct {
				Cycle string `json:"cycle"`
			} `json:"cycles"`
		} `json:"items"`
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/v1/catalog/products?kind=hosting", nil)
	if err != nil {
		return "", err
	}
	if err := (&buyer{world: w, http: storefront(1)}).do(request, http.StatusOK, &page); err != nil {
		return "", err
	}
	for _, p := range page.Items {
		for _, c := range p.Cycles {
			if c.Cycle == "month" {
				return p.ID, nil
			}
		}
	}
	return "", fmt.Errorf("none of %d products is sold by the month", len(page.Items))
}

// buyers are customers of their own, over one pool of connections.
func (w *world) buyers(ctx context.Context, n int) ([]*buyer, error) {
	client := storefront(n)
	buyers := make([]*buyer, n)
	for i := range buyers {
		var err error
		if buyers[i], err = w.newBuyer(ctx, client, i); err != nil {
			return nil, err
		}
	}
	return buyers, nil
}

// ordering are the bars on orders: hosting on a name held elsewhere, and a name
// with its hosting.
func ordering(ctx context.Context, o settings) ([]result, error) {
	var results []result
	for _, kind := range []struct {
		name    string
		domains bool
	}{{"orders of hosting, quote to delivery", false}, {"orders of a domain with hosting, quote to delivery", true}} {
		run, raw, err := o.orderRun(ctx, kind.domains)
		if err != nil {
			return nil, err
		}
		results = append(results, result{
			name: kind.name, value: run.perSecond, unit: "/s", bar: 100, atLeast: true,
			peer: fmt.Sprintf("small transactions, 64 callers: %s/s, ratio %.3f", number(raw.together), run.perSecond/raw.together),
			note: fmt.Sprintf("%d orders come in at %s/s; first quote to last delivery %s/s; median from payment to delivery %s; %s",
				o.orders, number(o.rate), number(run.overall), run.middle.Round(100*time.Millisecond), worked(run.worked, o.orders)),
		})
	}
	return results, nil
}

func (o settings) orderRun(ctx context.Context, domains bool) (ordersRun, diskRun, error) {
	w, err := o.world(ctx, worldOptions{})
	if err != nil {
		return ordersRun{}, diskRun{}, err
	}
	defer w.Close()
	delivered := w.hear()
	if err := w.Work(ctx); err != nil {
		return ordersRun{}, diskRun{}, err
	}
	run, err := w.orders(ctx, delivered, ordersOptions{Orders: o.orders, Buyers: o.buyers, Rate: o.rate, Domains: domains})
	if err != nil {
		return run, diskRun{}, err
	}
	if err := w.audit(ctx, o.orders); err != nil {
		return run, diskRun{}, err
	}
	raw, err := disk(ctx, w.dir, o.each)
	return run, raw, err
}
