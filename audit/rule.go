package audit

import (
	"context"
	"strconv"

	"hostfront/db"
)

// rule is one invariant.
type rule struct {
	// name is stable; means says what a broken row means.
	name, means string
	ask         func(context.Context, *db.Queries) ([]broken, error)
}

// broken is a row that breaks a rule.
type broken struct{ subject, detail string }

var rules = []rule{
	{"ledger_unbalanced", "what happened was booked on one side only", ledgerUnbalanced},
	{"lines_off", "the lines do not add up to the document", byAmount((*db.Queries).AuditLinesOff)},
	{"lines_credited_off", "a line and what was taken back of it disagree", byAmount((*db.Queries).AuditLinesCreditedOff)},
	{"numbers_off", "the legal numbers have a gap or a repeat", byAmount((*db.Queries).AuditNumbersOff)},
	{"numbers_without_series", "a document has a number of no series", byAmount((*db.Queries).AuditNumbersWithoutSeries)},
	{"receivable_off", "the ledger and the invoice disagree on what is owed", byAmount((*db.Queries).AuditReceivableOff)},
	{"void_receivable", "something is owed on a void invoice", byAmount((*db.Queries).AuditVoidReceivable)},
	{"succeeded_without_money", "a payment succeeded and brought nothing", byAmount((*db.Queries).AuditSucceededWithoutMoney)},
	{"refunds_over", "more goes back than came", byAmount((*db.Queries).AuditRefundsOver)},
	{"refunds_beyond_invoice", "more of an invoice went back by a payment than that had paid of it", byAmount((*db.Queries).AuditRefundsBeyondInvoice)},
	{"given_off", "credit that was given has become money: its invoice was taken back, and it has not come back", byAmount((*db.Queries).AuditGivenOff)},
	{"credit_below_zero", "a customer has used more credit than they had", byAmount((*db.Queries).AuditCreditBelowZero)},
	{"carried_below_zero", "a customer is asked for more of earlier invoices than was carried", byAmount((*db.Queries).AuditCarriedBelowZero)},
	{"disputes_off", "the ledger and a dispute disagree on what the gateway holds", byAmount((*db.Queries).AuditDisputesOff)},
	{"payments_disputed_off", "a payment and its disputes disagree on what they took", byAmount((*db.Queries).AuditPaymentsDisputedOff)},
	{"notes_off", "the money of a credit note went nowhere, or twice", byAmount((*db.Queries).AuditNotesOff)},
	{"clearing_off", "the ledger and the payments disagree on the money at a gateway", nonZero((*db.Queries).AuditClearingOff)},
	{"payouts_off", "the ledger and a payout disagree on where its money is", byAmount((*db.Queries).AuditPayoutsOff)},
	{"payout_lines_off", "the movements of a payout do not add up to it", byAmount((*db.Queries).AuditPayoutLinesOff)},
	{"payout_lines_booked_off", "what a movement of a payout has booked is not in the ledger, or twice", byAmount((*db.Queries).AuditPayoutLinesBookedOff)},
	{"paid_out_off", "the books have a payment otherwise than its provider paid it out", byAmount((*db.Queries).AuditPaidOutOff)},
	{"periods_off", "paid periods have a gap or an overlap", byAmount((*db.Queries).AuditPeriodsOff)},
	{"tasks_not_released", "a task still waits for an invoice that is paid or void", byState((*db.Queries).AuditTasksNotReleased)},
	{"tasks_waiting_for_nothing", "a task waits for one that is over", byState((*db.Queries).AuditTasksWaitingForNothing)},
	{"tasks_twice", "a line is worked on by more than one task", byAmount((*db.Queries).AuditTasksTwice)},
	{"service_disagrees", "a service and its subscription are not of each other", byState((*db.Queries).AuditServiceDisagrees)},
	{"webhooks_dropped", "a gateway's event is not processed and nothing works on it", byState((*db.Queries).AuditWebhooksDropped)},
	{"paid_without_task", "a line is paid for and nothing delivers it", byState((*db.Queries).AuditPaidWithoutTask)},
	{"lines_without_delivery", "an ordered line has nothing that delivers it", byState((*db.Queries).AuditLinesWithoutDelivery)},
	{"delivered_without_service", "a line is delivered and the customer has nothing", byState((*db.Queries).AuditDeliveredWithoutService)},
	{"delivered_unpaid", "a line is delivered and its invoice is not paid", byState((*db.Queries).AuditDeliveredUnpaid)},
	{"services_without_subscription", "the customer has something that is never billed", byState((*db.Queries).AuditServicesWithoutSubscription)},
	{"subscriptions_without_service", "something is billed that the customer does not have", byState((*db.Queries).AuditSubscriptionsWithoutService)},
	{"ended_still_billed", "a service has ended and its subscription goes on: it would be billed for nothing", byState((*db.Queries).AuditEndedStillBilled)},
	{"over_and_running", "hosting runs whose subscription is over, and nothing ends it", byState((*db.Queries).AuditOverAndRunning)},
	{"owed_by_nobody", "a credit note is owed to a customer, and nothing sends the money", byState((*db.Queries).AuditOwedByNobody)},
	{"suspension_disagrees", "hosting runs that is suspended, or is off and billed, and nothing mends it", byState((*db.Queries).AuditSuspensionDisagrees)},
	{"suspended_without_debt", "a subscription is suspended that owes nothing", byState((*db.Queries).AuditSuspendedWithoutDebt)},
	{"supplied_unnumbered", "a period has begun that is not paid, and its invoice has no number", byState((*db.Queries).AuditSuppliedUnnumbered)},
	{"renewed_by_nothing", "a renewal is paid and nothing carries it out upstream", byState((*db.Queries).AuditRenewedByNothing)},
	{"active_with_debt", "a renewal is overdue and its subscription is in good standing", byState((*db.Queries).AuditActiveWithDebt)},
	{"steps_without_debt", "a dunning step was taken and nothing was owed", byState((*db.Queries).AuditStepsWithoutDebt)},
	{"notices_missing", "a generic name comes to its expiry and its registrant was not told", byState((*db.Queries).AuditNoticesMissing)},
}

