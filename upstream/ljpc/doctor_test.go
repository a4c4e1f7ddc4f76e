package ljpc_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
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
	order := strconv.FormatInt(b.sandbox.Orders()[0].ID, 10)
	before := len(b.sandbox.Effects())
	report, err := b.client.Doctor(t.Context(), order)
	if err != nil || !report.Healthy() || report.Mismatches != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, c := range report.Checks {
		if len(c.Missing) != 0 || len(c.Words) != 0 {
			t.Errorf("%s misses %v and says %v", c.Operation, c.Missing, c.Words)
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
	report, err := b.client.Doctor(t.Context(), "")
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
	report, err = b.client.Doctor(t.Context(), "")
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
	report, err := client.Doctor(t.Context(), "")
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

// stranger answers as LJPc might, under names that the document does not give.
func stranger(t *testing.T, answers map[string]string) *ljpc.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for path, data := range answers {
			if strings.HasSuffix(r.URL.Path, path) {
				_, _ = w.Write([]byte(`{"success":true,"jti":"x","data":` + data + `}`))
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"success":false,"jti":"x","message":"no"}`))
	}))
	t.Cleanup(server.Close)
	client, err := ljpc.New(ljpc.Config{BaseURL: server.URL, APIKey: testKey})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	return client
}

func TestDoctorLooksInsideWhatItFinds(t *testing.T) {
	t.Parallel()
	client := stranger(t, map[string]string{
		"/check":        `{"hostfront-doctor.nl":"free","hostfront-doctor.com":"vrij"}`,
		"/price":        `{"hostfront-doctor.nl":{"price":{"cents":424,"iso":"EUR"},"premium":false},"hostfront-doctor.com":null}`,
		"/domain-names": `[{"domain":"a.nl"}]`,
		"/records":      `{"zone":{"fqdn":"a.nl"},"records":[{"rtype":"A","host":"@","content":"192.0.2.1"}]}`,
		"/orders/10003": `{"order":{"id":10003,"simple_status":"afgerond"},"provisioning":{"overall":"completed","lines":[{"phase":"done","site":5}]}}`,
	})
	report, err := client.Doctor(t.Context(), "10003")
	if err != nil || report.Healthy() {
		t.Errorf("healthy, %v", err)
	}
	for op, want := range map[string]ljpc.Check{
		ljpc.OpCheck: {Result: "ok", Words: []string{`"free"`, `"vrij"`}},
		ljpc.OpPrice: {Result: "unreadable", Missing: []string{"assumed: price.amount", "assumed: price.currency"}, Unknown: []string{"price.cents", "price.iso"}},
		ljpc.OpZone: {Result: "ok", Missing: []string{"zone.domain", "zone.source", "records.type", "records.name", "records.ttl", "records.prio"},
			Unknown: []string{"zone.fqdn", "records.host", "records.rtype"}},
		ljpc.OpOrder: {Result: "ok", Missing: []string{"provisioning.lines.state", "provisioning.lines.site_id"},
			Unknown: []string{"provisioning.lines.phase", "provisioning.lines.site"}, Words: []string{`simple_status "afgerond"`}},
	} {
		got := checkOf(t, report, op)
		if got.Result != want.Result || !slices.Equal(got.Missing, want.Missing) || !slices.Equal(got.Unknown, want.Unknown) || !slices.Equal(got.Words, want.Words) {
			t.Errorf("%s: %+v, want %+v", op, got, want)
		}
	}
}

func TestDoctorSaysWhatItCouldNotLookAt(t *testing.T) {
	t.Parallel()
	client := stranger(t, map[string]string{
		"/domain-names": `[{"domain":"a.nl"}]`, "/records": `{"zone":{"domain":"a.nl","source":"manual"},"records":[]}`,
		"/price": `{"hostfront-doctor.nl":{"amount":"4.24","currency":"EUR","premium":false}}`,
		"/check": `{"hostfront-doctor.nl":"available"}`,
	})
	report, err := client.Doctor(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for op, says := range map[string]string{
		ljpc.OpOrder: "were not looked at", ljpc.OpZone: "Nothing is in records", ljpc.OpCheck: "nothing is said about hostfront-doctor.com",
	} {
		if c := checkOf(t, report, op); !strings.Contains(c.Note, says) {
			t.Errorf("%s: %+v, want %q", op, c, says)
		}
	}
	if c := checkOf(t, report, ljpc.OpPrice); c.Result != "ok" || !slices.Equal(c.Missing, []string{"assumed: price"}) || len(c.Unknown) != 0 {
		t.Errorf("money that lies in the open: %+v", c)
	}
}
