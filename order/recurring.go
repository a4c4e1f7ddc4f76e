package order

import (
	"slices"

	"hostfront/money"
	"hostfront/tax"
)

// Recurring is what is due each cycle, once no line is at an introductory price any more.
type Recurring struct {
	Cycle           string
	Net, VAT, Gross money.Amount
	// FromCycle is the number of the first cycle that comes to this: 2 without introductions.
	FromCycle int64
	// Before are what the cycles before that come to, without the first, which the order sells.
	Before []RecurringStep
}

// RecurringStep is what the cycles from one on come to, up to the next step.
type RecurringStep struct {
	FromCycle       int64
	Net, VAT, Gross money.Amount
}

// recurring adds up what is due each cycle. Each subscription is billed by itself, so
// that its VAT is rounded by itself.
func recurring(t tax.Treatment, lines []QuoteLine) []Recurring {
	introduce(t, lines)
	totals := []Recurring{}
	for _, cycle := range []string{"month", "year"} {
		of := slices.DeleteFunc(slices.Clone(lines), func(l QuoteLine) bool { return l.Cycle != cycle })
		if len(of) == 0 {
			continue
		}
		var steps []RecurringStep
		for _, from := range stepsOf(of) {
			steps = append(steps, stepFrom(of, from))
		}
		last := len(steps) - 1
		totals = append(totals, Recurring{
			Cycle: cycle, Net: steps[last].Net, VAT: steps[last].VAT, Gross: steps[last].Gross, FromCycle: steps[last].FromCycle,
			Before: steps[:last],
		})
	}
	return totals
}

// stepsOf are the numbers of the cycles from which lines come to something else, the second first.
func stepsOf(lines []QuoteLine) []int64 {
	from := []int64{2}
	for _, l := range lines {
		if l.IntroPeriods > 1 {
			from = append(from, l.IntroPeriods+1)
		}
	}
	slices.Sort(from)
	return slices.Compact(from)
}

func stepFrom(lines []QuoteLine, from int64) RecurringStep {
	s := RecurringStep{FromCycle: from}
	for _, l := range lines {
		net, vat := l.RenewNet, l.RenewVAT
		if from <= l.IntroPeriods {
			net, vat = l.IntroNet, l.IntroVAT
		}
		s.Net, s.VAT = s.Net.Add(net), s.VAT.Add(vat)
	}
	s.Gross = s.Net.Add(s.VAT)
	return s
}
