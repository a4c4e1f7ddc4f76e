-- name: RefundInsert :exec
INSERT INTO refunds (id, payment_id, credit_note_id, customer_id, gateway, state, policy, currency, amount, reason, created_at)
VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?);

-- name: RefundSetTask :exec
UPDATE refunds SET task_id = sqlc.arg(task_id) WHERE id = sqlc.arg(id);

-- name: RefundByID :one
SELECT id, payment_id, credit_note_id, customer_id, gateway, state, policy, currency, amount, provider_reference, reason,
    code, task_id, held_at, check_at, settled_at, created_at, paid_out
FROM refunds WHERE id = ?;

-- name: RefundByReference :one
SELECT id, payment_id, credit_note_id, customer_id, gateway, state, policy, currency, amount, provider_reference, reason,
    code, task_id, held_at, check_at, settled_at, created_at, paid_out
FROM refunds WHERE gateway = sqlc.arg(gateway) AND provider_reference = sqlc.arg(reference) AND provider_reference <> '';

-- name: RefundsByCreditNote :many
SELECT id, payment_id, credit_note_id, customer_id, gateway, state, policy, currency, amount, provider_reference, reason,
    code, task_id, held_at, check_at, settled_at, created_at, paid_out
FROM refunds WHERE credit_note_id = ? ORDER BY id;

-- name: RefundHold :execrows
UPDATE refunds SET held_at = sqlc.arg(held_at) WHERE id = sqlc.arg(id) AND state = 'pending' AND held_at = 0;

-- name: RefundApply :execrows
UPDATE refunds SET state = sqlc.arg(state), provider_reference = sqlc.arg(provider_reference), code = sqlc.arg(code),
    check_at = sqlc.arg(check_at), settled_at = sqlc.arg(settled_at)
WHERE id = sqlc.arg(id) AND state = 'pending';

-- A bank may send back what was sent, days later.
-- name: RefundReturned :execrows
UPDATE refunds SET state = 'failed', code = sqlc.arg(code), settled_at = sqlc.arg(settled_at)
WHERE id = sqlc.arg(id) AND state = 'succeeded';

-- name: RefundsPage :many
SELECT id, payment_id, credit_note_id, customer_id, gateway, state, policy, currency, amount, provider_reference, reason,
    code, task_id, held_at, check_at, settled_at, created_at, paid_out
FROM refunds WHERE id < sqlc.arg(before)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(page);

-- name: RefundsToCheck :many
SELECT id FROM refunds
WHERE state = 'pending' AND check_at > 0 AND check_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: RefundCheckLater :exec
UPDATE refunds SET check_at = sqlc.arg(check_at) WHERE id = sqlc.arg(id) AND state = 'pending';

-- What each payment of an invoice still pays of it: what it brought for it, less what its refunds have taken (what the
-- bank sent back is credit now) and less what lost disputes have and did not give back. The rest of a payment was too much, and is credit.
-- name: PaymentsStanding :many
SELECT p.id AS payment_id, CAST(
    coalesce((SELECT sum(0 - e.amount) FROM ledger_entries e
        WHERE e.account = 'receivable' AND e.kind = 'payment' AND e.invoice_id = p.invoice_id
            AND (e.subject = p.id OR EXISTS (SELECT 1 FROM payment_receipts c WHERE c.id = e.subject AND c.payment_id = p.id))), 0)
    - coalesce((SELECT sum(r.amount) FROM refunds r JOIN invoices n ON n.id = r.credit_note_id
        WHERE r.payment_id = p.id AND n.purpose = 'supply' AND (r.state <> 'failed'
            OR EXISTS (SELECT 1 FROM ledger_entries b WHERE b.kind = 'refund_returned' AND b.subject = r.id))), 0)
    - coalesce((SELECT sum(l.amount) FROM disputes d JOIN ledger_entries l ON (l.kind = 'dispute_lost' OR l.kind = 'dispute_reversed') AND l.subject = d.id
        WHERE d.payment_id = p.id AND l.account = 'receivable'), 0) AS BIGINT) AS standing
FROM payments p WHERE p.invoice_id = sqlc.arg(invoice_id) AND p.received > 0 ORDER BY p.id;

-- name: SuspenseInsert :execrows
INSERT INTO suspense (id, gateway, reference, currency, amount, note, state, payment_id, received_at, created_at)
VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: SuspenseByID :one
SELECT id, gateway, reference, currency, amount, note, state, invoice_id, payment_id, received_at, created_at, settled_at
FROM suspense WHERE id = ?;

-- name: SuspenseOpen :many
SELECT id, gateway, reference, currency, amount, note, state, invoice_id, payment_id, received_at, created_at, settled_at
FROM suspense WHERE state = 'open' AND id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(page);

-- name: SuspenseAssign :execrows
UPDATE suspense SET state = 'assigned', invoice_id = sqlc.arg(invoice_id), payment_id = sqlc.arg(payment_id),
    settled_at = sqlc.arg(settled_at)
WHERE id = sqlc.arg(id) AND state = 'open';

-- name: SuspenseReturn :execrows
UPDATE suspense SET state = 'returned', note = sqlc.arg(note), settled_at = sqlc.arg(settled_at)
WHERE id = sqlc.arg(id) AND state = 'open';
