package order

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"

	"hostfront/db"
)

// crockford leaves out the letters that are read as others.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// secretID is an id that cannot be guessed: whoever has it may read the thing.
func (o *Orders) secretID(prefix string) (string, error) {
	random := make([]byte, 20)
	if _, err := io.ReadFull(o.Entropy, random); err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return prefix + "_" + crockford.EncodeToString(random), nil
}

func (o *Orders) insertQuote(ctx context.Context, q *db.Queries, quote Quote) error {
	treatment, err := json.Marshal(quote.Treatment)
	if err != nil {
		return fmt.Errorf("VAT treatment of a quote: %w", err)
	}
	err = q.QuoteInsert(ctx, db.QuoteInsertParams{
		ID: quote.ID, CustomerID: quote.CustomerID, Country: quote.Country, Treatment: string(treatment),
		Currency: string(quote.Net.Currency), NetMinor: quote.Net.Minor, VatMinor: quote.VAT.Minor,
		ExpiresAt: db.At(quote.ExpiresAt), CreatedAt: db.At(quote.CreatedAt), UpdatedAt: o.now(),
	})
	if err != nil {
		return fmt.Errorf("insert quote: %w", err)
	}
	return insertQuoteLines(ctx, q, quote)
}

// replaceQuote changes a quote as a compare-and-set on its version.
func (o *Orders) replaceQuote(ctx context.Context, q *db.Queries, quote Quote) error {
	treatment, err := json.Marshal(quote.Treatment)
	if err != nil {
		return fmt.Errorf("VAT treatment of a quote: %w", err)
	}
	rows, err := q.QuoteReplace(ctx, db.QuoteReplaceParams{
		ID: quote.ID, FromVersion: quote.Version - 1, CustomerID: quote.CustomerID, Country: quote.Country,
		Treatment: string(treatment), Currency: string(quote.Net.Currency), NetMinor: quote.Net.Minor,
		VatMinor: quote.VAT.Minor, ExpiresAt: db.At(quote.ExpiresAt), UpdatedAt: o.now(),
	})
	if err != nil {
		return fmt.Errorf("replace quote: %w", err)
	}
	if rows == 0 {
		return quoteChanged(quote.Version)
	}
	if err := q.QuoteLinesDelete(ctx, quote.ID); err != nil {
		return fmt.Errorf("replace the lines of a quote: %w", err)
	}
	return insertQuoteLines(ctx, q, quote)
}

func insertQuoteLines(ctx context.Context, q *db.Queries, quote Quote) error {
	for i, l := range quote.Lines {
		err := q.QuoteLineInsert(ctx, db.QuoteLineInsertParams{
			QuoteID: quote.ID, Position: int64(i), ID: l.ID, Kind: l.Kind, Upstream: l.upstream, ProductID: l.ProductID,
			ProductRef: l.ref, Category: l.category, ClientChoice: l.clientChoice, Description: l.Description,
			Cycle: l.Cycle, Domain: l.Domain, Years: l.Years, TargetUrl: l.TargetURL, SpaceID: l.spaceID,
			AuthCodeSealed: l.authSealed, Premium: l.Premium, NetMinor: l.Net.Minor, VatMinor: l.VAT.Minor,
			SetupMinor: l.Setup.Minor, CostMinor: l.cost.Minor, RenewNetMinor: l.RenewNet.Minor,
			RenewVatMinor: l.RenewVAT.Minor, RenewCostMinor: l.renewCost.Minor, IntroPeriods: l.IntroPeriods, IntroOnce: l.introOnce,
		})
		if err != nil {
			return fmt.Errorf("insert a line of a quote: %w", err)
		}
	}
	return nil
}
