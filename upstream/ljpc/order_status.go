package ljpc

import (
	"errors"
	"slices"
	"strings"

	"hostfront/upstream"
)

// readOrder reads an order's state. A word that is not known keeps it open: it
// is never taken for done, nor for failed.
func readOrder(o, beside object) (upstream.OrderStatus, error) {
	provisioning := o.inner(fieldProvisioning)
	if provisioning == nil {
		provisioning = beside.inner(fieldProvisioning)
	}
	state := o.text(fieldSimpleStatus)
	if state == "" {
		state = beside.text(fieldSimpleStatus)
	}
	if state == "" {
		state = provisioning.text(fieldOverall)
	}
	if state == "" {
		return upstream.OrderStatus{}, errors.New("neither simple_status nor provisioning.overall in the answer")
	}
	status := upstream.OrderStatus{
		State: orderState(state), Reference: within(map[string]any(o), fieldOrderMeta).text(fieldReference),
		NeedsPayment:      o.is(fieldNeedsPayment) || beside.is(fieldNeedsPayment),
		NeedsSubscription: o.is(fieldNeedsSubscription) || beside.is(fieldNeedsSubscription),
	}
	lines, err := readLines(provisioning)
	status.Lines = lines
	return status, err
}

func readLines(provisioning object) ([]upstream.OrderLine, error) {
	v, _ := provisioning.find(fieldLines)
	if v == nil {
		return nil, nil
	}
	entries, err := listOf(v, fieldLines)
	if err != nil {
		return nil, err
	}
	lines := make([]upstream.OrderLine, 0, len(entries))
	for _, entry := range entries {
		lines = append(lines, readLine(entry))
	}
	return lines, nil
}

func readLine(o object) upstream.OrderLine {
	line := upstream.OrderLine{
		State: upstream.LinePending, SiteID: o.text(fieldSiteID), Reason: o.text(fieldLineReason),
	}
	switch strings.ToLower(o.text(fieldLineState)) {
	case upstream.LineDone:
		line.State = upstream.LineDone
	case upstream.LineFailed:
		line.State = upstream.LineFailed
		line.Cause = causeOf(o.text(fieldLineCode) + " " + line.Reason)
	}
	return line
}

func orderState(word string) string {
	word = strings.ToLower(word)
	known := []string{upstream.OrderPending, upstream.OrderProcessing, upstream.OrderCompleted, upstream.OrderFailed}
	if slices.Contains(known, word) {
		return word
	}
	return upstream.OrderProcessing
}

// causeOf looks for a hint at what the customer can mend. It is only a hint:
// the document gives no reasons.
func causeOf(text string) string {
	text = strings.ToLower(text)
	in := func(hint string) bool { return strings.Contains(text, hint) }
	switch {
	case slices.ContainsFunc(authCodeHints, in):
		return upstream.CauseAuthCode
	case slices.ContainsFunc(transferLockHint, in):
		return upstream.CauseTransferLock
	}
	return ""
}
