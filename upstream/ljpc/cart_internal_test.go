package ljpc

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"hostfront/fault"
	"hostfront/upstream"
)

func TestPeriodStaysOutOfAnOrderThatLeavesNoChoice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ billing, cycle, want string }{
		{upstream.BillingMonthly, upstream.CycleMonth, ""}, {upstream.BillingMonthly, upstream.CycleYear, ""},
		{upstream.BillingYearly, upstream.CycleYear, ""}, {upstream.BillingYearly, "", ""},
		{upstream.BillingClientChoice, upstream.CycleYear, "yearly"}, {upstream.BillingClientChoice, upstream.CycleMonth, "monthly"},
		{"", upstream.CycleYear, "yearly"}, {"", "", ""},
	} {
		cart := map[string]any{}
		if err := addPeriod(cart, tt.cycle, tt.billing); err != nil {
			t.Errorf("%+v: %v", tt, err)
		}
		if got, _ := cart["billing_period"].(string); got != tt.want {
			t.Errorf("%+v sends %q", tt, got)
		}
	}
}

func TestProductThatIsListedTwiceSpoilsTheCatalogue(t *testing.T) {
	t.Parallel()
	const entry = `{"product_uuid":"u","category_identifier":"hosting_5gb","monthly_price":"1.00"}`
	if _, _, err := readProducts(asObject(mustDecode(t, `{"products":[`+entry+`,`+entry+`]}`))); err == nil {
		t.Error("a product was taken twice")
	}
}

// An answer counts for what it says of itself, whatever its status; one that
// contradicts itself says nothing.
func TestSuccessAndStatusMustAgree(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]fault.Result{
		`{"success":false,"jti":"j","message":"no"}`:     fault.Rejected,
		`{"success":true,"jti":"j","data":{"order":{}}}`: fault.Unknown,
	} {
		for _, status := range []int{http.StatusOK, http.StatusUnprocessableEntity} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
			}))
			t.Cleanup(server.Close)
			client, err := New(Config{BaseURL: server.URL, APIKey: "k"})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.CloseIdle)
			item := upstream.OrderItem{Type: upstream.ItemDomain, Action: upstream.ActionRegister, Domain: "a.nl"}
			_, err = client.PlaceOrder(t.Context(), upstream.OrderRequest{Lines: []upstream.OrderItem{item}})
			if got := fault.OutcomeOf(err).Result; err == nil || got != want {
				t.Errorf("status %d with %s is %v, want %s", status, body, err, want)
			}
		}
	}
}
