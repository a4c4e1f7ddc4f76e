-- No row means that this entry is posted already.
-- name: LedgerInsert :execrows
INSERT INTO ledger_entries (id, kind, subject, position, account, currency, amount, customer_id, invoice_id, lot_id, booked_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: LedgerPosting :many
SELECT id, kind, subject, position, account, currency, amount, customer_id, invoice_id, booked_at, lot_id
FROM ledger_entries WHERE kind = ? AND subject = ? ORDER BY position;

-- name: LedgerJournal :many
SELECT id, kind, subject, position, account, currency, amount, customer_id, invoice_id, booked_at, lot_id
FROM ledger_entries WHERE id > sqlc.arg(after) AND booked_at >= sqlc.arg(from_at) AND booked_at < sqlc.arg(until_at)
ORDER BY id LIMIT sqlc.arg(page);

-- name: LedgerSum :one
SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) AS balance FROM ledger_entries;

-- What stood on each account before a period, and what was booked in it.
-- name: LedgerByAccount :many
SELECT account, currency,
    CAST(coalesce(sum(CASE WHEN booked_at < sqlc.arg(from_at) THEN amount ELSE 0 END), 0) AS BIGINT) AS opening,
    CAST(coalesce(sum(CASE WHEN booked_at >= sqlc.arg(from_at) AND amount > 0 THEN amount ELSE 0 END), 0) AS BIGINT) AS debit,
    CAST(coalesce(sum(CASE WHEN booked_at >= sqlc.arg(from_at) AND amount < 0 THEN amount ELSE 0 END), 0) AS BIGINT) AS credit
FROM ledger_entries WHERE booked_at < sqlc.arg(until_at) GROUP BY account, currency;

-- name: LedgerInvoice :one
SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) AS balance
FROM ledger_entries WHERE account = 'receivable' AND invoice_id = ?;

-- What a customer owes of earlier invoices, for a later one to ask for.
-- name: CarriedOfCustomer :one
SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) AS carried
FROM ledger_entries WHERE account = 'carried' AND customer_id = sqlc.arg(customer_id);

-- What of an invoice is carried to a later one; below zero, what it asks for of earlier ones.
-- name: CarriedOfInvoice :one
SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) AS carried
FROM ledger_entries WHERE account = 'carried' AND invoice_id = sqlc.arg(invoice_id);
