package service_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/service"
	"hostfront/task"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

// picky refuses registrations on the first contact, as a registry does that checks more
// than the upstream.
type picky struct {
	*ljpc.Client
	refused string
}

func (p *picky) RegisterDomain(ctx context.Context, name, handle string) error {
	if p.refused == "" {
		p.refused = handle
	}
	if handle == p.refused {
		return fault.Came(fault.Rejected, "upstream_refused", "domains.register").Because(fmt.Errorf("%w: %w", upstream.ErrRegistrant, upstream.ErrInvalid))
	}
	return p.Client.RegisterDomain(ctx, name, handle)
}

func TestARegistrantThatTheRegistryRefusesIsMendedWithAnother(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *ljpc.Client) service.Adapter { return &picky{Client: c} })
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	if d := r.standing("oln_1"); d.State != service.DeliveryActionRequired || d.Code != "registrant_refused" {
		t.Fatalf("the delivery is %+v", d)
	}
	r.must(r.store.Tx(t.Context(), func(q *db.Queries) error {
		other, err := r.accounts.Registrant(t.Context(), q, r.customer.ID, registrant("bos@example.org"))
		if err != nil {
			return err
		}
		return r.services.Mend(t.Context(), q, service.Mending{DeliveryID: "oln_1", RegistrantID: other})
	}))
	r.settle(time.Hour)
	r.delivered("oln_1")
	if n := len(r.ljpc.Contacts()); n != 2 {
		t.Fatalf("%d contacts", n)
	}
}

func TestARegistrationWaitsForItsMendedContactWithoutTrying(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *ljpc.Client) service.Adapter { return &picky{Client: c} })
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	r.ljpc.Faults(sandbox.Fault{Op: "contacts.create", Kind: sandbox.FaultLoseKey, Times: 9})
	r.must(r.store.Tx(t.Context(), func(q *db.Queries) error {
		other, err := r.accounts.Registrant(t.Context(), q, r.customer.ID, registrant("bos@example.org"))
		if err != nil {
			return err
		}
		return r.services.Mend(t.Context(), q, service.Mending{DeliveryID: "oln_1", RegistrantID: other})
	}))
	r.settle(24 * time.Hour)
	r.delivered("oln_1")
	tasks, err := r.tasks.BySubject(t.Context(), nil, "oln_1")
	r.must(err)
	if tasks[0].Attempts != 2 {
		t.Fatalf("the registration was tried %d times: its waiting looks like an upstream that is away", tasks[0].Attempts)
	}
}

func TestAnOperatorMayAllowAHigherCost(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	r.ljpc.SetDomainPrice("ann.nl", sandbox.DomainPrice{Cost: money.New(5000, money.EUR)})
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(time.Hour)
	tasks, err := r.tasks.BySubject(t.Context(), nil, "oln_1")
	r.must(err)
	if tasks[0].State != task.Held || tasks[0].ErrorCode != "price_above_quote" {
		t.Fatalf("the task is %s (%s)", tasks[0].State, tasks[0].ErrorCode)
	}
	r.must(r.tasks.Retry(t.Context(), tasks[0].ID))
	r.settle(time.Hour)
	if len(r.ljpc.Domains()) != 0 {
		t.Fatal("a retry alone got past the guard")
	}
	r.must(r.store.Tx(t.Context(), func(q *db.Queries) error {
		return r.services.AllowCost(t.Context(), q, "oln_1", money.New(5000, money.EUR))
	}))
	r.must(r.tasks.Retry(t.Context(), tasks[0].ID))
	r.settle(time.Hour)
	r.delivered("oln_1")
}

