package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hostfront/app/apptest"
	"hostfront/sandbox/ljpc"

	"github.com/gavv/httpexpect/v2"
)

const night = 24 * time.Hour

// compared runs the nightly comparison and gives its report.
func (f *front) compared() *httpexpect.Value {
	f.t.Helper()
	run := f.staff().post("/v1/admin/jobs/upstream.compare/run", nil, http.StatusOK)
	run.Path("$.state").IsEqual("done")
	f.drain()
	return run.Path("$.report")
}

// asked are the open questions to the operator, as code and what they are about.
func (f *front) asked() string {
	f.t.Helper()
	var all []string
	for _, item := range f.staff().get("/v1/admin/tasks?state=held&kind=operator.review&limit=100").Path("$.items").Array().Iter() {
		all = append(all, text(&item, "payload.code")+" "+text(&item, "payload.about"))
	}
	return strings.Join(all, ", ")
}

func (f *front) wantAsked(want string) {
	f.t.Helper()
	if got := f.asked(); got != want {
		f.t.Errorf("asked is %q, want %q", got, want)
	}
}

func (f *front) rings(code string) bool {
	f.t.Helper()
	for _, item := range f.staff().get("/v1/admin/alarms?limit=100").Path("$.items").Array().Iter() {
		if text(&item, "code") == code {
			return true
		}
	}
	return false
}

func TestWhatIsPaidForUpstreamAndNobodyHasIsAskedAboutUntilItHasGone(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	f.compared()
	f.wantAsked("")
	f.LJPC.GiveDomain("nobodys.nl")
	site := fmt.Sprint(f.LJPC.GiveSite("nobodys.nl"))
	f.compared().Path("$.counts.domain_unowned").IsEqual(1)
	f.wantAsked("domain_unowned ljpc:nobodys.nl, site_unowned ljpc:" + site)
	f.compared()
	f.wantAsked("domain_unowned ljpc:nobodys.nl, site_unowned ljpc:" + site)

	f.LJPC.TakeDomain("nobodys.nl")
	f.compared().Path("$.counts.ended").IsEqual(1)
	f.wantAsked("site_unowned ljpc:" + site)
}

func TestTheOperatorsOwnNamesArePassedOver(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	staff := f.staff()
	f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	f.LJPC.GiveDomain("operator.nl")
	f.compared()
	f.wantAsked("domain_unowned ljpc:operator.nl")
	own := map[string]any{"upstream": "ljpc", "kind": "domain", "subjects": []string{"Operator.nl"}, "note": "our own site"}
	staff.put("/v1/admin/upstream/own", own, http.StatusNoContent)
	f.audited(t, "ljpc", "upstream.own")
	f.wantAsked("")
	f.compared().Path("$.counts.ignored").IsEqual(1)
	f.wantAsked("")
	staff.get("/v1/admin/upstream/own").Path("$.items[0].subject").IsEqual("operator.nl")
	own["upstream"] = "nowhere"
	staff.refused(http.MethodPut, "/v1/admin/upstream/own", own, http.StatusUnprocessableEntity, "invalid_fields")
	staff.call(http.MethodDelete, "/v1/admin/upstream/own/ljpc/domain/operator.nl", nil, http.StatusNoContent)
	staff.refused(http.MethodDelete, "/v1/admin/upstream/own/ljpc/domain/operator.nl", nil, http.StatusNotFound, "not_found")
	f.compared()
	f.wantAsked("domain_unowned ljpc:operator.nl")
}

func TestACustomersNameThatIsGoneUpstreamIsAskedAbout(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	f.registered(buyer, "anna@example.com", "anna-visser.nl")
	f.registered(buyer, "anna@example.com", "anna-elders.nl")
	f.LJPC.TakeDomain("anna-elders.nl")
	f.compared()
	f.wantAsked("") // what was delivered today may be missing in a list
	f.pass(2 * night)
	f.wantAsked("domain_gone ljpc:anna-elders.nl")
	held := f.held(t, "operator.review")
	f.staff().post("/v1/admin/tasks/"+held+"/cancel", map[string]any{"note": "moved away, the service is ended by hand"}, http.StatusOK)
	f.staff().get("/v1/admin/tasks/" + held + "/journal").Path("$.items[0].notes[0].value").String().Contains("moved away")
	f.pass(2 * night)
	f.wantAsked("")
}

