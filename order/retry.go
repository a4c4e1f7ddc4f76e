package order

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hostfront/account"
	"hostfront/catalog"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/service"
)

// RetryParams is what a customer gives so that a line in action_required goes on.
type RetryParams struct {
	CustomerID, OrderID, LineID string
	AuthCode                    string
	Registrant                  *account.Registrant
	Domain                      string
}

// Retry mends a line and lets it go on. Faults: not_found, not_action_required, Invalid
// for a field that is missing, does not apply or is not acceptable.
func (o *Orders) Retry(ctx context.Context, p RetryParams) (Order, error) {
	before, err := o.Get(ctx, p.CustomerID, p.OrderID)
	if err != nil {
		return Order{}, err
	}
	i := slices.IndexFunc(before.Lines, func(l Line) bool { return l.ID == p.LineID })
	if i < 0 {
		return Order{}, fault.Missing("order line", p.LineID)
	}
	mending, err := o.mending(p, before.Lines[i])
	if err != nil {
		return Order{}, err
	}
	err = o.Store.Tx(ctx, func(q *db.Queries) error { return o.mend(ctx, q, p, mending) })
	if err != nil {
		return Order{}, err
	}
	return o.Get(ctx, p.CustomerID, p.OrderID)
}

// mending checks what was given and seals the code.
func (o *Orders) mending(p RetryParams, line Line) (service.Mending, error) {
	m := service.Mending{DeliveryID: line.ID}
	var err error
	if p.Domain != "" {
		if m.Domain, _, err = catalog.NormalizeDomain(p.Domain); err != nil {
			e, _ := fault.As(err)
			return m, fault.InvalidField("domain", e.Code, "%s", e.Message)
		}
		m.Description = renamed(line, m.Domain)
	}
	if p.Registrant != nil {
		if fields := account.ValidateRegistrant(*p.Registrant, o.tldOf(line.Domain)); len(fields) > 0 {
			return m, fault.InvalidFields(fields...)
		}
	}
	if len(p.AuthCode) > longestAuthCode {
		return m, fault.InvalidField("auth_code", "invalid", "An auth code has at most %d characters.", longestAuthCode)
	}
	if p.AuthCode != "" {
		m.AuthCodeSealed, err = o.Sealer.Seal([]byte(p.AuthCode))
	}
	return m, err
}

// renamed is what a line of hosting is called for another name: its renewals are billed
// under that for years.
func renamed(line Line, domain string) string {
	what, _ := strings.CutSuffix(line.Description, catalog.Display(line.Domain))
	return what + catalog.Display(domain)
}

func (o *Orders) mend(ctx context.Context, q *db.Queries, p RetryParams, m service.Mending) error {
	if p.Registrant != nil {
		var err error
		if m.RegistrantID, err = o.Accounts.Registrant(ctx, q, p.CustomerID, *p.Registrant); err != nil {
			return err
		}
	}
	if err := o.Services.Mend(ctx, q, m); err != nil {
		return err
	}
	if m.Domain == "" {
		return nil
	}
	err := q.OrderLineSetDomain(ctx, db.OrderLineSetDomainParams{ID: p.LineID, Domain: m.Domain, Description: m.Description})
	if err != nil {
		return fmt.Errorf("change the name of line %s: %w", p.LineID, err)
	}
	return nil
}
