package e2e

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// download reads a streamed file over the real listener, held against the document.
func (c caller) download(address string) string {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.URL+address, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := contract.holds(request, response, content); err != nil {
		c.t.Fatal(err)
	}
	return string(content)
}

func TestTheBooksOfAPeriodComeAsJSONAndAsFiles(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.bought("anna@example.com", "anna-visser.nl")
	staff := f.staff()
	now := f.App.Now()
	before, after := "until="+now.AddDate(0, -1, 0).Format(time.RFC3339), "from="+now.AddDate(0, 1, 0).Format(time.RFC3339)
	staff.get("/v1/admin/ledger?" + before).Path("$.accounts").Array().IsEmpty()
	staff.get("/v1/admin/ledger/entries?" + after).Path("$.items").Array().IsEmpty()
	later := staff.get("/v1/admin/ledger?" + after).Path("$.accounts[0]")
	later.Path("$.opening").IsEqual(later.Path("$.balance").Raw())

	for _, file := range []string{"trial-balance.csv", "journal.csv"} {
		body := staff.download("/v1/admin/ledger/" + file)
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || len(rows) < 5 || !strings.Contains(body, "\r\n") {
			t.Errorf("%s has %d rows: %v", file, len(rows), err)
		}
		staff.refused(http.MethodGet, "/v1/admin/ledger/"+file+"?from=yesterday", nil, http.StatusUnprocessableEntity, "invalid_fields")
		f.visitor().refused(http.MethodGet, "/v1/admin/ledger/"+file, nil, http.StatusUnauthorized, "token_required")
	}
}

func TestStaffTurnsMoneyInSuspenseIntoCreditOrSendsItBack(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer, staff := f.customer("anna@example.com"), f.staff()
	for _, reference := range []string{"bank 1", "bank 2"} {
		staff.post("/v1/admin/suspense", map[string]any{"amount": euros("7.00"), "reference": reference}, http.StatusNoContent)
	}
	items := staff.get("/v1/admin/suspense").Path("$.items").Array().Iter()
	first, second := "/v1/admin/suspense/"+text(&items[0], "id"), "/v1/admin/suspense/"+text(&items[1], "id")
	staff.post(first+"/credit", map[string]any{"customer_id": f.me(buyer)}, http.StatusOK).Path("$.for_credit").IsEqual(true)
	buyer.get("/v1/credit").Path("$.own.amount").IsEqual("7.00")
	staff.post(second+"/return", map[string]any{"note": "sent back at the bank"}, http.StatusNoContent)
	staff.refused(http.MethodPost, second+"/credit", map[string]any{"customer_id": f.me(buyer)}, http.StatusConflict, "suspense_assigned")
	f.audits(t, "suspense.credit.refused")
	f.drain()
}
