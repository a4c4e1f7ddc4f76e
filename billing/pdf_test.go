package billing_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a rendered document with the one that is kept.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is rendered: look at it after `go test ./billing -run PDF -update`", path)
	}
}

func TestPDFOfADocumentIsTheSameAtAnyTime(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	var inv billing.Invoice
	s.tx(func(q *db.Queries) (err error) {
		inv, err = s.billing.Issue(s.ctx, q, billing.InvoiceParams{
			ID: "inv_golden", CustomerID: c.ID, Subject: "ord_golden", Kind: billing.SaleInvoice,
			Lines: []billing.LineParams{
				{Description: "Hosting S for żółw.example", Subject: "oln_1", Net: eur(1000)},
				{Description: "Registration of żółw.example", Subject: "oln_2", Net: eur(899)},
				{Description: "Transfer of żółw.nl", Subject: "oln_3", Net: eur(500)},
			},
		})
		return err
	})
	s.ordered(inv)
	golden(t, "proforma.pdf", s.pdf(inv.ID))
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	golden(t, "invoice.pdf", s.pdf(inv.ID))
	s.advance(400 * 24 * time.Hour)
	golden(t, "invoice.pdf", s.pdf(inv.ID))
}

// ordered makes the order that an invoice is for.
func (s *shop) ordered(inv billing.Invoice) {
	s.t.Helper()
	s.tx(func(q *db.Queries) error {
		err := q.QuoteInsert(s.ctx, db.QuoteInsertParams{ID: "quo_1", CustomerID: inv.CustomerID, Country: "NL", Treatment: "{}", Currency: "EUR"})
		if err != nil {
			return err
		}
		err = q.OrderInsert(s.ctx, db.OrderInsertParams{
			ID: inv.Subject, Number: "260131-7K3Q9X", CustomerID: inv.CustomerID, QuoteID: "quo_1", InvoiceID: inv.ID, Gateway: "card", Currency: "EUR",
		})
		for i, l := range []db.OrderLineInsertParams{{Kind: "hosting", Cycle: "month"}, {Kind: "register", Cycle: "year", Years: 1}, {Kind: "transfer", Cycle: "year", Years: 1}} {
			if err == nil {
				l.OrderID, l.Position, l.ID, l.Description, l.Domain = inv.Subject, int64(i), fmt.Sprintf("oln_%d", i+1), "x", "x.example"
				err = q.OrderLineInsert(s.ctx, l)
			}
		}
		return err
	})
}

func (s *shop) pdf(id string) []byte {
	s.t.Helper()
	out, err := s.billing.InvoicePDF(context.Background(), id)
	s.must(err)
	return out
}

// A business elsewhere in the EU owes the VAT itself; a document of many lines goes on over
// the page, under the same head.
func TestPDFOfAnInvoiceToABusinessGoesOverThePage(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.company("DE", "DE123456789")
	s.confirmVAT(c, account.VATConfirmed)
	p := billing.InvoiceParams{ID: "inv_long", CustomerID: c.ID, Subject: "sub_long", Kind: billing.RenewalInvoice, DueAt: s.clock.Now().AddDate(0, 0, 14)}
	for i := range 34 {
		p.Lines = append(p.Lines, billing.LineParams{
			Description: fmt.Sprintf("Hosting %d, with a name that is so long that it does not fit in the column at all, for example-%d.example", i, i),
			Subject:     fmt.Sprintf("s%d", i), Net: eur(1000 + int64(i)), PeriodStart: s.clock.Now(), PeriodEnd: s.clock.Now().AddDate(1, 0, 0),
		})
	}
	var inv billing.Invoice
	s.tx(func(q *db.Queries) (err error) {
		inv, err = s.billing.Issue(s.ctx, q, p)
		return err
	})
	golden(t, "long.pdf", s.pdf(inv.ID))
	s.begin(inv, "transfer")
	golden(t, "long_transfer.pdf", s.pdf(inv.ID))
}

func TestPDFOfACreditNoteIsRendered(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("DE"), 1000)
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	note := s.pdf(s.notes(inv)[0].ID)
	if !bytes.HasPrefix(note, []byte("%PDF-")) {
		t.Fatalf("%d bytes that are no PDF", len(note))
	}
}
