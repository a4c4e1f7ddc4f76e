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

-- Credit that comes back to a grant which has run out, or soon does, can be used for a while.
-- name: CreditGrantExtend :exec
UPDATE credit_grants SET expires_at = sqlc.arg(expires_at), ended_at = 0
WHERE id = sqlc.arg(id) AND expires_at > 0 AND expires_at < sqlc.arg(expires_at);
