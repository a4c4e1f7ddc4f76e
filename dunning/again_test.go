package dunning_test

import (
	"reflect"
	"testing"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/dunning"
	"hostfront/money"
	"hostfront/service"
)

// paid pays what is due of the renewal, from credit.
func (r *room) paid() {
	r.t.Helper()
	r.tx(func(q *db.Queries) error {
		inv, err := r.billing.Invoice(r.t.Context(), q, r.invoice)
		if err != nil {
			return err
		}
		_, err = r.billing.GiveCredit(r.t.Context(), q, billing.GrantParams{CustomerID: r.customer.ID, Amount: inv.Due(), Reason: "For the test."})
		if err != nil {
			return err
		}
		_, err = r.billing.ApplyCredit(r.t.Context(), q, r.customer.ID, r.invoice, money.Amount{})
		return err
	})
}

// takenBack is what a lost dispute does to the renewal: it is owed again, from now.
func (r *room) takenBack() {
	r.t.Helper()
	r.tx(func(q *db.Queries) error {
		inv, err := q.InvoiceByID(r.t.Context(), r.invoice)
		if err != nil {
			return err
		}
		rows, err := q.InvoiceReopen(r.t.Context(), db.InvoiceReopenParams{ID: inv.ID, Amount: inv.Paid, OldPaid: inv.Paid, NowAt: db.At(r.clock.Now())})
		if err == nil && rows != 1 {
			r.t.Fatal("not opened again")
		}
		return err
	})
}

func TestAnInvoiceThatIsOwedAgainIsRemindedOfBeforeAnythingIsSuspended(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.days(13)
	r.wants("reminder_1 reminder_2")
	r.paid()
	r.days(30)
	r.takenBack()
	r.days(2)
	if c := r.wants("reminder_1 reminder_2"); !c.Taken[0].Former || c.Next == nil || c.Next.Name != "reminder_1" {
		t.Fatalf("owed again: %+v, next %+v", c.Taken, c.Next)
	}
	r.days(11)
	c := r.wants("reminder_1 reminder_2 reminder_1 reminder_2")
	if r.switched(service.KindServiceSuspend) != 0 || r.told[dunning.EventReminded] != 4 || c.Taken[2].Former || c.Next.Name != "suspension" {
		t.Fatalf("%d suspensions, told %v, steps %+v", r.switched(service.KindServiceSuspend), r.told, c.Taken)
	}
	r.days(2)
	r.wants("reminder_1 reminder_2 reminder_1 reminder_2 suspension")
	r.days(10)
	r.wants("reminder_1 reminder_2 reminder_1 reminder_2 suspension")
}

func TestAPageOfWhatIsOverdueTakesAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.run()
	page := func() (cases []dunning.Case) {
		cases, err := r.dunning.Cases(t.Context(), "", 100)
		r.must(err)
		return cases
	}
	reads := func() int64 {
		before := r.store.Work().Reads
		page()
		return r.store.Work().Reads - before
	}
	one := reads()
	r.clock.Advance(70 * day)
	_, err := r.billing.Renew(t.Context())
	r.must(err)
	r.tx(func(q *db.Queries) error {
		_, err := r.billing.ChargeLateFee(t.Context(), q, billing.LateFeeParams{
			CustomerID: r.customer.ID, SubscriptionID: r.subscription, Description: "Late", Fee: money.New(500, money.EUR),
		})
		return err
	})
	r.days(3)
	cases := page()
	if many := reads(); many != one || one > 6 {
		t.Errorf("%d statements for a page of one, %d for one of all", one, many)
	}
	if len(cases) != 4 {
		t.Fatalf("%d invoices are listed", len(cases))
	}
	for _, c := range cases {
		got, err := r.dunning.Case(t.Context(), c.InvoiceID)
		r.must(err)
		if !reflect.DeepEqual(got, c) {
			t.Errorf("in the list it is\n%+v\nand by itself\n%+v", c, got)
		}
	}
}
