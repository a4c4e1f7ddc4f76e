package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/catalog"
	sandbox "hostfront/sandbox/ljpc"
	"hostfront/upstream"
)

// offers says that a service's actions have these.
func (c caller) offers(service string, actions ...string) bool {
	c.t.Helper()
	var listed []string
	for _, a := range c.get("/v1/services/" + service).Path("$.actions").Array().Iter() {
		listed = append(listed, a.String().Raw())
	}
	return !slices.ContainsFunc(actions, func(a string) bool { return !slices.Contains(listed, a) })
}

// lacking is what /readyz says that the upstream's key lacks; empty when it is well.
func (f *front) lacking() string {
	f.t.Helper()
	for _, check := range f.visitor().get("/readyz").Path("$.checks").Array().Iter() {
		if text(&check, "name") == "permissions" && !check.Path("$.ok").Boolean().Raw() {
			check.Path("$.needed").IsEqual(false)
			return text(&check, "detail")
		}
	}
	return ""
}

func (f *front) wantNoHeldTask() {
	f.t.Helper()
	f.drain()
	f.staff().get("/v1/admin/tasks?state=held").Path("$.items").Array().IsEmpty()
	f.staff().get("/v1/admin/tasks?state=ready").Path("$.items").Array().IsEmpty()
}

func TestDNSWithoutItsPermissionIsOffAndComesBack(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	name := f.registered(buyer, "anna@example.com", "anna-visser.nl")
	path := "/v1/services/" + name + "/dns"
	f.LJPC.Withhold(apptest.UpstreamKey, sandbox.PermissionDNS)
	for range 2 {
		buyer.refused(http.MethodPut, path, zone(""), http.StatusConflict, "feature_unavailable")
	}
	f.wantNoHeldTask()
	if buyer.offers(name, "dns") || buyer.offers(name, "replace_dns") || !buyer.offers(name, "nameservers", "auth_code") {
		t.Error("DNS is offered, or something else is not")
	}
	if !f.rings(upstream.AlarmPermission) || f.lacking() != "the upstream's key lacks: "+sandbox.PermissionDNS {
		t.Errorf("the operator is not told: %q", f.lacking())
	}
	f.LJPC.Grant(apptest.UpstreamKey, sandbox.PermissionDNS)
	buyer.call(http.MethodPut, path, zone(""), http.StatusOK).JSON().Path("$.pending").IsEqual(false)
	buyer.get(path).Path("$.records").Array().Length().IsEqual(2)
	if !buyer.offers(name, "dns", "replace_dns") {
		t.Error("DNS is not offered although it works")
	}
	if f.rings(upstream.AlarmPermission) || f.lacking() != "" {
		t.Errorf("the alarm outlives the permission's absence: %q", f.lacking())
	}
}

func TestNameserversWithoutTheirPermissionAreOffAndOfferedAgainAfterAWhile(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	name := f.registered(buyer, "anna@example.com", "anna-visser.nl")
	path := "/v1/services/" + name + "/nameservers"
	hosts := map[string]any{"nameservers": []string{"ns1.example.net", "ns2.example.net"}}
	f.LJPC.Withhold(apptest.UpstreamKey, sandbox.PermissionUpdateDomains)
	buyer.refused(http.MethodPut, path, hosts, http.StatusConflict, "feature_unavailable")
	f.wantNoHeldTask()
	if buyer.offers(name, "nameservers") || !buyer.offers(name, "dns", "auth_code") {
		t.Error("nameservers are offered, or something else is not")
	}
	f.Restart()
	if buyer = f.signIn("anna@example.com"); buyer.offers(name, "nameservers") || f.lacking() == "" {
		t.Error("a restart forgets what the key may not do")
	}
	f.LJPC.Grant(apptest.UpstreamKey, sandbox.PermissionUpdateDomains)
	f.Steady.Advance(upstream.DeniedFor)
	if !buyer.offers(name, "nameservers") {
		t.Error("nameservers are never offered again")
	}
	buyer.call(http.MethodPut, path, hosts, http.StatusOK).JSON().Path("$.pending").IsEqual(false)
	buyer.get(path).Path("$.nameservers[0]").IsEqual("ns1.example.net")
	if f.rings(upstream.AlarmPermission) || f.lacking() != "" {
		t.Errorf("the alarm outlives the permission's absence: %q", f.lacking())
	}
}

