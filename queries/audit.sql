-- Each query answers with what breaks one invariant: the id of the row, and by how
-- much or what else it is about. No row is the good answer.

-- name: AuditLedgerUnbalanced :many
SELECT e.kind, e.subject, CAST(sum(e.amount) AS BIGINT) AS off
FROM (SELECT kind, subject FROM ledger_entries
    GROUP BY kind, subject HAVING sum(amount) <> 0 OR min(currency) <> max(currency)) AS s
JOIN ledger_entries e ON e.kind = s.kind AND e.subject = s.subject
GROUP BY e.kind, e.subject, e.currency
HAVING sum(e.amount) <> 0
ORDER BY e.kind, e.subject LIMIT 100;

-- name: AuditLinesOff :many
SELECT i.id AS id, CAST(i.gross - coalesce(sum(l.net + l.vat), 0) AS BIGINT) AS off
FROM invoices i LEFT JOIN invoice_lines l ON l.invoice_id = i.id
GROUP BY i.id
HAVING i.net <> coalesce(sum(l.net), 0) OR i.vat <> coalesce(sum(l.vat), 0)
ORDER BY i.id LIMIT 100;

-- A series counts from 1 to its last number without a gap or a repeat.
-- name: AuditNumbersOff :many
SELECT s.series AS id, CAST(s.last_number - coalesce(count(i.id), 0) AS BIGINT) AS off
FROM number_series s LEFT JOIN invoices i ON i.series = s.series AND i.number > 0
GROUP BY s.series
HAVING count(i.id) <> s.last_number OR coalesce(max(i.number), 0) <> s.last_number
ORDER BY s.series LIMIT 100;

-- name: AuditNumbersWithoutSeries :many
SELECT i.id AS id, i.number AS off
FROM invoices i
WHERE i.number > 0 AND NOT EXISTS (SELECT 1 FROM number_series s WHERE s.series = i.series)
ORDER BY i.id LIMIT 100;

-- What a customer owes on an invoice by the ledger is what is not paid of it: nothing
-- before it has its number, but for what was paid in advance, and nothing once it is given up.
-- name: AuditReceivableOff :many
SELECT i.id AS id,
    CAST(coalesce(sum(e.amount), 0) - CASE WHEN i.state = 'uncollectible' THEN 0 WHEN i.number > 0 THEN i.gross - i.paid ELSE 0 - i.paid END AS BIGINT) AS off
FROM invoices i LEFT JOIN ledger_entries e ON e.invoice_id = i.id AND e.account = 'receivable'
WHERE i.document = 'invoice' AND i.state <> 'void'
GROUP BY i.id
HAVING coalesce(sum(e.amount), 0) <> CASE WHEN i.state = 'uncollectible' THEN 0 WHEN i.number > 0 THEN i.gross - i.paid ELSE 0 - i.paid END
ORDER BY i.id LIMIT 100;

-- name: AuditVoidReceivable :many
SELECT i.id AS id, CAST(sum(e.amount) AS BIGINT) AS off
FROM invoices i JOIN ledger_entries e ON e.invoice_id = i.id AND e.account = 'receivable'
WHERE i.state = 'void'
GROUP BY i.id
HAVING sum(e.amount) <> 0
ORDER BY i.id LIMIT 100;

-- name: AuditSucceededWithoutMoney :many
SELECT p.id AS id, p.amount AS off
FROM payments p
WHERE p.state = 'succeeded' AND p.received = 0
ORDER BY p.id LIMIT 100;

-- name: AuditRefundsOver :many
SELECT p.id AS id, CAST(sum(r.amount) - p.received AS BIGINT) AS off
FROM payments p JOIN refunds r ON r.payment_id = p.id AND r.state <> 'failed'
GROUP BY p.id
HAVING sum(r.amount) > p.received
ORDER BY p.id LIMIT 100;

-- name: AuditCreditBelowZero :many
SELECT customer_id AS id, CAST(sum(amount) AS BIGINT) AS off
FROM ledger_entries
WHERE account = 'credit' AND customer_id <> ''
GROUP BY customer_id, lot_id, currency
HAVING sum(amount) > 0
ORDER BY customer_id LIMIT 100;

