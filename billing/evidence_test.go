package billing_test

import (
	"testing"

	"hostfront/account"
)

func TestWhatDecidedTheVATIsFrozenOnTheDocument(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.customer("DE")
	company, vat := "Firma GmbH", "DE123456789"
	_, err := s.accounts.Update(s.ctx, c.ID, account.Changes{Company: &company, VATID: &vat})
	s.must(err)
	inv := s.sale(c, 1000)
	_, err = s.accounts.ConfirmVAT(s.ctx, c.ID, account.VATConfirmed)
	s.must(err)
	before, after := s.invoice(inv.ID).Buyer, s.invoice(s.sale(c, 1000).ID).Buyer
	if before.Country != "DE" || before.CountryFrom != "billing_address" || before.VATID != vat || before.VATStatus != account.VATPending {
		t.Fatalf("evidence %+v", before)
	}
	if after.VATStatus != account.VATConfirmed {
		t.Fatalf("evidence after the confirmation %+v", after)
	}
}
