package dunning

import (
	"fmt"
	"slices"

	"hostfront/fault"
	"hostfront/money"
)

// most days that a step may be away from the due date.
const mostDays = 366

// leastGrace leaves time for the notice after the expiry.
const leastGrace = 6

// check says what is wrong with a policy that staff wants.
func (p Policy) check(currency money.Currency) []fault.Field {
	fields := checkLadder("hosting", p.Hosting, []Action{Remind, LateFee, Suspend, FinalNotice, Terminate})
	fields = append(fields, checkLadder("domain", p.Domain, []Action{Remind, LateFee, Lapse})...)
	charges := func(s Step) bool { return s.Action == LateFee }
	if slices.ContainsFunc(p.Hosting, charges) || slices.ContainsFunc(p.Domain, charges) {
		if p.LateFee.Currency != currency || !p.LateFee.IsPositive() {
			fields = append(fields, wrong("late_fee", "A ladder with a late fee needs its amount, more than nothing, in %s.", currency))
		}
	} else if p.LateFee.Currency != currency || p.LateFee.IsNegative() {
		fields = append(fields, wrong("late_fee", "The late fee is nothing or more, in %s.", currency))
	}
	if p.AfterTermination != WriteOffInvoice && p.AfterTermination != KeepInvoice {
		fields = append(fields, wrong("after_termination", "It is write_off or keep."))
	}
	if p.WrittenOff != TerminateHosting && p.WrittenOff != SuspendHosting && p.WrittenOff != KeepHosting {
		fields = append(fields, wrong("written_off", "It is terminate, suspend or keep."))
	}
	if p.LapseGrace < leastGrace || p.LapseGrace > mostDays {
		fields = append(fields, wrong("lapse_grace_days", "It is between %d and %d days: the notice after the expiry is sent within five.", leastGrace, mostDays))
	}
	return fields
}

func wrong(name, message string, args ...any) fault.Field {
	return fault.Field{Name: name, Code: "invalid", Message: fmt.Sprintf(message, args...)}
}

// checkLadder: steps in the order of their days, each with a name of its own; nothing is
// suspended or ended without a mail that has stood for days, nothing ended that was not
// suspended.
func checkLadder(name string, steps []Step, allowed []Action) (fields []fault.Field) {
	seen := map[string]bool{}
	told, suspended, last := false, false, -mostDays
	for i, s := range steps {
		at := fmt.Sprintf("%s[%d]", name, i)
		if s.Name == "" || len(s.Name) > 40 || seen[s.Name] {
			fields = append(fields, wrong(at+".name", "Each step needs a name of its own, of at most 40 letters."))
		}
		if !slices.Contains(allowed, s.Action) {
			fields = append(fields, wrong(at+".action", "It is one of %v.", allowed))
		}
		if s.After < last || s.After > mostDays {
			fields = append(fields, wrong(at+".after_days", "Steps are in the order of their days, at most %d from the due date.", mostDays))
		}
		if s.After < 0 && s.Action != Remind {
			fields = append(fields, wrong(at+".after_days", "Before the due date there are only reminders."))
		}
		if s.Notice < 0 || s.Notice > mostDays {
			fields = append(fields, wrong(at+".notice_days", "It is between 0 and %d days.", mostDays))
		}
		if strikes := s.Action == Suspend || s.Action == Terminate; strikes && (!told || s.Notice < 1) {
			fields = append(fields, wrong(at, "A reminder or final notice comes right before it, at least a day ahead (notice_days)."))
		}
		if s.Action == Terminate && !suspended {
			fields = append(fields, wrong(at, "Hosting is suspended before it is ended."))
		}
		seen[s.Name], last = true, s.After
		told = s.Action == Remind || s.Action == FinalNotice || (told && s.Action == LateFee)
		suspended = suspended || s.Action == Suspend
	}
	return fields
}