-- Nobody is asked for more of earlier invoices than was carried.
-- name: AuditCarriedBelowZero :many
SELECT customer_id AS id, CAST(sum(amount) AS BIGINT) AS off
FROM ledger_entries
WHERE account = 'carried'
GROUP BY customer_id, currency
HAVING sum(amount) < 0
ORDER BY customer_id LIMIT 100;

-- Each period begins where the one before it ended. One that was withdrawn is void, one that was
-- given up is waived: it may have been passed over, and others may lie where it lay.
-- name: AuditPeriodsOff :many
SELECT g.id AS id, CAST(g.follows_at - g.end_at AS BIGINT) AS off
FROM (SELECT a.subscription_id AS id, a.end_at AS end_at, (SELECT b.start_at FROM subscription_periods b
        WHERE b.subscription_id = a.subscription_id AND b.start_at > a.start_at AND b.state <> 'void' AND b.state <> 'waived'
        ORDER BY b.start_at LIMIT 1) AS follows_at
    FROM subscription_periods a
    WHERE a.state <> 'void' AND a.state <> 'waived') AS g
WHERE g.follows_at <> g.end_at AND (g.follows_at < g.end_at
    OR NOT EXISTS (SELECT 1 FROM subscription_periods v WHERE v.subscription_id = g.id AND v.start_at = g.end_at))
ORDER BY g.id LIMIT 100;

-- name: AuditTasksNotReleased :many
SELECT t.id AS id, i.state AS detail
FROM tasks t JOIN invoices i ON i.id = t.invoice_id
WHERE t.state = 'blocked' AND i.state IN ('paid', 'void', 'uncollectible')
ORDER BY t.id LIMIT 100;

-- A task that waits for one which is over would wait for ever.
-- name: AuditTasksWaitingForNothing :many
SELECT t.id AS id, p.state AS detail
FROM tasks t CROSS JOIN tasks p
WHERE t.waits_for <> '' AND p.id = t.waits_for AND (p.state = 'done' OR p.state = 'failed' OR p.state = 'cancelled')
ORDER BY t.waits_for, t.id LIMIT 100;

-- A line that is paid for and not delivered has one task that works on it, or waits
-- for the customer.
-- name: AuditPaidWithoutTask :many
SELECT d.id AS id, d.state AS detail
FROM deliveries d JOIN invoices i ON i.id = d.invoice_id
WHERE i.state = 'paid' AND d.state = 'pending'
    AND NOT EXISTS (
        SELECT 1 FROM tasks t
        WHERE t.id = d.task_id AND t.state NOT IN ('done', 'failed', 'cancelled')
    )
ORDER BY d.id LIMIT 100;

-- name: AuditLinesWithoutDelivery :many
SELECT l.id AS id, l.kind AS detail
FROM order_lines l
WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = l.id)
ORDER BY l.id LIMIT 100;

-- name: AuditDeliveredWithoutService :many
SELECT d.id AS id, d.kind AS detail
FROM deliveries d
WHERE d.state = 'delivered' AND NOT EXISTS (SELECT 1 FROM services s WHERE s.order_line_id = d.id)
ORDER BY d.id LIMIT 100;

-- name: AuditServicesWithoutSubscription :many
SELECT s.id AS id, s.state AS detail
FROM services s
WHERE s.state IN ('active', 'suspended')
    AND NOT EXISTS (SELECT 1 FROM subscriptions u WHERE u.id = s.subscription_id AND u.service_id = s.id)
ORDER BY s.id LIMIT 100;

-- name: AuditSubscriptionsWithoutService :many
SELECT u.id AS id, u.state AS detail
FROM subscriptions u
WHERE u.state <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM services s WHERE s.id = u.service_id)
ORDER BY u.id LIMIT 100;