func TestHalfAnAnswerChangesNothingAndRings(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	f.pass(2 * night)
	for name, fault := range map[string]ljpc.Fault{
		"half the JSON": {Op: "domains.list", Kind: ljpc.FaultCutJSON, Times: -1},
		"a web page":    {Op: "domains.list", Kind: ljpc.FaultHTML, Times: -1},
		"no answer":     {Op: "domains.list", Kind: ljpc.FaultDropAfter, Times: -1},
	} {
		f.LJPC.Faults(fault)
		f.compared().Path("$.skipped_count").IsEqual(1)
		if !f.rings("upstream.unread") {
			t.Errorf("%s: nobody is told", name)
		}
		f.wantAsked("")
		f.LJPC.ClearFaults()
		f.compared()
		if f.rings("upstream.unread") {
			t.Errorf("%s: the alarm goes on although the list was read", name)
		}
	}
	f.LJPC.TakeDomain("anna-visser.nl") // the list is empty then
	f.compared()
	f.wantAsked("")
	if !f.rings("upstream.unread") {
		t.Error("an empty list is believed")
	}
}

func TestAFloodOfDifferencesIsOneAlarm(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	for i := range 60 {
		f.LJPC.GiveDomain(fmt.Sprintf("flood%d.nl", i))
	}
	f.compared().Path("$.counts.domain_unowned").IsEqual(60)
	f.wantAsked("")
	if !f.rings("upstream.too_many_differences") {
		t.Error("nobody is told")
	}
}

// near brings a name's expiry near: thirty days from now, as the operator has been told.
func (f *front) near(name string) {
	f.t.Helper()
	f.LJPC.ChangeDomain(name, func(d *ljpc.Domain) { d.ExpiresAt = f.App.Clock.Now().Add(30 * night) })
	f.compared()
	for _, item := range f.staff().get("/v1/admin/tasks?state=held&kind=operator.review&limit=100").Path("$.items").Array().Iter() {
		if text(&item, "payload.code") == "expiry_differs" {
			f.staff().post("/v1/admin/tasks/"+text(&item, "id")+"/settle", map[string]any{"outcome": "done", "note": "so it is"}, http.StatusOK)
		}
	}
}

func TestARenewalThatIsNotWantedIsSwitchedOffBeforeItCosts(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	id := f.registered(buyer, "anna@example.com", "anna-visser.nl")
	f.near("anna-visser.nl")
	sub := text(buyer.get("/v1/services/"+id), "subscription_id")
	buyer.post("/v1/subscriptions/"+sub+"/cancel", nil, http.StatusOK)
	renewed := func() int {
		for _, d := range f.LJPC.Domains() {
			if d.Name == "anna-visser.nl" {
				return d.Renewals
			}
		}
		return 0
	}
	f.pass(35 * night)
	if n := renewed(); n != 0 {
		t.Errorf("it was renewed %d times after the customer had cancelled", n)
	}
	f.wantAsked("")
}

func TestARenewalThatTheUpstreamWillNotSwitchOffIsAskedAbout(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	id := f.registered(buyer, "anna@example.com", "anna-visser.nl")
	f.near("anna-visser.nl")
	sub := text(buyer.get("/v1/services/"+id), "subscription_id")
	buyer.post("/v1/subscriptions/"+sub+"/cancel", nil, http.StatusOK)
	f.LJPC.Withhold(apptest.UpstreamKey, ljpc.PermissionUpdateDomains)
	f.compared()
	f.wantAsked("domain_renews ljpc:anna-visser.nl")
	question := f.staff().get("/v1/admin/tasks/" + f.held(t, "operator.review"))
	question.Path("$.payload.deadline").String().NotEmpty()
	f.pass(12 * night)
	if !f.rings("review.deadline") {
		t.Error("the deadline comes and nobody is told")
	}
	f.LJPC.ChangeDomain("anna-visser.nl", func(d *ljpc.Domain) { d.AutoRenew = false })
	f.pass(night)
	f.wantAsked("")
	if f.rings("review.deadline") {
		t.Error("the alarm outlives the question")
	}
}

func TestANameThatWouldLapseAlthoughItIsPaidForIsAskedAbout(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	f.LJPC.ChangeDomain("anna-visser.nl", func(d *ljpc.Domain) { d.AutoRenew = false })
	f.compared()
	f.wantAsked("") // there is time
	f.near("anna-visser.nl")
	f.wantAsked("domain_stops ljpc:anna-visser.nl")
}

func TestAHoldIsToldToTheCustomerOnceAndWhenItIsOver(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	id := f.registered(buyer, "anna@example.com", "anna-visser.nl")
	told := func(template string) (n int) {
		for _, item := range f.staff().get("/v1/admin/mails?limit=100").Path("$.items").Array().Iter() {
			if text(&item, "template") == template {
				n++
			}
		}
		return n
	}
	buyer.get("/v1/services/" + id).Object().NotContainsKey("hold")
	f.LJPC.ChangeDomain("anna-visser.nl", func(d *ljpc.Domain) { d.Hold = "clientHold,Pending Verification" })
	f.pass(3 * night)
	buyer = f.signIn("anna@example.com")
	buyer.get("/v1/services/" + id).Path("$.hold.code").IsEqual("verification")
	buyer.get("/v1/services").Path("$.items[0].hold.code").IsEqual("verification")
	f.LJPC.ChangeDomain("anna-visser.nl", func(d *ljpc.Domain) { d.Hold = "" })
	f.pass(2 * night)
	f.signIn("anna@example.com").get("/v1/services/" + id).Object().NotContainsKey("hold")
	if told("domain_held") != 1 || told("domain_released") != 1 {
		t.Errorf("told %d times of the hold and %d times of its end", told("domain_held"), told("domain_released"))
	}
}

