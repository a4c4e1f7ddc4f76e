-- What is left of a customer's credit: of each grant, and (without a lot) of their own money. Credit
-- is owed to the customer, so that what is left is negative.
-- name: CreditLots :many
SELECT lot_id, CAST(sum(amount) AS BIGINT) AS balance
FROM ledger_entries WHERE account = 'credit' AND customer_id = ?
GROUP BY lot_id HAVING sum(amount) <> 0;

-- What an invoice has used of each grant and not given back.
-- name: CreditLotsOfInvoice :many
SELECT lot_id, CAST(sum(amount) AS BIGINT) AS used
FROM ledger_entries WHERE invoice_id = ? AND lot_id <> '' AND account = 'credit'
GROUP BY lot_id HAVING sum(amount) > 0 ORDER BY lot_id;

-- name: CreditGrantInsert :exec
INSERT INTO credit_grants (id, customer_id, currency, amount, reason, expires_at, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: CreditGrantsOfCustomer :many
SELECT id, customer_id, currency, amount, reason, expires_at, ended_at, created_at
FROM credit_grants WHERE customer_id = ? ORDER BY id;

-- Credit that comes back to a grant which has run out or was ended, or soon runs out, can be used for a while.
-- name: CreditGrantExtend :exec
UPDATE credit_grants SET expires_at = sqlc.arg(expires_at), ended_at = 0
WHERE id = sqlc.arg(id) AND ((expires_at > 0 AND expires_at < sqlc.arg(expires_at)) OR ended_at > 0);

-- name: CreditGrantByID :one
SELECT id, customer_id, currency, amount, reason, expires_at, ended_at, created_at
FROM credit_grants WHERE id = ?;

-- name: CreditGrantsExpired :many
SELECT id FROM credit_grants
WHERE expires_at > 0 AND ended_at = 0 AND expires_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: CreditGrantEnd :execrows
UPDATE credit_grants SET ended_at = sqlc.arg(ended_at) WHERE id = sqlc.arg(id) AND ended_at = 0;

-- What moved a customer's credit, newest first: an empty cursor goes through db.FromNewest.
-- name: CreditEntries :many
SELECT id, kind, subject, position, account, currency, amount, customer_id, invoice_id, booked_at, lot_id
FROM ledger_entries WHERE account = 'credit' AND customer_id = sqlc.arg(customer_id) AND id < sqlc.arg(before)
ORDER BY id DESC LIMIT sqlc.arg(page);

-- Where a customer's money came from that has not gone back, newest first.
-- name: PaymentsToReturn :many
SELECT id, invoice_id, customer_id, gateway, state, automatic, save_method, method_id, currency, amount, received, fee,
    refunded, attempt, code, provider_reference, return_url, next_action, decline_class, decline_code, abandoned,
    check_at, settled_at, created_at, updated_at, disputed, paid_out
FROM payments WHERE customer_id = ? AND received > refunded + disputed ORDER BY id DESC;

-- What an invoice has been paid from credit: what came off what was owed on it.
-- name: CreditUsed :one
SELECT CAST(coalesce(sum(-amount), 0) AS BIGINT) AS used
FROM ledger_entries WHERE account = 'receivable' AND invoice_id = ? AND kind = 'credit_applied';
