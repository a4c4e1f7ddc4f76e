package billing

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"hostfront/db"
	"hostfront/money"
)

// Account is an account of the ledger. Debits are positive: what the shop has or
// is owed; credits are negative: what it earned or owes.
type Account string

// The accounts. Clearing and Fees have one for each gateway.
const (
	Receivable      Account = "receivable"       // what customers owe
	Revenue         Account = "revenue"          // net sales
	VAT             Account = "vat"              // VAT to hand on
	Credit          Account = "credit"           // what is owed to customers for a later invoice
	Carried         Account = "carried"          // too little to be charged: the customer's next invoice asks for it
	Suspense        Account = "suspense"         // money that fits nothing yet
	UpstreamCost    Account = "upstream_cost"    // what deliveries cost
	UpstreamPayable Account = "upstream_payable" // what is owed to upstreams
	LateFees        Account = "late_fees"        // compensation for late payment, which is no turnover
	BadDebt         Account = "bad_debt"         // sales that are given up, without their VAT, and lost disputes beyond them
	BadDebtVAT      Account = "bad_debt_vat"     // VAT of those, until the tax office gives it back
	Bank            Account = "bank"             // the shop's own bank account
	Goodwill        Account = "goodwill"         // what given credit costs
)

// Clearing is the money that a gateway has taken and not yet paid out.
func Clearing(gateway string) Account { return Account("clearing:" + gateway) }

// Fees is what a gateway has kept.
func Fees(gateway string) Account { return Account("fees:" + gateway) }

// Disputed is what a gateway has taken back while a dispute is open, its fee included.
func Disputed(gateway string) Account { return Account("disputed:" + gateway) }

// Transit is what a gateway has paid out and the bank has not got yet.
func Transit(gateway string) Account { return Account("transit:" + gateway) }

// Unmatched is what moved a gateway's balance and nothing of the shop's explains, until staff
// settles it.
func Unmatched(gateway string) Account { return Account("unmatched:" + gateway) }

// moneyAt is where the money is that came by a gateway: a transfer is on the shop's own
// bank account, everything else with the provider until it is paid out.
func moneyAt(gateway string) Account {
	if gateway == transferGateway {
		return Bank
	}
	return Clearing(gateway)
}

// entry is one line of a posting.
type entry struct {
	account Account
	amount  money.Amount
	// invoiceID is the document of this line where it is not the posting's.
	invoiceID string
	// lotID is the grant of an entry of credit, empty for the customer's own money.
	lotID string
}

// posting is one money event. Its kind and subject are its identity: it is posted
// once.
type posting struct {
	kind, subject string
	// after is how many entries of this kind and subject are there already, of what may happen
	// to it more than once.
	after                 int64
	customerID, invoiceID string
	entries               []entry
}

// errUnbalanced is a fault in this package: entries that do not add up to zero.
var errUnbalanced = errors.New("posting does not add up to zero")

// post writes a posting in the caller's transaction. Zero entries are left out. It
// is an error when the entries do not add up to zero, and when a posting of this kind
// and subject exists: whoever posts has won a compare-and-set before, so that a
// second one means a fault, and the whole transaction must go.
func (b *Billing) post(ctx context.Context, q *db.Queries, p posting) error {
	var sum money.Amount
	for _, e := range p.entries {
		sum = sum.Add(e.amount)
	}
	if !sum.IsZero() {
		return fmt.Errorf("post %s of %s: off by %s: %w", p.kind, p.subject, sum, errUnbalanced)
	}
	now := db.At(b.clock.Now())
	position := p.after
	for _, e := range p.entries {
		if e.amount.IsZero() {
			continue
		}
		rows, err := q.LedgerInsert(ctx, db.LedgerInsertParams{
			ID: b.store.NewID("led"), Kind: p.kind, Subject: p.subject, Position: position,
			Account: string(e.account), Currency: string(e.amount.Currency), Amount: e.amount.Minor,
			CustomerID: p.customerID, InvoiceID: cmp.Or(e.invoiceID, p.invoiceID), LotID: e.lotID, BookedAt: now,
		})
		if err != nil {
			return fmt.Errorf("post %s of %s: %w", p.kind, p.subject, err)
		}
		if rows == 0 {
			return fmt.Errorf("post %s of %s: it is posted already", p.kind, p.subject)
		}
		position++
	}
	return nil
}
