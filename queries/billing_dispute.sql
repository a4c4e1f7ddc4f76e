-- A dispute that is open freezes the dunning of its customer.
-- name: DisputeOpenOfCustomer :many
SELECT id FROM disputes WHERE customer_id = sqlc.arg(customer_id) AND state = 'open' ORDER BY id LIMIT 1;

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
UPDATE disputes SET state = sqlc.arg(state), amount = sqlc.arg(amount), fee = sqlc.arg(fee), outcome = sqlc.arg(outcome),
    answer_at = sqlc.arg(answer_at), check_at = sqlc.arg(check_at), closed_at = sqlc.arg(closed_at), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(old_state) AND amount = sqlc.arg(old_amount) AND fee = sqlc.arg(old_fee);

-- A credit note that wrote a lost amount off.
-- name: DisputeNote :exec
INSERT INTO dispute_notes (note_id, dispute_id) VALUES (sqlc.arg(note_id), sqlc.arg(dispute_id));

-- name: DisputeNotes :many
SELECT note_id FROM dispute_notes WHERE dispute_id = ? ORDER BY note_id;

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

-- name: DisputesLost :many
SELECT d.id FROM payments p JOIN disputes d ON d.payment_id = p.id
WHERE p.invoice_id = sqlc.arg(invoice_id) AND d.state = 'lost' ORDER BY d.id LIMIT 1;

-- What open disputes have taken of each payment of an invoice. One whose amount is not known may
-- have taken all of it.
-- name: DisputedOpen :many
SELECT d.payment_id, CAST(coalesce(sum(CASE WHEN d.amount > 0 THEN d.amount ELSE p.received END), 0) AS BIGINT) AS amount
FROM disputes d JOIN payments p ON p.id = d.payment_id
WHERE d.invoice_id = sqlc.arg(invoice_id) AND d.state = 'open' GROUP BY d.payment_id ORDER BY d.payment_id;

-- Open disputes of a payment that have taken nobody knows how much of it.
-- name: DisputesUntold :many
SELECT id FROM disputes WHERE payment_id = sqlc.arg(payment_id) AND state = 'open' AND amount = 0 ORDER BY id;

-- What a credit note owes and waits for a dispute becomes credit.
-- name: NoteToCredit :exec
INSERT INTO notes_to_credit (note_id) VALUES (?) ON CONFLICT DO NOTHING;

-- name: NotesToCredit :many
SELECT note_id FROM notes_to_credit WHERE note_id = ?;
