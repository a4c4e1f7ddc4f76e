package billing

import (
	"encoding/json"
	"fmt"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"

	"github.com/shopspring/decimal"
)

// PhaseKind is what a phase takes off the price of a period.
type PhaseKind string

// The kinds of phase.
const (
	FreePhase    PhaseKind = "free"    // all of it
	PercentPhase PhaseKind = "percent" // a share of it
	AmountPhase  PhaseKind = "amount"  // a fixed amount
	PricePhase   PhaseKind = "price"   // what is beyond a fixed price
)

// maxPhases and maxPhasePeriods bound what is kept on a subscription.
const (
	maxPhases       = 12
	maxPhasePeriods = 120
)

// Phase is a discount on some periods in a row. Phases follow one another; after the last
// the agreed price holds.
type Phase struct {
	Kind PhaseKind
	// Percent is what a percent phase takes off, more than 0 and less than 100.
	Percent decimal.Decimal
	// Amount is what an amount phase takes off, without VAT, no more than the price is; and what a
	// price phase leaves.
	Amount money.Amount
	// Periods is how many periods it holds for.
	Periods int
}

// keptPhase is a phase as it stands on a subscription: it holds for the periods with the
// numbers First to Last, whether they are billed once or, after a withdrawal, again.
type keptPhase struct {
	Kind    PhaseKind       `json:"kind"`
	Percent decimal.Decimal `json:"percent"`
	Amount  int64           `json:"amount,omitempty"`
	First   int64           `json:"first"`
	Last    int64           `json:"last"`
}

// keepPhases numbers phases from a period on.
func keepPhases(phases []Phase, first int64, cur money.Currency) (string, error) {
	if len(phases) == 0 {
		return "", nil
	}
	if len(phases) > maxPhases {
		return "", fault.InvalidField("phases", "too_many", "No more than %d phases.", maxPhases)
	}
	kept := make([]keptPhase, 0, len(phases))
	for i, p := range phases {
		if err := p.check(fmt.Sprintf("phases[%d]", i), cur); err != nil {
			return "", err
		}
		last := first + int64(p.Periods) - 1
		kept = append(kept, keptPhase{Kind: p.Kind, Percent: p.Percent, Amount: p.Amount.Minor, First: first, Last: last})
		first = last + 1
	}
	text, err := json.Marshal(kept)
	return string(text), err
}

func (p Phase) check(field string, cur money.Currency) error {
	if p.Periods < 1 || p.Periods > maxPhasePeriods {
		return fault.InvalidField(field+".periods", "out_of_range", "From 1 to %d periods.", maxPhasePeriods)
	}
	switch p.Kind {
	case FreePhase:
		return nil
	case PercentPhase:
		if !p.Percent.IsPositive() || !p.Percent.LessThan(decimal.NewFromInt(100)) || p.Percent.Exponent() < -4 {
			return fault.InvalidField(field+".percent", "out_of_range", "More than 0 and less than 100, with at most four decimals.")
		}
		return nil
	case AmountPhase, PricePhase:
		if p.Amount.Currency != cur || !p.Amount.IsPositive() {
			return fault.InvalidField(field+".amount", "not_acceptable", "An amount of more than nothing, in %s.", cur)
		}
		return nil
	}
	return fault.InvalidField(field+".kind", "unknown", "One of free, percent, amount and price.")
}

func phasesOf(sub db.Subscription) ([]keptPhase, error) {
	if sub.Phases == "" {
		return nil, nil
	}
	var kept []keptPhase
	if err := json.Unmarshal([]byte(sub.Phases), &kept); err != nil {
		return nil, fmt.Errorf("phases of subscription %s: %w", sub.ID, err)
	}
	return kept, nil
}

// inPhase is the price of the period with a number, and what the invoice says of it. A
// percentage is rounded half away from zero, to the cent.
func inPhase(sub db.Subscription, number int64) (net int64, label string, err error) {
	kept, err := phasesOf(sub)
	if err != nil {
		return 0, "", err
	}
	cur := money.Currency(sub.Currency)
	for _, p := range kept {
		if number < p.First || number > p.Last {
			continue
		}
		switch p.Kind {
		case FreePhase:
			return 0, " (free of charge)", nil
		case PercentPhase:
			off, err := money.Round(money.New(sub.Net, cur).Decimal().Mul(p.Percent).Div(decimal.NewFromInt(100)), cur)
			if err != nil {
				return 0, "", fmt.Errorf("phase of subscription %s: %w", sub.ID, err)
			}
			return sub.Net - off.Minor, " (" + p.Percent.String() + " % off)", nil
		case AmountPhase:
			off := min(p.Amount, sub.Net)
			return sub.Net - off, " (" + money.New(off, cur).String() + " off)", nil
		case PricePhase:
			return min(p.Amount, sub.Net), " (introductory price)", nil
		}
	}
	return sub.Net, "", nil
}

// phasesLeft are the phases that are still to come, for staff.
func phasesLeft(sub db.Subscription) []Phase {
	kept, err := phasesOf(sub)
	if err != nil {
		return nil // a row beyond reading is skipped and reported by the run that bills it
	}
	var left []Phase
	for _, p := range kept {
		if n := p.Last - max(p.First, sub.NextNumber) + 1; n > 0 {
			left = append(left, Phase{
				Kind: p.Kind, Percent: p.Percent, Amount: money.New(p.Amount, money.Currency(sub.Currency)), Periods: int(n),
			})
		}
	}
	return left
}
