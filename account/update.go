package account

import (
	"context"
	"fmt"
	"strings"

	"hostfront/db"
	"hostfront/event"
	"hostfront/fault"
)

// Changes are the details a customer changes; nil leaves one as it is, "" empties
// one that may be empty. The mail address is not among them: whoever holds a
// session could take the account for good with it.
type Changes struct {
	FirstName, LastName, Company   *string
	Street, Number, Postcode, City *string
	Country, Phone, VATID, Locale  *string
}

// Updated is what a customer has become.
type Updated struct {
	Customer
	// DroppedVATID is the VAT number that a move to another country took: a number is of one
	// state, and no new one was given.
	DroppedVATID string
}

// Update changes a customer's details. A new VAT number is pending again: VAT is charged
// until it is confirmed. Who moves to another country leaves the number of the old one.
func (a *Accounts) Update(ctx context.Context, id string, ch Changes) (Updated, error) {
	now := db.At(a.clock.Now())
	var after Updated
	err := a.store.Tx(ctx, func(q *db.Queries) error {
		before, err := a.Customer(ctx, q, id)
		if err != nil {
			return err
		}
		d := ch.apply(before.details())
		if ch.VATID == nil && !strings.EqualFold(strings.TrimSpace(d.Country), before.Country) {
			d.VATID, after.DroppedVATID = "", before.VATID
		}
		d, fields := d.normalise()
		if len(fields) > 0 {
			return fault.InvalidFields(fields...)
		}
		if err := setDetails(ctx, q, before, d, now); err != nil {
			return err
		}
		after.Customer, err = a.Customer(ctx, q, id)
		return err
	})
	if err != nil {
		return Updated{}, fmt.Errorf("update customer %s: %w", id, err)
	}
	return after, nil
}

func setDetails(ctx context.Context, q *db.Queries, before Customer, d details, now db.Instant) error {
	status := before.VATStatus
	if d.VATID != before.VATID || d.Country != before.Country {
		status = d.vatStatus()
	}
	_, err := q.CustomerSetDetails(ctx, db.CustomerSetDetailsParams{
		FirstName: d.FirstName, LastName: d.LastName, Company: d.Company, Street: d.Street, HouseNumber: d.Number,
		Postcode: d.Postcode, City: d.City, Country: d.Country, Phone: d.Phone, VatID: d.VATID, VatStatus: status,
		Locale: d.Locale, UpdatedAt: now, ID: before.ID,
	})
	return err
}

func (ch Changes) apply(d details) details {
	for _, change := range []struct{ to, from *string }{
		{&d.FirstName, ch.FirstName}, {&d.LastName, ch.LastName}, {&d.Company, ch.Company}, {&d.Street, ch.Street},
		{&d.Number, ch.Number}, {&d.Postcode, ch.Postcode}, {&d.City, ch.City}, {&d.Country, ch.Country},
		{&d.Phone, ch.Phone}, {&d.VATID, ch.VATID}, {&d.Locale, ch.Locale},
	} {
		if change.from != nil {
			*change.to = *change.from
		}
	}
	return d
}

// ConfirmVAT records what VIES or an admin says of a customer's VAT number:
// confirmed, rejected or pending. Conflict no_vat_id when there is no number. The
// event account.vat_changed tells billing, which corrects what was billed.
func (a *Accounts) ConfirmVAT(ctx context.Context, id, status string) (Customer, error) {
	var after Customer
	err := a.store.Tx(ctx, func(q *db.Queries) (err error) {
		_, after, err = a.SetVATStatus(ctx, q, id, status)
		return err
	})
	if err != nil {
		return Customer{}, fmt.Errorf("confirm VAT number of %s: %w", id, err)
	}
	return after, nil
}

// SetVATStatus is ConfirmVAT within a transaction of the caller, who writes the
// audit entry beside it; it gives the customer before and after.
func (a *Accounts) SetVATStatus(ctx context.Context, q *db.Queries, id, status string) (before, after Customer, err error) {
	if status != VATConfirmed && status != VATRejected && status != VATPending {
		return before, after, fault.InvalidField("status", "invalid_status", "The status is confirmed, rejected or pending.")
	}
	if before, err = a.Customer(ctx, q, id); err != nil {
		return before, after, err
	}
	if before.VATID == "" {
		return before, after, fault.New(fault.Conflict, "no_vat_id", "The customer has given no VAT number.")
	}
	after = before
	after.VATStatus, after.UpdatedAt = status, a.clock.Now()
	if status == before.VATStatus {
		return before, before, nil
	}
	params := db.CustomerSetVATStatusParams{VatStatus: status, UpdatedAt: db.At(after.UpdatedAt), ID: id}
	if _, err := q.CustomerSetVATStatus(ctx, params); err != nil {
		return before, after, err
	}
	return before, after, a.events.Emit(ctx, q, event.Params{
		Kind: "account.vat_changed", Subject: id, CustomerID: id, Data: map[string]string{"customer_id": id, "vat_status": status},
	})
}

// SetFlags sets an admin's exceptions for a customer, within a transaction of the
// caller, who writes the audit entry beside it.
func (a *Accounts) SetFlags(ctx context.Context, q *db.Queries, id string, f Flags) (before, after Customer, err error) {
	if before, err = a.Customer(ctx, q, id); err != nil {
		return before, after, err
	}
	after = before
	after.Flags, after.UpdatedAt = f, a.clock.Now()
	_, err = q.CustomerSetFlags(ctx, db.CustomerSetFlagsParams{
		NoAutomaticPayment: f.NoAutomaticPayment, NoInvoicing: f.NoInvoicing, NoSuspension: f.NoSuspension, WrittenOff: f.WrittenOff,
		UpdatedAt: db.At(after.UpdatedAt), ID: id,
	})
	return before, after, err
}
