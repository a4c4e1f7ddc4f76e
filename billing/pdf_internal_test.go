package billing

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"hostfront/money"

	"github.com/shopspring/decimal"
)

// A credit note says which invoice it corrects and why; the VAT is summed up by rate.
func TestPDFOfACreditNoteNamesWhatItCorrects(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	line := func(what string, net, vat, rate int64) Line {
		return Line{Description: what, Net: money.New(net, money.EUR), VAT: money.New(vat, money.EUR), VATRate: decimal.NewFromInt(rate)}
	}
	s := sheet{corrects: "INV2026-000001 of 2026-01-31", ordered: "260131-7K3Q9X", inv: Invoice{
		ID: "crn_golden", CreditNote: true, State: InvoicePaid, Number: "CN2026-000001", Reason: "The name was taken.",
		Net: money.New(-2500, money.EUR), VAT: money.New(-345, money.EUR), Gross: money.New(-2845, money.EUR), IssuedAt: at, NumberedAt: at,
		Seller: Seller{
			Name: "A seller of hosting with a name that does not fit into half of a page B.V.", Street: "Kade 1", City: "Amsterdam", Country: "NL",
			VATID: "NL001234567B01", Registration: "KvK 12345678", IBAN: "NL91ABNA0417164300", BIC: "ABNANL2A",
		},
		Buyer: Buyer{Name: "Zoë Jansen", Company: "Firma Groß GmbH", Country: "DE", VATID: "DE123456789"},
		Lines: []Line{line("Hosting S", -1000, -210, 21), line("A book", -1500, -135, 9)},
	}}
	if rates := ratesOf(s.inv); len(rates) != 2 || rates[1].net != money.New(-1500, money.EUR) || rates[1].vat != money.New(-135, money.EUR) {
		t.Errorf("by rate it is %v", rates)
	}
	got, err := s.render()
	if err != nil {
		t.Fatal(err)
	}
	const kept = "testdata/credit_note.pdf"
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(kept, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(kept); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is rendered: look at it after `go test ./billing -run PDF -update`: %v", kept, err)
	}
}
