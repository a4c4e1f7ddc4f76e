-- The rules about payouts; see audit.sql.

-- A payout is on its way, on the bank or back with the gateway, and the ledger says so; the amount
-- by which it does not. What is of another currency is not in the ledger.
-- name: AuditPayoutsOff :many
SELECT h.id AS id, h.off AS off
FROM (SELECT o.id AS id, CAST(coalesce((SELECT sum(CASE WHEN e.account = 'bank' THEN 2 * e.amount ELSE e.amount END) FROM ledger_entries e
            WHERE e.kind IN ('payout', 'payout_paid', 'payout_failed') AND e.subject = o.id
                AND (e.account = 'bank' OR e.account = 'transit:' || o.gateway)), 0)
        - CASE WHEN NOT o.booked THEN 0 WHEN o.state = 'paid' THEN 2 * o.amount WHEN o.state = 'failed' OR o.state = 'cancelled' THEN 0 ELSE o.amount END AS BIGINT) AS off
    FROM payouts o) AS h
WHERE h.off <> 0
ORDER BY h.id LIMIT 100;

-- The movements of a payout that is read add up to it, but for what the operator was asked about.
-- name: AuditPayoutLinesOff :many
SELECT o.id AS id, CAST(o.amount + o.fee - o.off - coalesce(sum(l.net), 0) AS BIGINT) AS off
FROM payouts o LEFT JOIN payout_lines l ON l.payout_id = o.id
WHERE o.lines_at > 0
GROUP BY o.id
HAVING o.amount + o.fee - o.off <> coalesce(sum(l.net), 0)
ORDER BY o.id LIMIT 100;

-- What a movement has booked of its own stands in the ledger once: its fee, and what fits nothing
-- until it is settled.
-- name: AuditPayoutLinesBookedOff :many
SELECT h.id AS id, h.off AS off
FROM (SELECT l.id AS id, CAST(coalesce((SELECT sum(e.amount) FROM ledger_entries e
            WHERE e.kind IN ('payout_fee', 'payout_unmatched', 'payout_matched', 'payout_settled') AND e.subject = l.id
                AND (e.account = 'fees:' || l.gateway AND e.kind = 'payout_fee' OR e.account = 'unmatched:' || l.gateway)), 0)
        - l.fee_booked + CASE WHEN l.state = 'settled' THEN 0 ELSE l.open_booked END AS BIGINT) AS off
    FROM payout_lines l) AS h
WHERE h.off <> 0
ORDER BY h.id LIMIT 100;

-- A payment whose money is in a payout: what the books have of it at the gateway is what the
-- provider paid out, to the cent. One that is called paid out is in one.
-- name: AuditPaidOutOff :many
SELECT p.id AS id, CAST(p.received - p.fee - coalesce(sum(l.net + l.fee_booked), 0) AS BIGINT) AS off
FROM payments p LEFT JOIN payout_lines l ON l.payment_id = p.id AND l.payment_id <> '' AND l.kind = 'charge' AND l.state = 'matched'
WHERE p.paid_out = TRUE AND NOT EXISTS (
    SELECT 1 FROM payout_lines x WHERE x.payment_id = p.id AND x.payment_id <> '' AND x.kind = 'charge' AND x.state <> 'matched')
GROUP BY p.id
HAVING p.received - p.fee <> coalesce(sum(l.net + l.fee_booked), 0)
ORDER BY p.id LIMIT 100;
