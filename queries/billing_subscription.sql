-- name: SubscriptionInsert :execrows
INSERT INTO subscriptions (id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count,
    currency, net, cost, anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at,
    lead_days, renew_task_kind, renew_task_payload, gateway, method_id, phases, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: SubscriptionByID :one
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions WHERE id = ?;

-- name: SubscriptionByOrderLine :one
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions WHERE order_line_id = ? AND order_line_id <> '';

-- name: SubscriptionsByService :many
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions WHERE service_id = ? ORDER BY id;

-- name: SubscriptionsByCustomer :many
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions WHERE customer_id = sqlc.arg(customer_id) AND id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(page);

-- The due run is paged by (next_invoice_at, id) in two steps, so that each step
-- reads only its own part of the index: the rest of one instant, then later ones.
-- name: SubscriptionsDueAt :many
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions
WHERE next_invoice_at > 0 AND (state = 'active' OR state = 'past_due') AND next_invoice_at = sqlc.arg(due_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: SubscriptionsDueLater :many
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions
WHERE next_invoice_at > 0 AND (state = 'active' OR state = 'past_due') AND next_invoice_at > sqlc.arg(due_at)
    AND next_invoice_at <= sqlc.arg(now_at)
ORDER BY next_invoice_at, id LIMIT sqlc.arg(page);

-- Taken by whoever moves the revision: the run may be running twice.
-- name: SubscriptionBilled :execrows
UPDATE subscriptions SET next_number = sqlc.arg(next_number), next_start_at = sqlc.arg(next_start_at),
    next_invoice_at = sqlc.arg(next_invoice_at), revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND revision = sqlc.arg(revision) AND (state = 'active' OR state = 'past_due');

-- name: SubscriptionMove :execrows
UPDATE subscriptions SET state = sqlc.arg(state), current_start_at = sqlc.arg(current_start_at),
    current_end_at = sqlc.arg(current_end_at), next_number = sqlc.arg(next_number),
    next_start_at = sqlc.arg(next_start_at), next_invoice_at = sqlc.arg(next_invoice_at),
    revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND revision = sqlc.arg(revision);

-- name: SubscriptionPastDue :execrows
UPDATE subscriptions SET state = 'past_due', revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = 'active';

-- What a customer or staff decides, and what follows from it, in one statement: rare beside renewals.
-- name: SubscriptionWrite :execrows
UPDATE subscriptions SET state = sqlc.arg(state), product_id = sqlc.arg(product_id), description = sqlc.arg(description),
    cycle_unit = sqlc.arg(cycle_unit), cycle_count = sqlc.arg(cycle_count), net = sqlc.arg(net), cost = sqlc.arg(cost),
    least = sqlc.arg(least), price_policy = sqlc.arg(price_policy), notice_net = sqlc.arg(notice_net),
    notice_at = sqlc.arg(notice_at), phases = sqlc.arg(phases), change_id = sqlc.arg(change_id), anchor_at = sqlc.arg(anchor_at),
    next_number = sqlc.arg(next_number), current_start_at = sqlc.arg(current_start_at), current_end_at = sqlc.arg(current_end_at),
    next_start_at = sqlc.arg(next_start_at), next_invoice_at = sqlc.arg(next_invoice_at), cancel_at = sqlc.arg(cancel_at),
    pause_at = sqlc.arg(pause_at), revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND revision = sqlc.arg(revision);

-- name: SubscriptionsEnding :many
SELECT id FROM subscriptions
WHERE cancel_at > 0 AND state <> 'cancelled' AND cancel_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: SubscriptionEnd :execrows
UPDATE subscriptions SET state = 'cancelled', next_invoice_at = 0, pause_at = 0, revision = revision + 1, updated_at = sqlc.arg(now_at)
WHERE id = sqlc.arg(id) AND cancel_at > 0 AND cancel_at <= sqlc.arg(now_at) AND state <> 'cancelled';

-- Pauses that begin to hold now: what was paid for has run out.
-- name: SubscriptionsPausing :many
SELECT id FROM subscriptions
WHERE pause_at > 0 AND state = 'paused' AND pause_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: SubscriptionsAll :many
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions WHERE id > sqlc.arg(after)
    AND (CAST(sqlc.arg(customer_id) AS TEXT) = '' OR customer_id = CAST(sqlc.arg(customer_id) AS TEXT))
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR state = CAST(sqlc.arg(state) AS TEXT))
ORDER BY id LIMIT sqlc.arg(page);

-- name: SubscriptionsBelowCost :many
SELECT id, customer_id, service_id, order_line_id, kind, product_id, description, state, cycle_unit, cycle_count, currency, net, cost,
    least, price_policy, notice_net, notice_at, phases, change_id, anchor_at, next_number, current_start_at, current_end_at,
    next_start_at, next_invoice_at, lead_days, renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, pause_at,
    revision, created_at, updated_at
FROM subscriptions WHERE net < least AND state <> 'cancelled' AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- What is billed, by what prices it today, a page at a time; premium names have prices of their own.
-- name: SubscriptionsPriced :many
SELECT u.id AS id, u.kind AS kind, u.product_id AS product_id, u.cycle_unit AS cycle_unit, u.cycle_count AS cycle_count,
    u.net AS net, u.cost AS cost, u.least AS least, u.price_policy AS price_policy, u.notice_net AS notice_net,
    u.notice_at AS notice_at, s.name AS name
FROM subscriptions AS u JOIN services AS s ON s.id = u.service_id
WHERE u.state <> 'cancelled' AND u.id > sqlc.arg(after)
    AND u.order_line_id NOT IN (
        SELECT l.id FROM quote_lines AS p JOIN orders AS o ON o.quote_id = p.quote_id
        JOIN order_lines AS l ON l.order_id = o.id AND l.position = p.position
        WHERE p.premium
    )
ORDER BY u.id LIMIT sqlc.arg(page);

-- The name that a service is for: what its TLD asks for.
-- name: SubscriptionName :many
SELECT name FROM services WHERE id = sqlc.arg(service_id);

-- name: SubscriptionSetMethod :execrows
UPDATE subscriptions SET gateway = sqlc.arg(gateway), method_id = sqlc.arg(method_id), revision = revision + 1,
    updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- A period is billed once; one that was withdrawn may be billed anew.
-- name: PeriodInsert :execrows
INSERT INTO subscription_periods (subscription_id, start_at, end_at, invoice_id, net, state)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (subscription_id, start_at) DO UPDATE SET end_at = excluded.end_at, invoice_id = excluded.invoice_id,
    net = excluded.net, state = excluded.state
WHERE subscription_periods.state = 'void';

-- name: PeriodPaid :execrows
UPDATE subscription_periods SET state = 'paid'
WHERE subscription_id = sqlc.arg(subscription_id) AND start_at = sqlc.arg(start_at) AND state = 'billed';

-- A bill that is not to be paid leaves its period void (it may be billed anew) or waived (it is not).
-- name: PeriodsVoid :execrows
UPDATE subscription_periods SET state = sqlc.arg(state) WHERE invoice_id = sqlc.arg(invoice_id) AND state = 'billed';

-- name: PeriodsPassOn :exec
UPDATE subscription_periods SET invoice_id = sqlc.arg(new_id) WHERE invoice_id = sqlc.arg(invoice_id) AND state = 'billed';

-- name: PeriodEnds :execrows
UPDATE subscription_periods SET end_at = sqlc.arg(end_at)
WHERE subscription_id = sqlc.arg(subscription_id) AND start_at = sqlc.arg(start_at);

-- name: PeriodsBySubscription :many
SELECT subscription_id, start_at, end_at, invoice_id, net, state
FROM subscription_periods WHERE subscription_id = ? ORDER BY start_at;

-- name: PeriodLast :one
SELECT subscription_id, start_at, end_at, invoice_id, net, state
FROM subscription_periods WHERE subscription_id = ? ORDER BY start_at DESC LIMIT 1;

-- name: PeriodsUnpaid :one
SELECT count(start_at) AS periods FROM subscription_periods
WHERE subscription_id = sqlc.arg(subscription_id) AND state = 'billed' AND start_at <= sqlc.arg(now_at);

-- Renewals of a subscription that are owed beside one invoice: overdue, or opened again by a lost
-- dispute, whose period stays paid. A late fee suspends nothing and has no line of the subscription.
-- name: RenewalsOwed :one
SELECT count(i.id) AS renewals FROM invoices i
WHERE i.subject = sqlc.arg(subscription_id) AND i.id <> sqlc.arg(beside) AND i.state = 'open' AND i.kind = 'renewal'
    AND i.document = 'invoice' AND (i.overdue_at > 0 OR i.reopened_at > 0)
    AND EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.id AND l.subscription_id = i.subject);

