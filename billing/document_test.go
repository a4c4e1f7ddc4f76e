package billing_test

import (
	"net/http"
	"testing"

	"hostfront/account"
	"hostfront/billing"
	"hostfront/db"
	"hostfront/fault"
	"hostfront/tax"

	"github.com/shopspring/decimal"
)

func TestPartiesAreFrozenOnTheDocument(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("NL")
	inv, _ := s.paid(c, 1000)
	name := "Another"
	_, err := s.accounts.Update(s.ctx, c.ID, account.Changes{FirstName: &name})
	s.must(err)
	if got := s.invoice(inv.ID); got.Buyer.Name != "Łukasz Jansen" || got.Seller.Name != "Shop BV" {
		t.Fatalf("the document names %q and %q", got.Buyer.Name, got.Seller.Name)
	}
}

func TestVATFollowsTheCustomersCountryOrTheQuote(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if inv := s.sale(s.customer("DE"), 1000); inv.VAT != eur(190) || inv.Treatment.Country != "DE" {
		t.Fatalf("VAT %s of %s", inv.VAT, inv.Treatment.Country)
	}
	if inv := s.sale(s.customer("US"), 1000); !inv.VAT.IsZero() || inv.Treatment.Note == "" {
		t.Fatalf("VAT %s, note %q", inv.VAT, inv.Treatment.Note)
	}
	var inv billing.Invoice
	s.tx(func(q *db.Queries) (err error) {
		inv, err = s.billing.Issue(s.ctx, q, billing.InvoiceParams{
			CustomerID: s.customerIn(q), Subject: "ord", Kind: billing.SaleInvoice,
			Treatment: &tax.Treatment{Kind: tax.OSS, Country: "HU", Rate: decimal.NewFromInt(27)},
			Lines:     []billing.LineParams{{Description: "x", Subject: "x", Net: eur(1000)}},
		})
		return err
	})
	if inv.VAT != eur(270) {
		t.Fatalf("VAT %s is not the quote's", inv.VAT)
	}
}

// customerIn finds any customer from inside a transaction.
func (s *shop) customerIn(q *db.Queries) string {
	s.t.Helper()
	rows, err := q.InvoicesPage(s.ctx, db.InvoicesPageParams{Oldest: "inv_", Before: "inv_zzzz", Page: 1})
	if err != nil || len(rows) == 0 {
		s.t.Fatal("no customer", err)
	}
	return rows[0].CustomerID
}

func TestWebhookWithoutASignatureIsRefused(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for gateway, code := range map[string]string{"card": "webhook_signature", "transfer": "not_found", "nobody": "not_found"} {
		if err := s.billing.ReceiveWebhook(s.ctx, gateway, http.Header{}, []byte("x")); !fault.Is(err, code) {
			t.Errorf("webhook of %s: %v", gateway, err)
		}
	}
}

func TestPartCreditOfAnUnpaidNumberedInvoiceLowersWhatIsDue(t *testing.T) {
	t.Parallel()
	s := setup(t)
	inv := s.sale(s.customer("NL"), 1000, 2000)
	s.tx(func(q *db.Queries) error { return s.billing.NumberAtSupply(s.ctx, q, inv.ID) })
	s.must(s.refundLine(inv, 0, billing.RefundAuto))
	if got := s.invoice(inv.ID); got.Due() != eur(2420) {
		t.Fatalf("due %s", got.Due())
	}
	p := s.begin(inv, "card")
	s.card.pay(p.ID, eur(2420), eur(0))
	s.hook(p.ID)
	s.wantState(inv.ID, billing.InvoicePaid)
}
