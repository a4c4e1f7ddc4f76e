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

-- All that decides on the next step for an invoice: no row where it is for no subscription.
-- name: DunningCase :many
SELECT i.id, i.state, i.kind, i.customer_id, i.due_at, i.overdue_at, i.currency, i.gross, i.paid, l.description,
    s.id AS subscription_id, s.kind AS subscription_kind, s.state AS subscription_state, s.service_id,
    c.no_invoicing, c.no_suspension, c.written_off
FROM invoices i
JOIN invoice_lines l ON l.invoice_id = i.id AND l.subscription_id <> ''
JOIN subscriptions s ON s.id = l.subscription_id
JOIN customers c ON c.id = i.customer_id
WHERE i.id = sqlc.arg(id) ORDER BY l.position LIMIT 1;

-- No row means that the step was taken before.
-- name: DunningStepInsert :execrows
INSERT INTO dunning_steps (invoice_id, step, action, customer_id, subscription_id, outcome, detail, done_at)
VALUES (sqlc.arg(invoice_id), sqlc.arg(step), sqlc.arg(action), sqlc.arg(customer_id), sqlc.arg(subscription_id), sqlc.arg(outcome),
    sqlc.arg(detail), sqlc.arg(done_at))
ON CONFLICT DO NOTHING;

-- name: DunningSteps :many
SELECT invoice_id, step, action, customer_id, subscription_id, outcome, detail, done_at
FROM dunning_steps WHERE invoice_id = sqlc.arg(invoice_id) ORDER BY done_at, step;

-- name: DunningServiceState :many
SELECT state FROM services WHERE id = sqlc.arg(id);

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