-- What was delivered is of a paid invoice.
-- name: AuditDeliveredUnpaid :many
SELECT d.id AS id, i.state AS detail
FROM deliveries d JOIN invoices i ON i.id = d.invoice_id
WHERE d.state = 'delivered' AND i.state <> 'paid' AND i.reopened_at = 0
ORDER BY d.id LIMIT 100;

-- What is to be delivered is worked on by one task alone.
-- name: AuditTasksTwice :many
SELECT d.id AS id, CAST(count(t.id) AS BIGINT) AS off
FROM deliveries d JOIN tasks t ON t.subject = d.id
WHERE (t.state = 'blocked' OR t.state = 'ready' OR t.state = 'running' OR t.state = 'waiting' OR t.state = 'unknown'
        OR t.state = 'settling' OR t.state = 'action_required' OR t.state = 'held')
    AND (t.kind = 'domain.register' OR t.kind = 'domain.transfer' OR t.kind = 'hosting.order')
GROUP BY d.id
HAVING count(t.id) > 1
ORDER BY d.id LIMIT 100;

-- A live service and its subscription name each other, and are the same customer's.
-- name: AuditServiceDisagrees :many
SELECT s.id AS id, u.id AS detail
FROM services s JOIN subscriptions u ON u.id = s.subscription_id
WHERE (s.state = 'active' OR s.state = 'suspended') AND (u.service_id <> s.id OR u.customer_id <> s.customer_id)
ORDER BY s.id LIMIT 100;


-- What a dispute holds in the ledger is its amount and fee while it is open, and nothing after.
-- name: AuditDisputesOff :many
SELECT h.id AS id, h.off AS off
FROM (SELECT d.id AS id, CAST(coalesce((SELECT sum(e.amount) FROM ledger_entries e
            WHERE e.kind IN ('dispute_opened', 'dispute_changed', 'dispute_won', 'dispute_lost') AND e.subject = d.id
                AND e.account = 'disputed:' || d.gateway), 0)
        - CASE WHEN d.state = 'open' THEN d.amount + d.fee ELSE 0 END AS BIGINT) AS off
    FROM disputes d) AS h
WHERE h.off <> 0
ORDER BY h.id LIMIT 100;

-- A payment counts what its disputes hold or have taken.
-- name: AuditPaymentsDisputedOff :many
SELECT p.id AS id, CAST(p.disputed - coalesce(sum(d.amount), 0) AS BIGINT) AS off
FROM payments p LEFT JOIN disputes d ON d.payment_id = p.id AND (d.state = 'open' OR d.state = 'lost')
GROUP BY p.id
HAVING p.disputed <> coalesce(sum(d.amount), 0)
ORDER BY p.id LIMIT 100;

-- A credit note that is settled owes nothing, and one that is open still does.
-- name: AuditNotesOff :many
SELECT i.id AS id, CAST(coalesce(sum(e.amount), 0) AS BIGINT) AS off
FROM invoices i LEFT JOIN ledger_entries e ON e.invoice_id = i.id AND e.account = 'receivable'
WHERE i.document = 'credit_note'
GROUP BY i.id
HAVING (i.state = 'paid' AND coalesce(sum(e.amount), 0) <> 0) OR (i.state = 'open' AND coalesce(sum(e.amount), 0) >= 0)
ORDER BY i.id LIMIT 100;

-- Where a gateway's money is (the bank, for transfers) stands what came less its fees, less what
-- went back and what disputes hold, have taken or have cost, and what lies in suspense; less what
-- was paid out and is not back, and what the lines of payouts have booked of their own.
-- name: AuditClearingOff :many
SELECT g.gateway AS id,
    CAST(coalesce(b.amount, 0) - g.came
        + coalesce((SELECT sum(r.amount) FROM refunds r WHERE r.gateway = g.gateway AND r.state = 'succeeded'), 0)
        + coalesce((SELECT sum(CASE WHEN d.state = 'won' THEN 0 ELSE d.amount END + d.fee) FROM disputes d
            WHERE d.gateway = g.gateway AND d.state <> 'inquiry'), 0)
        - coalesce((SELECT sum(s.amount) FROM suspense s WHERE s.gateway = g.gateway AND s.state = 'open'), 0)
        + coalesce((SELECT sum(CASE WHEN o.state = 'failed' OR o.state = 'cancelled' THEN 0 ELSE o.amount END + o.fee) FROM payouts o
            WHERE o.gateway = g.gateway AND o.booked), 0)
        + coalesce((SELECT sum(l.fee_booked - l.open_booked) FROM payout_lines l WHERE l.gateway = g.gateway), 0) AS BIGINT) AS off
