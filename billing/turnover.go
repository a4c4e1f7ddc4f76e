package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hostfront/db"
	"hostfront/event"
	"hostfront/money"
	"hostfront/tax"
)

// TurnoverReport is what CheckTurnover found.
type TurnoverReport struct {
	Year int `json:"year"`
	// Turnover is what was sold this year, net, to EU consumers abroad at the seller's own
	// VAT; credit notes count against it.
	Turnover money.Amount `json:"turnover"`
}

// countTurnover keeps a document that is being numbered, if it counts toward the threshold
// of the small seller.
func (b *Billing) countTurnover(ctx context.Context, q *db.Queries, doc db.Invoice, at time.Time) error {
	t := tax.Treatment{Kind: doc.VatKind, Country: doc.VatCountry}
	if t.Kind != tax.Domestic {
		return nil
	}
	var buyer Buyer
	if err := json.Unmarshal([]byte(doc.Buyer), &buyer); err != nil {
		return fmt.Errorf("buyer of %s: %w", doc.ID, err)
	}
	if !t.UnderThreshold(buyer.Country) {
		return nil
	}
	err := q.CrossBorderInsert(ctx, db.CrossBorderInsertParams{DocumentID: doc.ID, SoldYear: int64(at.Year()), Net: doc.Net})
	return wrap(err, "count the turnover of "+doc.ID)
}

// CheckTurnover holds this year's turnover against the threshold, and alarms when it is
// passed: from that sale on the VAT of the customer's country is due. The scheme is the
// operator's to change. A shop of another currency than the threshold's has the figure
// and no alarm.
func (b *Billing) CheckTurnover(ctx context.Context) (TurnoverReport, error) {
	year := b.clock.Now().Year()
	net, err := b.store.Read().CrossBorderTurnover(ctx, int64(year))
	if err != nil {
		return TurnoverReport{}, fmt.Errorf("turnover of %d: %w", year, err)
	}
	report := TurnoverReport{Year: year, Turnover: money.New(net, b.currency)}
	if b.currency != tax.Threshold.Currency || net <= tax.Threshold.Minor {
		return report, nil
	}
	return report, b.store.Tx(ctx, func(q *db.Queries) error {
		return b.events.Raise(ctx, q, event.Alarm{
			Code: "vat_threshold", Subject: fmt.Sprint(year),
			Message: fmt.Sprintf("%s was sold this year to EU consumers abroad, more than %s: register for OSS and change the VAT scheme.",
				report.Turnover, tax.Threshold),
		})
	})
}