func TestWithoutThePermissionToListTLDsHostingIsMirrored(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	sync := func() {
		t.Helper()
		f.staff().post("/v1/admin/jobs/catalog.sync/run", nil, http.StatusOK).Path("$.state").IsEqual("done")
	}
	tlds := func() int { return len(f.visitor().get("/v1/catalog/tlds?limit=100").Path("$.items").Array().Raw()) }
	had := tlds()
	f.LJPC.Withhold(apptest.UpstreamKey, sandbox.PermissionTLDs)
	added := f.LJPC.Products()[0]
	added.UUID, added.Name = "7f0c9a52-1d4e-4b8a-9c11-0000000000ff", "Another 10 GB"
	f.LJPC.SetProduct(added)
	sync()
	f.visitor().get("/v1/catalog/products?limit=100").Path("$.items[*].name").Array().ContainsAny(added.Name)
	if tlds() != had {
		t.Errorf("%d TLDs are on sale, and were %d", tlds(), had)
	}
	if !f.rings(upstream.AlarmPermission) || f.rings(catalog.AlarmSyncFailed) {
		t.Error("the missing permission is not what rings")
	}
	f.LJPC.Grant(apptest.UpstreamKey, sandbox.PermissionTLDs)
	sync()
	if f.rings(upstream.AlarmPermission) {
		t.Error("the alarm outlives the permission's absence")
	}
}

func TestNamesAreNotSoldWhileTheirPermissionIsMissing(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	cart := func(domain string) map[string]any {
		return map[string]any{"lines": []any{map[string]any{"action": "register", "domain": domain, "years": 1}}}
	}
	hosting := map[string]any{"lines": []any{map[string]any{"product_id": text(f.visitor().get("/v1/catalog/products?kind=hosting").Path("$.items[0]"), "id"), "cycle": "month", "domain": "anna-visser.nl"}}}
	for _, permission := range []string{sandbox.PermissionCheck, sandbox.PermissionPrice} {
		f.LJPC.Withhold(apptest.UpstreamKey, permission)
		buyer.refused(http.MethodPost, "/v1/quotes", cart("first-name.nl"), http.StatusConflict, "feature_unavailable")
		if want := "the upstream's key lacks: " + permission; f.lacking() != want {
			t.Errorf("/readyz says %q, want %q", f.lacking(), want)
		}
		buyer.post("/v1/quotes", hosting, http.StatusCreated)
		f.LJPC.Grant(apptest.UpstreamKey, permission)
		f.Steady.Advance(upstream.DeniedFor)
		quote := text(buyer.post("/v1/quotes", cart("first-name.nl"), http.StatusCreated), "id")
		f.LJPC.Withhold(apptest.UpstreamKey, permission)
		buyer = buyer.once("order without " + permission)
		buyer.refused(http.MethodPost, "/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusConflict, "feature_unavailable")
		buyer.refused(http.MethodPost, "/v1/quotes", cart("second-name.nl"), http.StatusConflict, "feature_unavailable")
		f.visitor().get("/v1/domains/check?name=third-name.nl").Path("$.items[0].price").IsNull()
		f.LJPC.Grant(apptest.UpstreamKey, permission)
		f.Steady.Advance(upstream.DeniedFor)
		buyer.post("/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusCreated)
		if f.rings(upstream.AlarmPermission) {
			t.Errorf("the alarm outlives that %s was missing", permission)
		}
		f.pass(2 * night) // the order lapses, and the name is free again
		buyer = f.signIn("anna@example.com")
	}
}

func TestWhatCannotBeBoughtIsHeldOnceAndNotSoldOn(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	f.LJPC.Withhold(apptest.UpstreamKey, sandbox.PermissionRegister)
	one := map[string]any{"lines": []any{map[string]any{"action": "register", "domain": "anna-visser.nl", "years": 1}}}
	quote := text(buyer.post("/v1/quotes", one, http.StatusCreated), "id")
	placed := buyer.once("a name").post("/v1/orders", checkout(quote, "anna@example.com", "sandbox"), http.StatusCreated)
	f.press(text(placed, "payment.next_action.url"), "pay")
	held := f.held(t, "domain.register")
	buyer = f.signIn("anna@example.com")
	buyer.refused(http.MethodPost, "/v1/quotes", one, http.StatusConflict, "feature_unavailable")
	f.LJPC.Grant(apptest.UpstreamKey, sandbox.PermissionRegister)
	f.staff().post("/v1/admin/tasks/"+held+"/retry", nil, http.StatusOK)
	f.pass(time.Hour)
	f.wantNoHeldTask()
	buyer = f.signIn("anna@example.com")
	buyer.get("/v1/orders/" + text(placed, "order.id")).Path("$.state").IsEqual("completed")
	one["lines"].([]any)[0].(map[string]any)["domain"] = "other-name.nl"
	buyer.post("/v1/quotes", one, http.StatusCreated)
}
