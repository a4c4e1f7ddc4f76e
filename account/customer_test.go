package account_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hostfront/account"
	"hostfront/db"
	"hostfront/fault"
)

func TestRegistrationThatIsNotAcceptableNamesEachField(t *testing.T) {
	r := open(t)
	good := ada()
	for _, tt := range []struct {
		name   string
		change func(*account.Registration)
		fields map[string]string
	}{
		{"nothing", func(x *account.Registration) { *x = account.Registration{} },
			map[string]string{"email": "required", "first_name": "required", "last_name": "required", "country": "required"}},
		{"no address", func(x *account.Registration) { x.Email = "ada" }, map[string]string{"email": "invalid_email"}},
		{"a header in the address", func(x *account.Registration) { x.Email = "a@b.example\r\nBcc: x@y.example" }, map[string]string{"email": "invalid_email"}},
		{"a name in the address", func(x *account.Registration) { x.Email = "Ada <ada@example.com>" }, map[string]string{"email": "invalid_email"}},
		{"a host without a dot", func(x *account.Registration) { x.Email = "ada@localhost" }, map[string]string{"email": "invalid_email"}},
		{"a line break in a name", func(x *account.Registration) { x.FirstName = "Ada\nBcc: x" }, map[string]string{"first_name": "invalid_text"}},
		{"bad UTF-8", func(x *account.Registration) { x.City = "\xff" }, map[string]string{"city": "invalid_text"}},
		{"too long", func(x *account.Registration) { x.Company = strings.Repeat("é", 101) }, map[string]string{"company": "too_long"}},
		{"no such country", func(x *account.Registration) { x.Country = "XX" }, map[string]string{"country": "invalid_country"}},
		{"a country by name", func(x *account.Registration) { x.Country = "Netherlands" }, map[string]string{"country": "invalid_country"}},
		{"a short password", func(x *account.Registration) { x.Password = "1234567" }, map[string]string{"password": "too_short"}},
		{"a national phone number", func(x *account.Registration) { x.Phone = "020 123 4567" }, map[string]string{"phone": "invalid_phone"}},
		{"an impossible phone number", func(x *account.Registration) { x.Phone = "+31 1" }, map[string]string{"phone": "invalid_phone"}},
		{"a VAT number of another form", func(x *account.Registration) { x.VATID = "NL123" }, map[string]string{"vat_id": "invalid_vat_id"}},
		{"a VAT number of another state", func(x *account.Registration) { x.VATID = "DE123456789" }, map[string]string{"vat_id": "invalid_vat_id"}},
		{"a language", func(x *account.Registration) { x.Locale = "Dutch" }, map[string]string{"locale": "invalid_locale"}},
	} {
		bad := good
		tt.change(&bad)
		t.Log(tt.name)
		_, _, err := r.Register(ctx, bad)
		wantFields(t, err, tt.fields)
	}
	list, _, err := r.List(ctx, account.Filter{})
	must(t, err)
	if len(list) != 0 {
		t.Errorf("%d customers were made", len(list))
	}
}

func TestRegistrationIsKeptInItsNormalForm(t *testing.T) {
	r := open(t)
	in := ada()
	in.Email, in.Country, in.Phone, in.VATID, in.Company = " ada@example.com ", "nl", "+31 20 123 45 67", "nl 0012.34.567.b01", "Engines BV"
	_, c, err := r.Register(ctx, in)
	must(t, err)
	if c.Email != "ada@example.com" || c.Country != "NL" || c.Phone != "+31201234567" || c.VATID != "NL001234567B01" {
		t.Errorf("kept as %+v", c)
	}
	if c.VATStatus != account.VATPending || !c.Business() || c.Buyer().VATConfirmed {
		t.Errorf("the VAT number is %s before anybody looked at it", c.VATStatus)
	}
}

func TestOneAddressHasOneAccountHoweverManyRegisterAtOnce(t *testing.T) {
	r := open(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			x := ada()
			if i%2 == 1 {
				x.Email = strings.ToUpper(x.Email)
			}
			_, _, errs[i] = r.Register(ctx, x)
		})
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if !fault.Is(err, "email_taken") {
			t.Errorf("a loser got %v", err)
		}
	}
	if made != 1 {
		t.Errorf("%d accounts were made", made)
	}
}

func TestUpdateChangesWhatIsGivenAndNothingElse(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	str := func(s string) *string { return &s }
	_, err := r.Update(ctx, c.ID, account.Changes{LastName: str(""), Country: str("ZZ")})
	wantFields(t, err, map[string]string{"last_name": "required", "country": "invalid_country"})
	got, err := r.Update(ctx, c.ID, account.Changes{City: str("Utrecht"), VATID: str("001234567B01")})
	must(t, err)
	if got.City != "Utrecht" || got.VATID != "NL001234567B01" || got.VATStatus != account.VATPending || got.FirstName != "Ada" {
		t.Errorf("became %+v", got)
	}
	_, err = r.Update(ctx, "cus_nobody", account.Changes{})
	wantCode(t, err, "not_found")
}

