-- A dispute that is open freezes the dunning of its customer.
-- name: DisputeOpenOfCustomer :many
SELECT id FROM disputes WHERE customer_id = sqlc.arg(customer_id) AND state = 'open' ORDER BY id LIMIT 1;

-- The gateways where a customer has an open dispute.
-- name: DisputedGateways :many
SELECT gateway FROM disputes WHERE customer_id = sqlc.arg(customer_id) AND state = 'open' ORDER BY id;

-- name: DisputeInsert :execrows
INSERT INTO disputes (id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, fee,
    reason, answer_at, check_at, opened_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: DisputeByID :one
SELECT id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, fee, reason, outcome,
    answer_at, check_at, opened_at, closed_at, updated_at
FROM disputes WHERE id = ?;

-- name: DisputeByReference :many
SELECT id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, fee, reason, outcome,
    answer_at, check_at, opened_at, closed_at, updated_at
FROM disputes WHERE gateway = ? AND provider_reference = ?;

-- Compare and set: a dispute that moved meanwhile is left alone, 0 rows.
-- name: DisputeMove :execrows
UPDATE disputes SET state = sqlc.arg(state), fee = sqlc.arg(fee), outcome = sqlc.arg(outcome), answer_at = sqlc.arg(answer_at),
    check_at = sqlc.arg(check_at), closed_at = sqlc.arg(closed_at), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(old_state) AND fee = sqlc.arg(old_fee);

-- name: DisputesToCheck :many
SELECT id FROM disputes WHERE check_at > 0 AND check_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: DisputeCheckLater :exec
UPDATE disputes SET check_at = sqlc.arg(check_at) WHERE id = sqlc.arg(id) AND check_at > 0;

-- Newest first: an empty cursor goes through db.FromNewest.
-- name: DisputesPage :many
SELECT id, gateway, provider_reference, payment_id, invoice_id, customer_id, state, currency, amount, fee, reason, outcome,
    answer_at, check_at, opened_at, closed_at, updated_at
FROM disputes WHERE id < sqlc.arg(before)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(page);

-- What open disputes have taken of each payment of an invoice.
-- name: DisputedOpen :many
SELECT payment_id, CAST(coalesce(sum(amount), 0) AS BIGINT) AS amount
FROM disputes WHERE invoice_id = sqlc.arg(invoice_id) AND state = 'open' GROUP BY payment_id ORDER BY payment_id;
