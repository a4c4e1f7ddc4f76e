-- What is overdue and open. The condition is the index's (invoices_dunned).
-- name: DunningOverdue :many
SELECT id FROM invoices
WHERE state = 'open' AND kind = 'renewal' AND overdue_at > 0 AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- Names whose renewal is not paid and soon due.
-- name: DunningUpcoming :many
SELECT i.id FROM invoices i
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.overdue_at = 0 AND i.due_at <= sqlc.arg(until_at) AND i.id > sqlc.arg(after)
    AND EXISTS (SELECT 1 FROM invoice_lines l JOIN subscriptions s ON s.id = l.subscription_id
                WHERE l.invoice_id = i.id AND s.kind = 'domain')
ORDER BY i.id LIMIT sqlc.arg(page);

-- All that decides on the next step for an invoice; one that is for no subscription has none.
-- name: DunningCase :many
SELECT i.id, i.state, i.kind, i.customer_id, i.due_at, i.overdue_at, i.reopened_at, i.currency, i.gross, i.paid,
    CAST(coalesce(l.description, '') AS TEXT) AS description, CAST(coalesce(s.id, '') AS TEXT) AS subscription_id,
    CAST(coalesce(s.kind, '') AS TEXT) AS subscription_kind, CAST(coalesce(s.state, '') AS TEXT) AS subscription_state,
    CAST(coalesce(s.service_id, '') AS TEXT) AS service_id, c.no_invoicing, c.no_suspension, c.written_off,
    CAST(coalesce(v.state, '') AS TEXT) AS service_state
FROM invoices i
LEFT JOIN invoice_lines l ON l.invoice_id = i.id AND l.position = (
    SELECT min(m.position) FROM invoice_lines m WHERE m.invoice_id = i.id AND m.subscription_id <> '')
LEFT JOIN subscriptions s ON s.id = l.subscription_id
JOIN customers c ON c.id = i.customer_id
LEFT JOIN services v ON v.id = s.service_id
WHERE i.id = sqlc.arg(id);

-- The same of a page of what is overdue.
-- name: DunningCases :many
SELECT i.id, i.state, i.kind, i.customer_id, i.due_at, i.overdue_at, i.reopened_at, i.currency, i.gross, i.paid,
    CAST(coalesce(l.description, '') AS TEXT) AS description, CAST(coalesce(s.id, '') AS TEXT) AS subscription_id,
    CAST(coalesce(s.kind, '') AS TEXT) AS subscription_kind, CAST(coalesce(s.state, '') AS TEXT) AS subscription_state,
    CAST(coalesce(s.service_id, '') AS TEXT) AS service_id, c.no_invoicing, c.no_suspension, c.written_off,
    CAST(coalesce(v.state, '') AS TEXT) AS service_state
FROM invoices i
LEFT JOIN invoice_lines l ON l.invoice_id = i.id AND l.position = (
    SELECT min(m.position) FROM invoice_lines m WHERE m.invoice_id = i.id AND m.subscription_id <> '')
LEFT JOIN subscriptions s ON s.id = l.subscription_id
JOIN customers c ON c.id = i.customer_id
LEFT JOIN services v ON v.id = s.service_id
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.overdue_at > 0 AND i.id > sqlc.arg(after)
ORDER BY i.id LIMIT sqlc.arg(page);

-- The steps that were taken for that page, from its first invoice to its last.
-- name: DunningStepsOfCases :many
SELECT d.invoice_id, d.step, d.owed_at, d.action, d.customer_id, d.subscription_id, d.outcome, d.detail, d.done_at
FROM invoices i JOIN dunning_steps d ON d.invoice_id = i.id
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.overdue_at > 0 AND i.id >= sqlc.arg(oldest) AND i.id <= sqlc.arg(newest)
ORDER BY d.invoice_id, d.done_at, d.step;

-- Those of the page that are being paid, and those whose customer disputes a payment.
-- name: DunningProcessing :many
SELECT i.id FROM invoices i JOIN payments p ON p.invoice_id = i.id
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.overdue_at > 0 AND i.id >= sqlc.arg(oldest) AND i.id <= sqlc.arg(newest)
    AND p.state = 'processing'
ORDER BY i.id;

-- name: DunningDisputed :many
SELECT i.id FROM invoices i
WHERE i.state = 'open' AND i.kind = 'renewal' AND i.overdue_at > 0 AND i.id >= sqlc.arg(oldest) AND i.id <= sqlc.arg(newest)
    AND EXISTS (SELECT 1 FROM disputes d WHERE d.customer_id = i.customer_id AND d.state = 'open')
ORDER BY i.id;

-- No row means that the step was taken before.
-- name: DunningStepInsert :execrows
INSERT INTO dunning_steps (invoice_id, step, owed_at, action, customer_id, subscription_id, outcome, detail, done_at)
VALUES (sqlc.arg(invoice_id), sqlc.arg(step), sqlc.arg(owed_at), sqlc.arg(action), sqlc.arg(customer_id), sqlc.arg(subscription_id), sqlc.arg(outcome),
    sqlc.arg(detail), sqlc.arg(done_at))
ON CONFLICT DO NOTHING;

-- name: DunningStepsPassOn :exec
UPDATE dunning_steps SET invoice_id = sqlc.arg(new_id) WHERE invoice_id = sqlc.arg(invoice_id);

-- name: DunningSteps :many
SELECT invoice_id, step, owed_at, action, customer_id, subscription_id, outcome, detail, done_at
FROM dunning_steps WHERE invoice_id = sqlc.arg(invoice_id) ORDER BY done_at, step;

-- The subscriptions of a customer that still run.
-- name: SubscriptionsLiveOfCustomer :many
SELECT id, kind, service_id FROM subscriptions
WHERE customer_id = sqlc.arg(customer_id) AND state <> 'cancelled' ORDER BY id;

-- Customers whom staff has given up and who still have an open invoice, as when a payment of it
-- was processing at that time.
-- name: CustomersWrittenOffOwing :many
SELECT c.id FROM customers c
WHERE c.written_off AND c.id > sqlc.arg(after)
    AND EXISTS (SELECT 1 FROM invoices i WHERE i.customer_id = c.id AND i.document = 'invoice' AND i.state = 'open')
ORDER BY c.id LIMIT sqlc.arg(page);
