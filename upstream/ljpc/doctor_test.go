package ljpc_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
	"hostfront/upstream/ljpc"
)

func checkOf(t *testing.T, r ljpc.Report, op string) ljpc.Check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Operation == op {
			return c
		}
	}
	t.Fatalf("the doctor did not look at %s", op)
	return ljpc.Check{}
}

func TestDoctorFindsNothingMissingInTheSandboxAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	registered(t, b, "dokter.nl")
	finished(t, b, hosting(product(t, b, upstream.KindHosting, upstream.BillingMonthly), "dokter.nl", ""))
	before := len(b.sandbox.Effects())
	report, err := b.client.Doctor(t.Context())
	if err != nil || !report.Healthy() || report.Mismatches != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, c := range report.Checks {
		if len(c.Missing) != 0 {
			t.Errorf("%s misses %v", c.Operation, c.Missing)
		}
	}
	if c := checkOf(t, report, ljpc.OpDomain); !slices.Contains(c.Unknown, "registered_at") {
		t.Errorf("a field that is not read is not reported: %+v", c)
	}
	if c := checkOf(t, report, ljpc.OpLogin); c.Result != "skipped" {
		t.Errorf("%+v", c)
	}
	if len(b.sandbox.Effects()) != before || b.sandbox.Calls()[ljpc.OpLogin] != 0 || b.sandbox.Calls()[ljpc.OpAuthCode] != 0 {
		t.Error("the doctor changed something")
	}
}

func TestDoctorReportsPermissionByPermission(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.sandbox.Withhold(testKey, sandbox.PermissionSites, sandbox.PermissionViewOrders)
	report, err := b.client.Doctor(t.Context())
	if err != nil || report.Healthy() {
		t.Fatalf("healthy without permissions, %v", err)
	}
	for op, want := range map[string]string{
		ljpc.OpSites: "forbidden", ljpc.OpOrder: "forbidden", ljpc.OpTLDs: "ok", ljpc.OpContacts: "ok",
	} {
		if c := checkOf(t, report, op); c.Result != want {
			t.Errorf("%s: %+v, want %s", op, c, want)
		}
	}
	b.sandbox.Faults(sandbox.Fault{Kind: sandbox.FaultLoseKey, Times: -1})
	report, err = b.client.Doctor(t.Context())
	if err != nil || checkOf(t, report, ljpc.OpTLDs).Result != "unauthorized" {
		t.Errorf("without the key: %+v, %v", report, err)
	}
}

func TestDoctorNamesTheFieldsItDidNotFind(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/tlds"):
			_, _ = w.Write([]byte(`{"success":true,"jti":"x","data":[{"extension":"nl","amount":"4.99","transfer_supported":true}]}`))
		case strings.HasSuffix(r.URL.Path, "/products"):
			_, _ = w.Write([]byte(`{"items":[]}`))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"success":false,"jti":"x","message":"no"}`))
		}
	}))
	t.Cleanup(server.Close)
	client, err := ljpc.New(ljpc.Config{BaseURL: server.URL, APIKey: testKey})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	report, err := client.Doctor(t.Context())
	if err != nil || report.Healthy() {
		t.Fatal("healthy", err)
	}
	if c := checkOf(t, report, ljpc.OpTLDs); !slices.Equal(c.Missing, []string{"price"}) || !slices.Equal(c.Unknown, []string{"amount"}) {
		t.Errorf("%+v", c)
	}
	if c := checkOf(t, report, ljpc.OpProducts); c.Result != "unreadable" {
		t.Errorf("%+v", c)
	}
}