func TestANameThatTheAccountHadBeforeIsNotTakenForDelivered(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	handle, err := r.client.CreateContact(t.Context(), upstream.Contact{
		FirstName: "S", LastName: "Hop", Email: "s@example.org", Phone: "+31201234568", Street: "S", Number: "2", Postcode: "1", City: "C", Country: "NL",
	})
	r.must(err)
	r.must(r.client.RegisterDomain(t.Context(), "ours.nl", handle))
	r.deliver(name("oln_1", "ours.nl"))
	r.settle(time.Hour)
	tasks, err := r.tasks.BySubject(t.Context(), nil, "oln_1")
	r.must(err)
	if tasks[0].State != task.Held || tasks[0].ErrorCode != "name_already_held" {
		t.Fatalf("the task is %s (%s)", tasks[0].State, tasks[0].ErrorCode)
	}
}

// early turns the first registration away before it is made, and has the operator
// register the name by hand meanwhile.
type early struct {
	*ljpc.Client
	tried bool
}

func (e *early) RegisterDomain(ctx context.Context, name, handle string) error {
	if !e.tried {
		e.tried = true
		if err := e.Client.RegisterDomain(ctx, name, handle); err != nil {
			return err
		}
		return fault.Came(fault.Unavailable, "not_connected", "domains.register")
	}
	return e.Client.RegisterDomain(ctx, name, handle)
}

func TestANameThatCameToTheAccountBetweenTwoTriesIsNotTakenForDelivered(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *ljpc.Client) service.Adapter { return &early{Client: c} })
	r.deliver(name("oln_1", "ours.nl"))
	r.settle(time.Hour)
	tasks, err := r.tasks.BySubject(t.Context(), nil, "oln_1")
	r.must(err)
	if tasks[0].State != task.Held || tasks[0].ErrorCode != "name_already_held" {
		t.Fatalf("the task is %s (%s)", tasks[0].State, tasks[0].ErrorCode)
	}
}

// talkative says why a transfer failed in words that hold the code.
type talkative struct{ *ljpc.Client }

func (talkative) Order(context.Context, string) (upstream.OrderStatus, error) {
	return upstream.OrderStatus{State: upstream.OrderFailed, Lines: []upstream.OrderLine{
		{State: upstream.LineFailed, Cause: upstream.CauseAuthCode, Reason: "authInfo s3cr3t-c0de is wrong"},
	}}, nil
}

func TestAnAuthCodeInTheUpstreamsReasonIsNotInTheJournal(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *ljpc.Client) service.Adapter { return talkative{c} })
	code, err := r.sealer.Seal([]byte("s3cr3t-c0de"))
	r.must(err)
	r.deliver(service.DeliverParams{
		ID: "oln_1", Kind: service.Transfer, Domain: "ann.nl", Cycle: "year", Cost: money.New(599, money.EUR), AuthCodeSealed: code,
	})
	r.settle(time.Hour)
	tasks, err := r.tasks.BySubject(t.Context(), nil, "oln_1")
	r.must(err)
	tries, err := r.tasks.Journal(t.Context(), tasks[0].ID)
	r.must(err)
	kept := fmt.Sprintf("%s %s %s", tasks[0].LastError, tasks[0].Payload, tasks[0].Result)
	for _, try := range tries {
		for _, n := range try.Notes {
			kept += string(n.Value)
		}
		kept += try.Error + string(try.Result) + string(try.Look)
	}
	if !strings.Contains(kept, "is wrong") || strings.Contains(kept, "s3cr3t") {
		t.Fatalf("kept is %s", kept)
	}
}

func TestAMissingCapabilityIsHeldAndBuysNothing(t *testing.T) {
	t.Parallel()
	r := open(t, func(*ljpc.Client) service.Adapter { return nameOnly("ljpc") })
	r.deliver(site("oln_1", "ann.nl"))
	r.settle(time.Hour)
	tasks, err := r.tasks.BySubject(t.Context(), nil, "oln_1")
	r.must(err)
	if tasks[0].State != task.Held || tasks[0].ErrorCode != "capability_missing" {
		t.Fatalf("the task is %s (%s)", tasks[0].State, tasks[0].ErrorCode)
	}
}

