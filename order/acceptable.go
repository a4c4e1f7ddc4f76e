package order

import (
	"context"
	"slices"

	"hostfront/account"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/tax"
)

// welcome refuses a customer whom the shop has written off: the fault no_new_orders; and a
// business that cannot be invoiced, since its address is not known.
func (o *Orders) welcome(ctx context.Context, q *db.Queries, customerID string) error {
	c, err := o.Accounts.Customer(ctx, q, customerID)
	if err != nil {
		return err
	}
	if c.Flags.WrittenOff {
		return fault.New(fault.Conflict, "no_new_orders", "We take no new orders from this account; please contact us.")
	}
	if fields := addressMissing(c); len(fields) > 0 {
		return fault.InvalidFields(fields...)
	}
	return nil
}

// addressMissing is what the invoice of a business must carry and the account does not know: its
// full address (Directive 2006/112/EC, article 226(5)). A person's invoice needs none.
func addressMissing(c account.Customer) (fields []fault.Field) {
	if !c.Business() {
		return nil
	}
	for _, part := range []struct {
		name, value string
		needed      bool
	}{{"street", c.Street, true}, {"postcode", c.Postcode, tax.InEU(c.Country)}, {"city", c.City, true}} {
		if part.needed && part.value == "" {
			fields = append(fields, fault.Field{
				Name: "customer." + part.name, Code: "required",
				Message: "An invoice to a business carries its address: add it to the account.",
			})
		}
	}
	return fields
}

// acceptable checks what the customer gave, before any upstream is asked.
func (o *Orders) acceptable(p PlaceParams, quote Quote) error {
	var fields []fault.Field
	need := func(given bool, name, what string) {
		if !given {
			fields = append(fields, fault.Field{Name: "consents." + name, Code: "required", Message: what})
		}
	}
	names := registered(quote)
	need(p.Consents.Terms, "terms", "The terms must be accepted.")
	need(p.Consents.RegistryTerms || len(names) == 0, "registry_terms", "The registry's terms must be accepted.")
	need(p.Consents.ImmediateDelivery, "immediate_delivery", "Delivery starts at once; this must be accepted.")
	if e, unknown := fault.As(o.Billing.Offers(p.Gateway)); unknown {
		fields = append(fields, e.Fields...)
	}
	fields = append(fields, o.registrantFields(p.Registrant, names)...)
	if len(fields) > 0 {
		return fault.InvalidFields(fields...)
	}
	return nil
}

// registered are the names of a quote that need a registrant.
func registered(quote Quote) []string {
	var names []string
	for _, l := range quote.Lines {
		if !l.hosting() {
			names = append(names, l.Domain)
		}
	}
	return names
}

// registrantFields checks the registrant against what each name's TLD asks.
func (o *Orders) registrantFields(r *account.Registrant, names []string) []fault.Field {
	if len(names) == 0 {
		return nil
	}
	if r == nil {
		return []fault.Field{{Name: "registrant", Code: "required", Message: "A domain name needs a registrant."}}
	}
	var fields []fault.Field
	for _, name := range names {
		for _, f := range account.ValidateRegistrant(*r, o.tldOf(name)) {
			if !slices.Contains(fields, f) {
				fields = append(fields, f)
			}
		}
	}
	return fields
}
