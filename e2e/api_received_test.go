package e2e

import (
	"net/http"
	"testing"
	"time"
)

func TestMoneyIsNotBookedBeforeItHasArrived(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	body := func(at time.Time) map[string]any {
		return map[string]any{"amount": map[string]any{"amount": "5.00", "currency": "EUR"}, "reference": "bank 1", "received_at": at.Format(time.RFC3339)}
	}
	now := f.Time.Now()
	p := staff.refused(http.MethodPost, "/v1/admin/suspense", body(now.Add(48*time.Hour)), http.StatusUnprocessableEntity, "invalid_fields")
	if code, _ := p.says("received_at"); code != "not_acceptable" {
		t.Errorf("money of the day after tomorrow: %+v", p.Errors)
	}
	staff.get("/v1/admin/suspense").Path("$.items").Array().IsEmpty()
	staff.post("/v1/admin/suspense", body(now), http.StatusNoContent)
}
