package e2e_test

import (
	"slices"
	"testing"
	"time"

	"hostfront/sandbox/ljpc"
	"hostfront/task"
)

// Others called a service active that was paid and was not there (PM #455, #782, H9).
func TestPaidButNotDeliveredIsVisible(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.w.LJPC.Faults(ljpc.Fault{Kind: ljpc.FaultStuckOrder})
	c.pay()
	c.pass(time.Hour)
	c.w.Time.Advance(24 * time.Hour)
	c.pass(time.Minute)
	c.wants("delivering", map[string]string{"register": "completed", "hosting": "delivering"})
	if got := c.active(); !slices.Equal(got, []string{"domain"}) {
		t.Errorf("active are %q", got)
	}
	if !c.alarmed("task.late") {
		t.Error("nobody is told that a paid package has not come for a day")
	}
	c.w.LJPC.Release(c.w.LJPC.Orders()[0].ID)
	c.pass(time.Hour)
	if c.alarmed("task.late") {
		t.Error("the alarm outlives its reason")
	}
	c.look()
	c.holds()
}

// Others marked the order active, tried once and forgot it (PM #889).
func TestAnUpstreamThatIsDownAtPurchaseIsToldAndDeliversLater(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.through("quote", c.quoting)
	c.through("order", c.ordering)
	c.w.LJPC.Faults(ljpc.Fault{Kind: ljpc.FaultServerError, Times: -1})
	c.paying()
	c.pass(5 * time.Hour)
	for _, l := range c.look().Lines {
		if l.State != "delivering" && l.State != "paid" {
			t.Errorf("the %s line is %s", l.Kind, l.State)
		}
	}
	if got := c.active(); len(got) > 0 {
		t.Errorf("active are %q of an upstream that is down", got)
	}
	if !c.alarmed("task.unavailable") {
		t.Error("nobody is told that the upstream is down")
	}
	c.w.LJPC.ClearFaults()
	c.pass(2 * time.Hour)
	c.look()
	c.holds()
}

// Others rolled the whole cart back with one line (FB #4103), or gave nothing back.
func TestOneFailedLineLeavesItsSiblingAloneAndIsRefundedWithACreditNote(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.w.LJPC.Faults(ljpc.Fault{Kind: ljpc.FaultFailLine})
	c.pay()
	c.pass(6 * time.Hour)
	c.wants("partly_failed", map[string]string{"register": "completed", "hosting": "failed"})
	lost := c.line("hosting").Gross
	notes := c.creditNotes()
	if len(notes) != 1 || notes[0].Gross != lost.Neg() || notes[0].CorrectsID != c.placed.Invoice.ID || notes[0].Number == "" {
		t.Errorf("credit notes %+v for a line of %s", notes, lost)
	}
	if c.sentBack() != lost || c.charged() != c.quote.Gross {
		t.Errorf("%s of %s was sent back, want %s", c.sentBack(), c.charged(), lost)
	}
	if got := c.active(); !slices.Equal(got, []string{"domain"}) {
		t.Errorf("active are %q", got)
	}
	mailsArrived(t, c.w)
	booksBalance(t, c.w)
	nothingIsLeftBut(t, c.w, task.Failed)
}

// Others rolled a payment back because a mail or a PDF of it could not be made (PM
// #1307), and lost mails for months (FB #2843).
func TestAMailServerThatIsDownHoldsUpNoDelivery(t *testing.T) {
	t.Parallel()
	c := openRoad(t)
	c.w.Post.Close()
	c.pay()
	c.pass(time.Hour)
	c.wants("completed", map[string]string{"register": "completed", "hosting": "completed"})
	if n := len(c.w.Post.Letters()); n > 0 {
		t.Fatalf("%d letters arrived at a closed office", n)
	}
	c.w.Post.Reopen()
	c.pass(time.Hour)
	c.holds()
}