func TestAnExpiryFollowsTheUpstreamsAndWhatCannotBeIsAskedAbout(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	buyer := f.customer("anna@example.com")
	id := f.registered(buyer, "anna@example.com", "anna-visser.nl")
	shown := func(want time.Time) {
		t.Helper()
		buyer.get("/v1/services/" + id).Path("$.expires_at").IsEqual(want.UTC().Format(time.RFC3339Nano))
	}
	var at time.Time
	moved := func(years, hours int) {
		f.LJPC.ChangeDomain("anna-visser.nl", func(d *ljpc.Domain) {
			d.ExpiresAt = d.ExpiresAt.AddDate(years, 0, 0).Add(time.Duration(hours) * time.Hour)
			at = d.ExpiresAt
		})
	}
	moved(0, 1)
	f.compared().Path("$.counts.expiries_moved").IsEqual(1)
	shown(at)
	f.wantAsked("")
	right := at
	moved(30, 0)
	f.compared().Path("$.skipped_count").IsEqual(0)
	shown(right)
	f.wantAsked("expiry_differs ljpc:anna-visser.nl")
	moved(-29, 0)
	f.compared()
	shown(at) // a year more
	f.wantAsked("")
	moved(-1, 0)
	f.compared()
	shown(at) // and the year is gone again
	f.wantAsked("expiry_differs ljpc:anna-visser.nl")
	f.compared()
	f.wantAsked("expiry_differs ljpc:anna-visser.nl") // until a person answers, or it is there
	moved(1, 0)
	f.compared()
	f.wantAsked("")
}

func TestAYearThatWasRenewedInThePanelLongBeforeItsBillIsBilledAndNotRenewedAgain(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	f.pass(310 * night) // ten before its year is billed
	f.LJPC.RenewDomain("anna-visser.nl")
	f.compared()
	if !f.rings("renewed_early") {
		t.Error("nobody is told of a year that was renewed and is not billed")
	}
	f.pass(60 * night)
	if f.rings("renewed_early") {
		t.Error("the alarm outlives the bill")
	}
	buyer := f.signIn("anna@example.com")
	bills := buyer.get("/v1/invoices").Path("$.items").Array()
	bills.Length().IsEqual(2)
	for _, bill := range bills.Iter() {
		bill.Path("$.state").IsEqual("paid")
	}
	buyer.get("/v1/subscriptions").Path("$.items[0].state").IsEqual("active")
	if d := f.LJPC.Domains()[0]; d.Renewals != 1 {
		t.Errorf("it was renewed %d times", d.Renewals)
	}
	f.staff().get("/v1/admin/tasks?kind=domain.renewal").Path("$.items[*].state").Array().IsEqual([]any{"done"})
}

func TestAQuestionAboutALostYearEndsWhenTheNameIsWhereItWas(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	id := f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	at := f.LJPC.Domains()[0].ExpiresAt
	set := func(at time.Time) {
		f.staff().put("/v1/admin/services/"+id+"/expiry", map[string]any{"expires_at": at}, http.StatusNoContent)
	}
	f.LJPC.ChangeDomain("anna-visser.nl", func(d *ljpc.Domain) { d.ExpiresAt = at.AddDate(0, -6, 0) })
	f.compared()
	f.wantAsked("expiry_differs ljpc:anna-visser.nl")
	f.compared()
	f.wantAsked("expiry_differs ljpc:anna-visser.nl") // the two agree, and half a year is missing
	set(at)
	f.LJPC.ChangeDomain("anna-visser.nl", func(d *ljpc.Domain) { d.ExpiresAt = at })
	f.compared()
	f.wantAsked("")
}

func TestAnExpiryThatCannotBeIsNotTakenFromStaff(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	id := f.registered(f.customer("anna@example.com"), "anna@example.com", "anna-visser.nl")
	now := f.App.Clock.Now()
	for _, at := range []time.Time{{}, time.Unix(0, 0), now, now.Add(-night), now.AddDate(11, 1, 0), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)} {
		p := f.staff().refused(http.MethodPut, "/v1/admin/services/"+id+"/expiry", map[string]any{"expires_at": at.UTC()}, http.StatusUnprocessableEntity, "invalid_fields")
		if p.codeOf("expires_at") != "out_of_range" {
			t.Errorf("%s: %+v", at, p)
		}
	}
}