FROM (SELECT gateway, sum(received - fee) AS came FROM payments GROUP BY gateway) AS g
LEFT JOIN (SELECT account, sum(amount) AS amount FROM ledger_entries
    WHERE (account = 'bank' AND kind <> 'payout_failed' AND kind <> 'payout_settled' OR substr(account, 1, 9) = 'clearing:') AND kind <> 'payout_paid'
    GROUP BY account) AS b ON b.account = CASE WHEN g.gateway = 'transfer' THEN 'bank' ELSE 'clearing:' || g.gateway END
ORDER BY g.gateway LIMIT 100;

-- Hosting is switched off when its subscription is suspended and only then, or a task is on its
-- way to make it so.
-- name: AuditSuspensionDisagrees :many
SELECT s.id AS id, u.state AS detail
FROM services s JOIN subscriptions u ON u.id = s.subscription_id
WHERE s.kind = 'hosting' AND (
    (s.state = 'active' AND u.state = 'suspended' AND NOT EXISTS (
        SELECT 1 FROM tasks t WHERE t.subject = s.id AND (t.kind = 'service.suspend' OR t.kind = 'service.terminate')
            AND t.state <> 'done' AND t.state <> 'failed' AND t.state <> 'cancelled'))
    OR (s.state = 'suspended' AND (u.state = 'active' OR u.state = 'past_due') AND NOT EXISTS (
        SELECT 1 FROM tasks t WHERE t.subject = s.id AND (t.kind = 'service.unsuspend' OR t.kind = 'service.terminate')
            AND t.state <> 'done' AND t.state <> 'failed' AND t.state <> 'cancelled')))
ORDER BY s.id LIMIT 100;

-- What is suspended owes something.
-- name: AuditSuspendedWithoutDebt :many
SELECT u.id AS id, u.kind AS detail
FROM subscriptions u
WHERE u.state = 'suspended'
    AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.subject = u.id AND i.document = 'invoice' AND i.state = 'open')
ORDER BY u.id LIMIT 100;

-- Hosting whose period began, and is overdue, was supplied: its invoice has its number, unless it is
-- being withdrawn.
-- name: AuditSuppliedUnnumbered :many
SELECT i.id AS id, u.id AS detail
FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id JOIN subscriptions u ON u.id = l.subscription_id
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.overdue_at > 0 AND i.number = 0 AND u.kind = 'hosting' AND u.state = 'past_due'
    AND l.start_at > 0 AND l.start_at <= i.overdue_at
    AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.invoice_id = i.id AND p.abandoned
        AND (p.state = 'pending' OR p.state = 'requires_action' OR p.state = 'processing'))
ORDER BY i.id LIMIT 100;

-- What renews upstream hangs on the invoice of its period; one that a void invoice has taken with
-- it renews nothing.
-- name: AuditRenewedByNothing :many
SELECT p.invoice_id AS id, u.id AS detail
FROM subscriptions u JOIN subscription_periods p ON p.subscription_id = u.id AND p.state = 'paid'
JOIN invoices i ON i.id = p.invoice_id AND i.kind = 'renewal'
WHERE u.renew_task_kind <> ''
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.subject = u.service_id AND t.kind = u.renew_task_kind
        AND t.invoice_id = p.invoice_id AND t.error_code <> 'invoice_voided')
ORDER BY p.invoice_id LIMIT 100;

-- A renewal that is overdue is owed for a subscription that is in no good standing. The condition
-- is the index's (invoices_dunned).
-- name: AuditActiveWithDebt :many
SELECT i.id AS id, u.id AS detail
FROM invoices i JOIN subscriptions u ON u.id = i.subject
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.overdue_at > 0 AND u.state = 'active'
    AND EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.id AND l.subscription_id = u.id)
