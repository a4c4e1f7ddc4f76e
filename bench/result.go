package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// result is one line of the table.
type result struct {
	name  string
	value float64
	unit  string
	// bar is what the value must reach (atLeast) or stay below; none when zero.
	bar     float64
	atLeast bool
	// peer says what the value was held against in the same run, and the ratio.
	peer string
	// note is how it was come by.
	note string
}

func (r result) verdict() string {
	switch {
	case r.bar == 0:
		return "-"
	case r.missed():
		return "MISSED"
	}
	return "ok"
}

func (r result) missed() bool {
	return r.bar != 0 && (r.atLeast && r.value < r.bar || !r.atLeast && r.value >= r.bar)
}

func (r result) limit() string {
	if r.bar == 0 {
		return ""
	}
	sign := "<"
	if r.atLeast {
		sign = ">="
	}
	return sign + " " + number(r.bar) + " " + r.unit
}

// table prints the results and says how many missed their bar.
func table(out io.Writer, results []result) int {
	missed := 0
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "MEASURED\tVALUE\tBAR\tVERDICT\tBESIDE, IN THE SAME RUN\tNOTE")
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%s %s\t%s\t%s\t%s\t%s\n", r.name, number(r.value), r.unit, r.limit(), r.verdict(), r.peer, r.note)
		if r.missed() {
			missed++
		}
	}
	w.Flush()
	return missed
}

// number shows three digits and no more than are there.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// median is the middle of the values.
func median[T cmp.Ordered](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// spread shows the least and the most of some runs.
func spread(values []float64) string {
	shown := make([]string, 0, 2)
	for _, v := range []float64{slices.Min(values), slices.Max(values)} {
		shown = append(shown, number(v))
	}
	return strings.Join(shown, " to ")
}