func TestVATNumberIsConfirmedForOneNumberInOneCountry(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	str := func(s string) *string { return &s }
	_, err := r.ConfirmVAT(ctx, c.ID, account.VATConfirmed)
	wantCode(t, err, "no_vat_id")
	_, err = r.Update(ctx, c.ID, account.Changes{VATID: str("NL001234567B01")})
	must(t, err)
	_, err = r.ConfirmVAT(ctx, c.ID, "perhaps")
	wantFields(t, err, map[string]string{"status": "invalid_status"})
	got, err := r.ConfirmVAT(ctx, c.ID, account.VATConfirmed)
	must(t, err)
	if !got.Buyer().VATConfirmed || !slices.Equal(r.kinds(), []string{"account.vat_changed"}) {
		t.Fatalf("after the confirmation: %+v, events %v", got, r.kinds())
	}
	moved, err := r.Update(ctx, c.ID, account.Changes{City: str("Utrecht")})
	must(t, err)
	if moved.VATStatus != account.VATConfirmed {
		t.Error("moving house took the confirmation away")
	}
	moved, err = r.Update(ctx, c.ID, account.Changes{VATID: str("NL007654321B01")})
	must(t, err)
	if moved.VATStatus != account.VATPending {
		t.Error("another number is confirmed without a look")
	}
	moved, err = r.Update(ctx, c.ID, account.Changes{VATID: str("")})
	must(t, err)
	if moved.VATStatus != account.VATNone {
		t.Errorf("no number is %s", moved.VATStatus)
	}
}

func TestWhoMovesLeavesTheVATNumberOfTheOldCountry(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	str := func(s string) *string { return &s }
	home := account.Changes{Country: str("DE"), VATID: str("DE987654321"), Company: str("Engines GmbH")}
	for _, to := range []string{"FR", "US", "NL", "fr"} {
		_, err := r.Update(ctx, c.ID, home)
		must(t, err)
		_, err = r.ConfirmVAT(ctx, c.ID, account.VATConfirmed)
		must(t, err)
		got, err := r.Update(ctx, c.ID, account.Changes{Country: str(to)})
		must(t, err)
		if got.VATID != "" || got.VATStatus != account.VATNone || got.DroppedVATID != "DE987654321" || !got.Business() {
			t.Errorf("in %s: %q is %s, dropped %q", to, got.VATID, got.VATStatus, got.DroppedVATID)
		}
	}
	_, err := r.Update(ctx, c.ID, home)
	must(t, err)
	same, err := r.Update(ctx, c.ID, account.Changes{Country: str("de")})
	must(t, err)
	if same.VATID != "DE987654321" || same.DroppedVATID != "" {
		t.Errorf("who stays has %q, dropped %q", same.VATID, same.DroppedVATID)
	}
	_, err = r.Update(ctx, c.ID, account.Changes{Country: str("FR"), VATID: str("DE987654321")})
	wantFields(t, err, map[string]string{"vat_id": "invalid_vat_id"})
	got, err := r.Update(ctx, c.ID, account.Changes{Country: str("FR"), VATID: str("fr de987654321")})
	must(t, err)
	if got.VATID != "FRDE987654321" || got.VATStatus != account.VATPending || got.DroppedVATID != "" {
		t.Errorf("a number of the new country: %q is %s, dropped %q", got.VATID, got.VATStatus, got.DroppedVATID)
	}
}

func TestFlagsAreKept(t *testing.T) {
	r := open(t)
	_, c := r.register(t)
	want := account.Flags{NoInvoicing: true, NoSuspension: true}
	must(t, r.store.Tx(ctx, func(q *db.Queries) error {
		before, after, err := r.SetFlags(ctx, q, c.ID, want)
		if before.Flags != (account.Flags{}) || after.Flags != want {
			t.Errorf("before %+v, after %+v", before.Flags, after.Flags)
		}
		return err
	}))
	got, err := r.Customer(ctx, r.store.Read(), c.ID)
	must(t, err)
	if got.Flags != want {
		t.Errorf("kept as %+v", got.Flags)
	}
}

func TestCustomersAreListedPageByPage(t *testing.T) {
	r := open(t)
	for i := range 5 {
		x := ada()
		x.Email, x.Password = fmt.Sprintf("c%d@example.com", i), ""
		_, _, err := r.Register(ctx, x)
		must(t, err)
	}
	var seen []string
	cursor := ""
	for {
		page, next, err := r.List(ctx, account.Filter{Cursor: cursor, Limit: 2})
		must(t, err)
		for _, c := range page {
			seen = append(seen, c.Email)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if want := "c0@example.com c1@example.com c2@example.com c3@example.com c4@example.com"; strings.Join(seen, " ") != want {
		t.Errorf("listed %v", seen)
	}
	one, _, err := r.List(ctx, account.Filter{Email: "C3@Example.com"})
	if err != nil || len(one) != 1 || one[0].Email != "c3@example.com" {
		t.Errorf("found %v, %v", one, err)
	}
}
