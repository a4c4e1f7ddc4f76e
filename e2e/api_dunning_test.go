package e2e

import (
	"net/http"
	"testing"
)

func TestStaffReadsAndReplacesTheDunningPolicy(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	const path = "/v1/admin/dunning/policy"
	policy := staff.get(path)
	policy.Path("$.hosting[2].action").IsEqual("suspend")
	policy.Path("$.late_fee.amount").IsEqual("0.00")
	wanted := map[string]any{
		"hosting": []any{
			map[string]any{"name": "ask", "action": "remind", "after_days": 2, "notice_days": 0},
			map[string]any{"name": "fee", "action": "late_fee", "after_days": 5, "notice_days": 1},
			map[string]any{"name": "off", "action": "suspend", "after_days": 20, "notice_days": 10},
		},
		"domain":   []any{map[string]any{"name": "lapse", "action": "lapse", "after_days": 0, "notice_days": 0}},
		"late_fee": map[string]any{"amount": "5.00", "currency": "EUR"}, "after_termination": "keep", "written_off": "suspend",
		"notify_country_tlds": false, "lapse_grace_days": 30,
	}
	staff.put(path, wanted, http.StatusOK).IsEqual(wanted)
	staff.get(path).IsEqual(wanted)
	f.audits(t, "dunning.policy")
	for field, broken := range map[string]map[string]any{
		"hosting[0].action":     {"hosting": []any{map[string]any{"name": "x", "action": "lapse", "after_days": 0, "notice_days": 0}}},
		"hosting[0]":            {"hosting": []any{map[string]any{"name": "x", "action": "suspend", "after_days": 9, "notice_days": 9}}},
		"hosting[1].name":       {"hosting": []any{map[string]any{"name": "x", "action": "remind", "after_days": 1, "notice_days": 0}, map[string]any{"name": "x", "action": "remind", "after_days": 2, "notice_days": 0}}},
		"hosting[1].after_days": {"hosting": []any{map[string]any{"name": "x", "action": "remind", "after_days": 5, "notice_days": 0}, map[string]any{"name": "y", "action": "remind", "after_days": 2, "notice_days": 0}}},
		"domain[0].action":      {"domain": []any{map[string]any{"name": "x", "action": "terminate", "after_days": 9, "notice_days": 9}}},
		"domain[0].after_days":  {"domain": []any{map[string]any{"name": "x", "action": "lapse", "after_days": -9, "notice_days": 0}}},
		"late_fee":              {"late_fee": map[string]any{"amount": "0.00", "currency": "EUR"}},
	} {
		asked := map[string]any{}
		for name, value := range wanted {
			asked[name] = value
		}
		for name, value := range broken {
			asked[name] = value
		}
		refused := staff.refused(http.MethodPut, path, asked, http.StatusUnprocessableEntity, "invalid_fields")
		if len(refused.Errors) == 0 || refused.Errors[0].Field != field {
			t.Errorf("what is wrong with %s is told as %+v", field, refused.Errors)
		}
	}
	staff.get(path).IsEqual(wanted)
}

func TestStaffSeesWhatIsNotPaidAndGivesItUp(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	p := f.bought("anna@example.com", "anna-visser.nl")
	staff := f.staff()
	staff.get("/v1/admin/dunning").Path("$.items").Array().IsEmpty()
	paid := staff.get("/v1/admin/invoices/" + p.invoice + "/dunning")
	paid.Path("$.taken").Array().IsEmpty()
	paid.Path("$.due.amount").IsEqual("0.00")
	staff.get("/v1/admin/domain-notices?name=anna-visser.nl").Path("$.items").Array().IsEmpty()
	writeOff := "/v1/admin/invoices/" + p.invoice + "/write-off"
	staff.refused(http.MethodPost, writeOff, map[string]any{"note": "gone"}, http.StatusConflict, "invoice_state")
	staff.refused(http.MethodGet, "/v1/admin/invoices/none/dunning", nil, http.StatusNotFound, "not_found")

	_, invoice, _, _ := f.transferred(f.customer("bea@example.com"), "bea-visser.nl")
	f.drain()
	given := "/v1/admin/invoices/" + invoice + "/write-off"
	staff.post(given, map[string]any{"note": "never paid"}, http.StatusOK)
	f.drain()
	staff.get("/v1/admin/invoices/" + invoice).Path("$.state").IsEqual("void")
	f.audited(t, invoice, "invoice.write_off")
}
