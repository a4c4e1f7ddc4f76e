package demo

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Tour starts the demo, walks the main road over HTTP from the catalogue to two
// renewals and a declined card, prints what each step shows, and fails at the
// first that does not hold.
func Tour(ctx context.Context, o Options) error {
	shop, err := Start(ctx, o)
	if err != nil {
		return err
	}
	defer shop.Close()
	w := newWalk(shop, o.Out)
	fmt.Fprintf(o.Out, "hostfront demo on %s, walking the main road\n\n", shop.URL)
	for i, step := range w.steps() {
		shows, err := step.walk(ctx)
		if err != nil {
			fmt.Fprintf(o.Out, "%2d  ✗ %s\n     %v\n", i+1, step.name, err)
			return fmt.Errorf("the tour stops at step %d, %s: %w", i+1, step.name, err)
		}
		fmt.Fprintf(o.Out, "%2d  ✓ %s\n     %s\n", i+1, step.name, shows)
	}
	fmt.Fprintf(o.Out, "\nAll %d steps held.\n", len(w.steps()))
	return nil
}

// walk is a customer on the road, and the staff member who looks over the shoulder.
type walk struct {
	shop  *Shop
	out   io.Writer
	guest *client
	buyer *client
	staff *client

	domain  string
	hosting product
	monthly string
	quote   quote
	placed  placed
	order   orderAnswer
}

func newWalk(shop *Shop, out io.Writer) *walk {
	guest := newClient(shop.URL)
	return &walk{shop: shop, out: out, guest: guest, staff: guest.as(shop.AdminToken), domain: "tour-example.nl"}
}

type step struct {
	name string
	walk func(context.Context) (shows string, err error)
}

func (w *walk) steps() []step {
	return []step{
		{"the shop window: products with the shop's own price", w.products},
		{"top-level domains with prices a year", w.tlds},
		{"is the name free, and what does it cost", w.check},
		{"a customer registers", w.register},
		{"a quote: the domain and hosting on it, VAT included", w.quoting},
		{"an order, its invoice and where to pay", w.ordering},
		{"the same request again makes no second order", w.replaying},
		{"the customer pays on the provider's page", w.paying},
		{"both lines are delivered by the upstream", w.delivered},
		{"what the customer has", w.services},
		{"a single-use link signs in to the site", w.login},
		{"the invoice is paid, numbered, and a PDF", w.invoiced},
		{"a month later the hosting renews by the saved card", w.renewal(1)},
		{"and the month after, once more", w.renewal(2)},
		{"the card declines: nothing is lost, the customer is told", w.declined},
		{"the books: ledger at zero, one upstream order a line, one charge a bill", w.books},
	}
}

// until asks again until ok, for as long as the shop's own workers may need.
func until(ctx context.Context, ask func() (ok bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		ok, err := ask()
		if err != nil || ok {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}
