package account_test

import (
	"testing"

	"hostfront/account"
	"hostfront/db"
	"hostfront/fault"
)

func adaRegistrant() account.Registrant {
	return account.Registrant{
		Type: account.Person, FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com", Phone: "+31201234567",
		Street: "Keizersgracht", Number: "1", Postcode: "1015 AA", City: "Amsterdam", Country: "NL",
	}
}

func TestWhatATLDAsksIsCheckedBeforePayment(t *testing.T) {
	t.Parallel()
	dane := func(r *account.Registrant) { r.Type, r.Company, r.Country = account.Organisation, "Maskine ApS", "DK" }
	for _, tt := range []struct {
		name, tld string
		change    func(*account.Registrant)
		fields    map[string]string
	}{
		{"anybody", "com", func(r *account.Registrant) { r.Country = "US" }, nil},
		{"a suffix of two labels", "co.uk", func(*account.Registrant) {}, nil},
		{"nothing at all", "nl", func(r *account.Registrant) { *r = account.Registrant{} }, map[string]string{
			"registrant.type": "invalid_type", "registrant.first_name": "required", "registrant.last_name": "required", "registrant.email": "required",
			"registrant.phone": "required", "registrant.street": "required", "registrant.number": "required", "registrant.postcode": "required",
			"registrant.city": "required", "registrant.country": "required"}},
		{"an organisation without a name", "nl", func(r *account.Registrant) { r.Type = account.Organisation }, map[string]string{"registrant.company": "required"}},
		{"in the EU", "eu", func(r *account.Registrant) { r.Country = "IS" }, nil},
		{"outside the EU", "eu", func(r *account.Registrant) { r.Country = "GB" }, map[string]string{"registrant.country": "presence_required"}},
		{"Swiss in France", "fr", func(r *account.Registrant) { r.Country = "CH" }, nil},
		{"a Dane without a number", "dk", dane, map[string]string{"registrant.company_number": "required"}},
		{"a Dane with one", "dk", func(r *account.Registrant) { dane(r); r.CompanyNumber = "12345678" }, nil},
		{"a person in Denmark", "dk", func(r *account.Registrant) { r.Country = "DK" }, nil},
		{"a nexus that cannot be declared", "us", func(r *account.Registrant) { r.Country = "US" }, map[string]string{"registrant.type": "tld_not_supported"}},
	} {
		r := adaRegistrant()
		tt.change(&r)
		fields := account.ValidateRegistrant(r, tt.tld)
		t.Log(tt.name)
		wantFields(t, fault.InvalidFields(fields...), tt.fields)
	}
}

func TestTLDThatCannotBeGivenWhatItAsksIsNotSold(t *testing.T) {
	t.Parallel()
	for tld, unsupported := range map[string]bool{
		"nl": false, "com": false, "eu": false, "dk": false, "com.hr": false, "": false,
		"us": true, "it": true, "com.au": true, "au": true, "hr": true, "edu": true,
	} {
		if account.TLDNeedsUnsupported(tld) != unsupported {
			t.Errorf(".%s: not sold is %v", tld, !unsupported)
		}
	}
}

func TestRegistrantIsKeptOnceForEachContent(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	other := ada()
	other.Email = "bob@example.com"
	_, bob, err := r.Register(ctx, other)
	must(t, err)
	keep := func(customerID string, x account.Registrant) (id string) {
		must(t, r.store.Tx(ctx, func(q *db.Queries) (err error) {
			id, err = r.Registrant(ctx, q, customerID, x)
			return err
		}))
		return id
	}
	first := keep(c.ID, adaRegistrant())
	written := adaRegistrant()
	written.Phone, written.Country, written.City = "+31 20 123 4567", "nl", " Amsterdam "
	moved := adaRegistrant()
	moved.City = "Utrecht"
	if keep(c.ID, written) != first {
		t.Error("the same content, written otherwise, is kept twice")
	}
	if keep(c.ID, moved) == first || keep(bob.ID, adaRegistrant()) == first {
		t.Error("other content, or another's, is taken for the same")
	}
	got, err := r.RegistrantByID(ctx, r.store.Read(), first)
	must(t, err)
	want := adaRegistrant()
	want.ID, want.CustomerID = first, c.ID
	if got != want {
		t.Errorf("read back as %+v", got)
	}
	_, err = r.RegistrantByID(ctx, r.store.Read(), "reg_none")
	wantCode(t, err, "not_found")
}

func TestFirstHandleOfARegistrantStays(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	must(t, r.store.Tx(ctx, func(q *db.Queries) error {
		id, err := r.Registrant(ctx, q, c.ID, adaRegistrant())
		must(t, err)
		if _, found, err := r.Handle(ctx, q, id, "ljpc"); found || err != nil {
			t.Errorf("a handle nobody set: %v", err)
		}
		must(t, r.SetHandle(ctx, q, id, "ljpc", "h1"))
		must(t, r.SetHandle(ctx, q, id, "ljpc", "h2"))
		must(t, r.SetHandle(ctx, q, id, "other", "o1"))
		if h, found, err := r.Handle(ctx, q, id, "ljpc"); h != "h1" || !found || err != nil {
			t.Errorf("handle is %q, %v, %v", h, found, err)
		}
		return nil
	}))
}