// offRow and stateRow are the shapes of what the queries answer.
type (
	offRow = struct {
		ID  string
		Off int64
	}
	stateRow = struct {
		ID     string
		Detail string
	}
)

// byAmount is a rule whose rows say by how much they are off.
func byAmount[R ~offRow](query func(*db.Queries, context.Context) ([]R, error)) func(context.Context, *db.Queries) ([]broken, error) {
	return func(ctx context.Context, q *db.Queries) ([]broken, error) {
		rows, err := query(q, ctx)
		found := make([]broken, 0, len(rows))
		for _, row := range rows {
			r := offRow(row)
			found = append(found, broken{r.ID, strconv.FormatInt(r.Off, 10)})
		}
		return found, err
	}
}

// byState is a rule whose rows say what state they are in.
func byState[R ~stateRow](query func(*db.Queries, context.Context) ([]R, error)) func(context.Context, *db.Queries) ([]broken, error) {
	return func(ctx context.Context, q *db.Queries) ([]broken, error) {
		rows, err := query(q, ctx)
		found := make([]broken, 0, len(rows))
		for _, row := range rows {
			r := stateRow(row)
			found = append(found, broken{r.ID, r.Detail})
		}
		return found, err
	}
}

// nonZero is byAmount for a query that answers with every row, also those that are right.
func nonZero[R ~offRow](query func(*db.Queries, context.Context) ([]R, error)) func(context.Context, *db.Queries) ([]broken, error) {
	return func(ctx context.Context, q *db.Queries) ([]broken, error) {
		rows, err := query(q, ctx)
		var off []broken
		for _, row := range rows {
			if r := offRow(row); r.Off != 0 {
				off = append(off, broken{r.ID, strconv.FormatInt(r.Off, 10)})
			}
		}
		return off, err
	}
}

func ledgerUnbalanced(ctx context.Context, q *db.Queries) ([]broken, error) {
	rows, err := q.AuditLedgerUnbalanced(ctx)
	found := make([]broken, 0, len(rows))
	for _, r := range rows {
		found = append(found, broken{r.Kind + " " + r.Subject, strconv.FormatInt(r.Off, 10)})
	}
	return found, err
}