ORDER BY i.id LIMIT 100;

-- A dunning step is taken for a renewal that is owed at that time; only a reminder comes before
-- it is due. An invoice that was opened again is due anew.
-- name: AuditStepsWithoutDebt :many
SELECT d.invoice_id AS id, d.step AS detail
FROM dunning_steps d JOIN invoices i ON i.id = d.invoice_id
WHERE d.outcome = 'done' AND (
    i.document <> 'invoice' OR i.kind <> 'renewal' OR i.state = 'draft' OR i.customer_id <> d.customer_id
    OR (i.paid_at > 0 AND i.paid_at < d.done_at AND i.reopened_at = 0)
    OR (i.void_at > 0 AND i.void_at < d.done_at)
    OR (d.action <> 'remind' AND d.done_at < i.due_at AND i.reopened_at = 0))
ORDER BY d.invoice_id, d.step LIMIT 100;

-- A generic name that stood as it is at the last run of domain.notices had its notice after it:
-- month or week from 30 days before the expiry, week from 7 days, expired from 4 days after (until
-- then a look upstream may fail) to 5. Milliseconds: 30 days are 2592000000.
-- name: AuditNoticesMissing :many
SELECT s.id AS id,
    CASE WHEN s.expires_at <= r.at THEN 'expired' WHEN s.expires_at <= r.at + 604800000 THEN 'week' ELSE 'month' END AS detail
FROM services s
CROSS JOIN (SELECT c.started_at AS at FROM cron_runs c WHERE c.job = 'domain.notices' AND c.state = 'done' ORDER BY c.id DESC LIMIT 1) AS r
WHERE s.kind = 'domain' AND (s.state = 'active' OR s.state = 'suspended') AND s.expires_at > 0 AND s.updated_at < r.at
    AND substr(s.name, length(s.name) - 2, 1) <> '.'
    AND ((s.expires_at > r.at AND s.expires_at <= r.at + 2592000000)
        OR (s.expires_at <= r.at - 345600000 AND s.expires_at > r.at - 432000000))
    AND NOT EXISTS (
        SELECT 1 FROM domain_notices n
        WHERE n.service_id = s.id AND n.expires_at < s.expires_at + 15552000000 AND s.expires_at < n.expires_at + 15552000000
            AND ((s.expires_at <= r.at AND n.kind = 'expired')
                OR (s.expires_at > r.at AND n.kind = 'week')
                OR (s.expires_at > r.at + 604800000 AND n.kind = 'month')))
ORDER BY s.id LIMIT 100;

-- Of what a payment has paid of its invoice no more goes back for that invoice's credit notes.
-- name: AuditRefundsBeyondInvoice :many
SELECT f.id AS id, f.off AS off
FROM (SELECT p.id AS id, CAST(coalesce((SELECT sum(e.amount) FROM ledger_entries e
            WHERE e.account = 'receivable' AND e.kind = 'payment' AND e.invoice_id = p.invoice_id
                AND (e.subject = p.id OR EXISTS (SELECT 1 FROM payment_receipts c WHERE c.id = e.subject AND c.payment_id = p.id))), 0)
        + sum(r.amount) AS BIGINT) AS off
    FROM payments p JOIN refunds r ON r.payment_id = p.id JOIN invoices n ON n.id = r.credit_note_id AND n.purpose = 'supply'
    WHERE r.state <> 'failed'
    GROUP BY p.id, p.invoice_id) AS f
WHERE f.off > 0
ORDER BY f.id LIMIT 100;