func TestAnExpiryThatCannotBeReadAlarmsAndIsSetByTheOperator(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	r.ljpc.Withhold(sandbox.DefaultAPIKey, sandbox.PermissionShowDomains)
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(24 * time.Hour)
	id := r.delivered("oln_1")
	alarms, err := r.events.OpenAlarms(t.Context(), "", 10)
	r.must(err)
	if len(alarms) != 1 || alarms[0].Code != "expiry_unknown" {
		t.Fatalf("alarms: %+v", alarms)
	}
	expires := r.clock.Now().AddDate(1, 0, 0)
	r.must(r.store.Tx(t.Context(), func(q *db.Queries) error { return r.services.SetExpiry(t.Context(), q, id, expires) }))
	got, err := r.services.Get(t.Context(), r.customer.ID, id)
	r.must(err)
	alarms, err = r.events.OpenAlarms(t.Context(), "", 10)
	r.must(err)
	if !got.ExpiresAt.Equal(expires) || len(alarms) != 0 {
		t.Fatalf("expires %s, alarms %+v", got.ExpiresAt, alarms)
	}
}

func TestAPaidNameIsHeldUntilItIsDelivered(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	wish := func(delivery, customer string) error {
		return r.store.Tx(t.Context(), func(q *db.Queries) error {
			return r.services.Reserve(t.Context(), q, service.Reservation{Name: "ann.nl", DeliveryID: delivery, InvoiceID: "inv_none", CustomerID: customer})
		})
	}
	r.deliver(name("oln_1", "ann.nl")) // paid: it holds the name until it is delivered
	r.must(r.store.Tx(t.Context(), func(q *db.Queries) error {
		d, err := q.DeliveryByID(t.Context(), "oln_1")
		if err != nil {
			return err
		}
		return r.services.Reserve(t.Context(), q, service.Reservation{Name: "ann.nl", DeliveryID: d.ID, InvoiceID: d.InvoiceID, CustomerID: d.CustomerID})
	}))
	if err := wish("oln_9", r.customer.ID); !fault.Is(err, "name_reserved") {
		t.Fatalf("a paid name was given away to %v", err)
	}
	r.settle(time.Hour)
	r.delivered("oln_1")
	r.must(wish("oln_9", "cus_other"))
}

func TestWhoHasLostANameIsNotBilledForItAnyMore(t *testing.T) {
	t.Parallel()
	r := open(t, nil)
	r.deliver(name("oln_1", "ann.nl"))
	r.settle(24 * time.Hour)
	former := r.delivered("oln_1")
	become := func(from, to string) {
		r.tx(func(q *db.Queries) error {
			n, err := q.ServiceSetState(t.Context(), db.ServiceSetStateParams{ID: former, FromState: from, State: to})
			if err == nil && n != 1 {
				t.Errorf("%s does not become %s", from, to)
			}
			return err
		})
	}
	// The name goes, and another line registers it; that it is here at the same time, a claim sees.
	r.ljpc.TakeDomain("ann.nl")
	become(service.StateActive, service.StateTerminated)
	r.deliver(name("oln_2", "ann.nl"))
	for len(r.ljpc.Domains()) == 0 {
		if ran, err := r.tasks.Step(t.Context()); err != nil || !ran {
			t.Fatalf("it is not registered anew: %t, %v", ran, err)
		}
	}
	become(service.StateTerminated, service.StateActive)
	r.settle(24 * time.Hour)
	now := r.delivered("oln_2")
	for id, want := range map[string]billing.SubscriptionState{former: billing.SubscriptionCancelled, now: billing.SubscriptionActive} {
		svc, err := r.store.Read().ServiceByID(t.Context(), id)
		r.must(err)
		sub, err := r.billing.Subscription(t.Context(), r.store.Read(), svc.SubscriptionID)
		r.must(err)
		if sub.State != want || !sub.NextInvoiceAt.IsZero() != (want == billing.SubscriptionActive) {
			t.Errorf("the subscription of %s (%s) is %s, billed next at %s", id, svc.State, sub.State, sub.NextInvoiceAt)
		}
		if !svc.LapseAt.IsZero() {
			t.Error("the name is switched off, which is another's now")
		}
	}
}
