package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"hostfront/db"
	"hostfront/fault"
	"hostfront/money"
)

// SettleLineParams is how staff settles a movement that fits nothing of the shop's.
type SettleLineParams struct {
	ID string
	// Account is where it belongs: Fees of the gateway ("fees"), Bank, or BadDebt.
	Account string
	// Note says why.
	Note string
}

// settleAccounts are the accounts that staff may settle a movement to.
var settleAccounts = []string{"fees", string(Bank), string(BadDebt)}

// SettlePayoutLine books a movement that fits nothing to an account that staff chose, in the
// caller's transaction. Fault code: "payout_line_settled" for one that is not open.
func (b *Billing) SettlePayoutLine(ctx context.Context, q *db.Queries, p SettleLineParams) (PayoutLine, error) {
	if !slices.Contains(settleAccounts, p.Account) {
		return PayoutLine{}, fault.InvalidField("account", "unknown", "The account is one of fees, bank and bad_debt.")
	}
	l, err := q.PayoutLineByID(ctx, p.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return PayoutLine{}, fault.Missing("payout line", p.ID)
	}
	if err != nil {
		return PayoutLine{}, fmt.Errorf("read payout line %s: %w", p.ID, err)
	}
	state := PayoutLineState(l.State)
	if state != LineUnmatched && state != LineDiffers {
		return PayoutLine{}, errLineSettled()
	}
	account := Account(p.Account)
	if p.Account == "fees" {
		account = Fees(l.Gateway)
	}
	rows, err := q.PayoutLineMove(ctx, db.PayoutLineMoveParams{
		ID: l.ID, OldState: l.State, State: string(LineSettled), Detail: l.Detail, PaymentID: l.PaymentID, Subject: l.Subject,
		FeeBooked: l.FeeBooked, OpenBooked: l.OpenBooked, Account: string(account), Note: p.Note, SettledAt: db.At(b.clock.Now()),
	})
	if err != nil {
		return PayoutLine{}, fmt.Errorf("settle payout line %s: %w", l.ID, err)
	}
	if rows == 0 {
		return PayoutLine{}, errLineSettled()
	}
	amount := money.New(l.OpenBooked, money.Currency(l.Currency))
	err = b.post(ctx, q, posting{kind: "payout_settled", subject: l.ID, entries: []entry{
		{account: Unmatched(l.Gateway), amount: amount}, {account: account, amount: amount.Neg()},
	}})
	if err != nil {
		return PayoutLine{}, err
	}
	row, err := payoutRow(ctx, q, l.PayoutID)
	if err != nil {
		return PayoutLine{}, err
	}
	if _, err := b.keepQuestion(ctx, q, row); err != nil {
		return PayoutLine{}, err
	}
	l, err = q.PayoutLineByID(ctx, l.ID)
	return payoutLineOf(l), wrap(err, "read payout line "+p.ID)
}

func errLineSettled() error {
	return fault.New(fault.Conflict, "payout_line_settled", "The movement is matched or settled already.")
}
