package billing_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

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
				{Description: "Hosting S for żółw.example", Subject: "a", Net: eur(1000), PeriodStart: s.clock.Now(), PeriodEnd: s.clock.Now().AddDate(0, 1, -3)},
				{Description: "Domain żółw.example, one year", Subject: "b", Net: eur(899)},
			},
		})
		return err
	})
	golden(t, "proforma.pdf", s.pdf(inv.ID))
	p := s.begin(inv, "card")
	s.card.pay(p.ID, inv.Gross, eur(0))
	s.hook(p.ID)
	golden(t, "invoice.pdf", s.pdf(inv.ID))
	s.advance(400 * 24 * time.Hour)
	golden(t, "invoice.pdf", s.pdf(inv.ID))
}

func (s *shop) pdf(id string) []byte {
	s.t.Helper()
	out, err := s.billing.InvoicePDF(context.Background(), id)
	s.must(err)
	return out
}

func TestPDFOfACreditNoteIsRendered(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv, _ := s.paid(s.customer("DE"), 1000)
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	s.work()
	if out := s.pdf(s.notes(inv)[0].ID); !bytes.HasPrefix(out, []byte("%PDF-")) {
		t.Fatalf("%d bytes that are no PDF", len(out))
	}
}