-- A period that ends early, with what was used of its price.
-- name: PeriodCut :execrows
UPDATE subscription_periods SET end_at = sqlc.arg(end_at), net = sqlc.arg(net)
WHERE subscription_id = sqlc.arg(subscription_id) AND start_at = sqlc.arg(start_at) AND state = 'paid' AND end_at > sqlc.arg(end_at);

-- name: PeriodDrop :execrows
UPDATE subscription_periods SET state = 'void'
WHERE subscription_id = sqlc.arg(subscription_id) AND start_at = sqlc.arg(start_at) AND state = 'paid';

-- name: ChangeInsert :exec
INSERT INTO subscription_changes (id, subscription_id, state, invoice_id, credit_note_id, from_at, plan, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: ChangeByID :one
SELECT id, subscription_id, state, invoice_id, credit_note_id, from_at, plan, created_at, updated_at
FROM subscription_changes WHERE id = ?;

-- name: ChangeByInvoice :one
SELECT id, subscription_id, state, invoice_id, credit_note_id, from_at, plan, created_at, updated_at
FROM subscription_changes WHERE invoice_id = ? AND invoice_id <> '';

-- name: ChangesBySubscription :many
SELECT id, subscription_id, state, invoice_id, credit_note_id, from_at, plan, created_at, updated_at
FROM subscription_changes WHERE subscription_id = ? ORDER BY id;

-- name: ChangeMove :execrows
UPDATE subscription_changes SET state = sqlc.arg(state), invoice_id = sqlc.arg(invoice_id), updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state);

-- name: PriceNoticeInsert :exec
INSERT INTO price_notices (id, subscription_id, state, currency, old_net, new_net, from_at, created_at, updated_at)
VALUES (?, ?, 'told', ?, ?, ?, ?, ?, ?);

-- name: PriceNoticesBySubscription :many
SELECT id, subscription_id, state, currency, old_net, new_net, from_at, created_at, updated_at
FROM price_notices WHERE subscription_id = ? ORDER BY id;

-- Of a subscription one notice is open at most.
-- name: PriceNoticeEnd :execrows
UPDATE price_notices SET state = sqlc.arg(state), updated_at = sqlc.arg(updated_at)
WHERE subscription_id = sqlc.arg(subscription_id) AND state = 'told';
