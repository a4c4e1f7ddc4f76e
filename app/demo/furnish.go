package demo

import (
	"context"
	"fmt"
	"time"

	"hostfront/account"
	"hostfront/catalog"
	"hostfront/fault"

	"github.com/shopspring/decimal"
)

// furnish mirrors the catalogue, puts prices on it, and makes accounts to sign in
// with. A folder that was furnished before is left as it is.
func (s *Shop) furnish(ctx context.Context) error {
	if _, err := s.app.Catalog.Sync(ctx, nil); err != nil {
		return fmt.Errorf("mirror the stand-in's catalogue: %w", err)
	}
	if err := s.app.Catalog.EnsureRules(ctx, rules()); err != nil {
		return fmt.Errorf("price the catalogue: %w", err)
	}
	if err := s.app.Catalog.Refresh(ctx); err != nil {
		return err
	}
	_, _, err := s.app.Accounts.Register(ctx, account.Registration{
		Email: demoEmail, Password: demoPassword, FirstName: "Demi", LastName: "de Vries", Country: "NL",
		Street: "Stationsplein", Number: "9", Postcode: "1012 AB", City: "Amsterdam", Phone: "+31201234567",
	})
	if err != nil && !fault.Is(err, "email_taken") {
		return fmt.Errorf("make the demo's customer: %w", err)
	}
	return s.letStaffIn(ctx)
}

// letStaffIn makes the demo's admin, or gives the one of before a new token: a
// token is kept only as its hash.
func (s *Shop) letStaffIn(ctx context.Context) error {
	token, err := s.app.Accounts.CreateAdmin(ctx, adminEmail, "owner")
	if _, known := fault.As(err); known {
		token, err = s.app.Accounts.RenewAdminToken(ctx, adminEmail)
	}
	if err != nil {
		return fmt.Errorf("make the demo's admin: %w", err)
	}
	s.AdminToken = token
	return nil
}

// rules are a plausible reseller's: a quarter on everything, more on hosting,
// prices that end on 9 cents under the euro.
func rules() []catalog.Rule {
	percent := func(scope catalog.Scope, target string, value int64, floor string) catalog.Rule {
		return catalog.Rule{
			Scope: scope, Target: target, Method: catalog.Percent, Value: decimal.NewFromInt(value),
			Ending: catalog.Ending95, Floor: decimal.RequireFromString(floor),
		}
	}
	return []catalog.Rule{
		percent(catalog.ScopeShop, "", 25, "0.50"),
		percent(catalog.ScopeKind, "hosting", 40, "1.00"),
		percent(catalog.ScopeKind, "domain", 20, "1.00"),
	}
}

// Run serves a demo until ctx ends.
func Run(ctx context.Context, o Options) error {
	s, err := Start(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	s.greet(o)
	return s.Wait(ctx)
}

func (s *Shop) greet(o Options) {
	products, tlds := s.app.Catalog.Snapshot().Len()
	fmt.Fprintf(o.Out, `hostfront demo: %d products and %d TLDs for sale, time is %s

  shop          %s
  API's page    %s/docs
  storefront    %s   (only the pages that mails link to)
  customer      %s  %s
  admin token   %s
  data, mail    %s
  LJPc          %s   (a stand-in: POST /_sandbox/faults has it misbehave)
  payments      %s   (a stand-in: /methods has saved cards decline)

Try:
  curl '%s/v1/catalog/products?kind=hosting&limit=3'
  curl '%s/v1/domains/check?name=my-first-shop.nl'
  curl -X POST %s/v1/auth/login -H 'Content-Type: application/json' -d '{"email":"%s","password":"%s"}'
  curl -X POST %s/v1/admin/clock -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"now":"%s"}'   # a month later

`, products, tlds, s.app.Now().Format(time.RFC3339),
		s.URL, s.URL, s.URL, demoEmail, demoPassword, s.AdminToken, s.home.dir, s.upstreamURL, s.providerURL,
		s.URL, s.URL, s.URL, demoEmail, demoPassword, s.URL, s.AdminToken, s.app.Now().AddDate(0, 1, 0).Format(time.RFC3339))
}
