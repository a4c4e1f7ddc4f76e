-- name: PayoutCursor :many
SELECT gateway, started_at, since_at FROM payout_cursors WHERE gateway = ?;

-- name: PayoutCursorStart :execrows
INSERT INTO payout_cursors (gateway, started_at, since_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- It only goes forward.
-- name: PayoutCursorMove :execrows
UPDATE payout_cursors SET since_at = sqlc.arg(since_at) WHERE gateway = sqlc.arg(gateway) AND since_at < sqlc.arg(since_at);

-- The first of a gateway's payments that brought money, and is in no payout yet.
-- name: PaymentNotPaidOut :many
SELECT id, settled_at, created_at FROM payments
WHERE gateway = sqlc.arg(gateway) AND state = 'succeeded' AND paid_out = FALSE AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- No row means that its money is in a payout already.
-- name: PaymentPaidOut :execrows
UPDATE payments SET paid_out = TRUE WHERE id = sqlc.arg(id) AND paid_out = FALSE;

-- A gateway's refunds that went through, and are in no payout yet.
-- name: RefundsNotPaidOut :many
SELECT id, settled_at FROM refunds
WHERE gateway = sqlc.arg(gateway) AND state = 'succeeded' AND paid_out = FALSE AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- No row means that it is in a payout already, or is no refund of the shop's.
-- name: RefundPaidOut :execrows
UPDATE refunds SET paid_out = TRUE WHERE id = sqlc.arg(id) AND paid_out = FALSE;

-- No row means that it is known.
-- name: PayoutInsert :execrows
INSERT INTO payouts (id, gateway, reference, state, automatic, booked, currency, amount, fee, made_at, arrives_at, check_at, created_at, updated_at)
VALUES (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: PayoutByID :one
SELECT id, gateway, reference, state, automatic, booked, currency, amount, fee, code, lines_after, off, made_at, arrives_at, lines_at,
    check_at, created_at, updated_at
FROM payouts WHERE id = ?;

-- name: PayoutByReference :many
SELECT id, gateway, reference, state, automatic, booked, currency, amount, fee, code, lines_after, off, made_at, arrives_at, lines_at,
    check_at, created_at, updated_at
FROM payouts WHERE gateway = ? AND reference = ?;

-- Compare and set: one that moved meanwhile is left alone, 0 rows.
-- name: PayoutMove :execrows
UPDATE payouts SET state = sqlc.arg(state), code = sqlc.arg(code), arrives_at = sqlc.arg(arrives_at), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(old_state);

-- name: PayoutCheckAt :exec
UPDATE payouts SET check_at = sqlc.arg(check_at) WHERE id = sqlc.arg(id);

-- name: PayoutsToCheck :many
SELECT id FROM payouts
WHERE gateway = sqlc.arg(gateway) AND check_at > 0 AND check_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- A page of lines was stored: reading goes on behind the last of it.
-- name: PayoutLinesRead :execrows
UPDATE payouts SET lines_after = sqlc.arg(lines_after), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND lines_after = sqlc.arg(old_after) AND lines_at = 0;

-- All lines are there.
-- name: PayoutLinesDone :execrows
UPDATE payouts SET lines_at = sqlc.arg(lines_at), off = sqlc.arg(off), updated_at = sqlc.arg(lines_at)
WHERE id = sqlc.arg(id) AND lines_at = 0;

-- name: PayoutLinesNet :one
SELECT CAST(coalesce(sum(net), 0) AS BIGINT) AS net FROM payout_lines WHERE payout_id = ?;

-- name: PayoutNewestRead :one
SELECT CAST(coalesce(max(made_at), 0) AS BIGINT) AS newest FROM payouts WHERE gateway = ? AND lines_at > 0;

-- Newest first: an empty cursor goes through db.FromNewest.
-- name: PayoutsPage :many
SELECT id, gateway, reference, state, automatic, booked, currency, amount, fee, code, lines_after, off, made_at, arrives_at, lines_at,
    check_at, created_at, updated_at
FROM payouts WHERE id < sqlc.arg(before)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
    AND (CAST(sqlc.arg(gateway) AS TEXT) = '' OR gateway = CAST(sqlc.arg(gateway) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(page);

-- Oldest first, those that were made in a span of time.
-- name: PayoutsMade :many
SELECT id, gateway, reference, state, automatic, booked, currency, amount, fee, code, lines_after, off, made_at, arrives_at, lines_at,
    check_at, created_at, updated_at
FROM payouts WHERE id > sqlc.arg(after) AND made_at >= sqlc.arg(from_at) AND made_at < sqlc.arg(until_at)
ORDER BY id LIMIT sqlc.arg(page);

-- No row means that it is stored.
-- name: PayoutLineInsert :execrows
INSERT INTO payout_lines (id, payout_id, gateway, reference, kind, source, paid_by, description, state, currency, gross, fee, net, moved_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: PayoutLineByID :one
SELECT id, payout_id, gateway, reference, kind, source, paid_by, description, state, detail, currency, gross, fee, net, payment_id, subject,
    fee_booked, open_booked, account, note, moved_at, settled_at
FROM payout_lines WHERE id = ?;

-- name: PayoutLinesPage :many
SELECT id, payout_id, gateway, reference, kind, source, paid_by, description, state, detail, currency, gross, fee, net, payment_id, subject,
    fee_booked, open_booked, account, note, moved_at, settled_at
FROM payout_lines WHERE payout_id = sqlc.arg(payout_id) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- Those that are not brought together with anything of the shop's.
-- name: PayoutLinesOpen :many
SELECT id, payout_id, gateway, reference, kind, source, paid_by, description, state, detail, currency, gross, fee, net, payment_id, subject,
    fee_booked, open_booked, account, note, moved_at, settled_at
FROM payout_lines WHERE payout_id = sqlc.arg(payout_id) AND (state = 'new' OR state = 'unmatched' OR state = 'differs')
    AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- Compare and set: a line that moved meanwhile is left alone, 0 rows.
-- name: PayoutLineMove :execrows
UPDATE payout_lines SET state = sqlc.arg(state), detail = sqlc.arg(detail), payment_id = sqlc.arg(payment_id), subject = sqlc.arg(subject),
    fee_booked = sqlc.arg(fee_booked), open_booked = sqlc.arg(open_booked), account = sqlc.arg(account), note = sqlc.arg(note),
    settled_at = sqlc.arg(settled_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(old_state);

-- How many lines wait for a person, by gateway, for the metrics.
-- name: PayoutLinesOpenCount :many
SELECT gateway, count(id) AS lines FROM payout_lines WHERE state = 'new' OR state = 'unmatched' OR state = 'differs' GROUP BY gateway;

-- Another movement that a payment's money is in: one that it is matched with, or that came before.
-- name: PayoutLineOfPayment :many
SELECT id FROM payout_lines
WHERE payment_id = sqlc.arg(payment_id) AND payment_id <> '' AND kind = 'charge' AND id <> sqlc.arg(id)
    AND (state = 'matched' OR id < sqlc.arg(id))
ORDER BY id LIMIT 1;

-- All movements of the charges of one payment at its provider.
-- name: PayoutLinesOfSource :many
SELECT gross FROM payout_lines
WHERE gateway = sqlc.arg(gateway) AND source = sqlc.arg(source) AND source <> '' AND kind = 'charge' ORDER BY id;

-- What lies in suspense, or has, under a gateway's own reference.
-- name: SuspenseByReference :many
SELECT id, gateway, reference, currency, amount, note, state, invoice_id, payment_id, received_at, created_at, settled_at
FROM suspense WHERE gateway = ? AND reference = ? ORDER BY id;

-- A refund that was sent by hand at the gateway, without the provider's id, learns it from the payout. One that was
-- paid from the shop's bank account is another gateway's.
-- name: RefundByHand :many
SELECT id FROM refunds
WHERE payment_id = sqlc.arg(payment_id) AND gateway = sqlc.arg(gateway) AND state = 'succeeded' AND provider_reference = ''
    AND amount = sqlc.arg(amount)
ORDER BY id LIMIT 1;

-- name: RefundLearnReference :execrows
UPDATE refunds SET provider_reference = sqlc.arg(reference)
WHERE id = sqlc.arg(id) AND gateway = sqlc.arg(gateway) AND provider_reference = '';