-- What was given and paid an invoice stands in what credit notes have left of it, the part that paid a change included,
-- or has come back to its grant: it is never the customer's money. Of invoices that were replaced this is not asked.
-- name: AuditGivenOff :many
SELECT g.id AS id, g.off AS off
FROM (SELECT u.id AS id, CAST(u.used
        - coalesce((SELECT sum(l.net + l.vat - l.credited_net - l.credited_vat)
            FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE l.invoice_id = u.id AND i.state <> 'void'), 0)
        - coalesce((SELECT sum(t.credited_net + t.credited_vat - t.net - t.vat)
            FROM invoice_lines l JOIN invoice_lines t ON t.corrects_line_id = l.id AND t.corrects_line_id <> ''
            JOIN invoices i ON i.id = t.invoice_id
            WHERE l.invoice_id = u.id AND i.document = 'invoice' AND i.number > 0), 0) AS BIGINT) AS off
    FROM (SELECT invoice_id AS id, CAST(sum(amount) AS BIGINT) AS used FROM ledger_entries
        WHERE account = 'credit' AND lot_id <> '' AND invoice_id <> '' GROUP BY invoice_id HAVING sum(amount) > 0) AS u
    WHERE EXISTS (SELECT 1 FROM invoices f WHERE f.id = u.id AND f.corrects_id = '')
        AND NOT EXISTS (SELECT 1 FROM invoices r WHERE r.corrects_id = u.id AND r.corrects_id <> '' AND r.document = 'invoice')
        AND NOT EXISTS (SELECT 1 FROM invoices n JOIN invoices r ON r.corrects_id = n.id AND r.corrects_id <> ''
            WHERE n.corrects_id = u.id AND n.corrects_id <> '' AND r.document = 'invoice')) AS g
WHERE g.off > 0
ORDER BY g.id LIMIT 100;

-- What is counted on a line as taken back is what credit notes and the invoices of changes took of it.
-- name: AuditLinesCreditedOff :many
SELECT c.id AS id, c.off AS off
FROM (SELECT l.id AS id, CAST(l.credited_net
        - coalesce((SELECT sum(CASE WHEN i.document = 'credit_note' THEN 0 - t.net ELSE t.credited_net - t.net END)
            FROM invoice_lines t JOIN invoices i ON i.id = t.invoice_id
            WHERE t.corrects_line_id = l.id AND t.corrects_line_id <> '' AND (i.document = 'credit_note' OR i.number > 0)), 0) AS BIGINT) AS off
    FROM invoice_lines l) AS c
WHERE c.off <> 0
ORDER BY c.id LIMIT 100;

-- Nobody pays for what they do not have any more.
-- name: AuditEndedStillBilled :many
SELECT u.id AS id, s.state AS detail
FROM subscriptions u JOIN services s ON s.id = u.service_id
WHERE u.state <> 'cancelled' AND (s.state = 'cancelled' OR s.state = 'terminated' OR s.state = 'failed')
ORDER BY u.id LIMIT 100;

-- Hosting whose subscription is over has been ended, or a task is to end it. That of a customer who
-- is written off may be kept as it is: that is the shop's policy.
-- name: AuditOverAndRunning :many
SELECT s.id AS id, s.state AS detail
FROM services s JOIN subscriptions u ON u.id = s.subscription_id
WHERE s.kind = 'hosting' AND u.state = 'cancelled' AND (s.state = 'active' OR s.state = 'suspended')
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.subject = s.id AND t.kind = 'service.terminate'
        AND t.state <> 'done' AND t.state <> 'failed' AND t.state <> 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = s.customer_id AND c.written_off = TRUE)
ORDER BY s.id LIMIT 100;

-- What a credit note still owes is on its way, or before the operator, or waits for a dispute.
-- name: AuditOwedByNobody :many
SELECT i.id AS id, i.subject AS detail
FROM invoices i
WHERE i.document = 'credit_note' AND i.state = 'open'
    AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.credit_note_id = i.id AND r.state = 'pending')
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.subject = 'refund.owed:' || i.id AND t.state = 'held')
    AND NOT EXISTS (SELECT 1 FROM disputes d WHERE d.customer_id = i.customer_id AND d.state = 'open')
    AND coalesce((SELECT sum(e.amount) FROM ledger_entries e WHERE e.invoice_id = i.id AND e.account = 'receivable'), 0) < 0
ORDER BY i.id LIMIT 100;
