-- name: SubscriptionInsert :execrows
INSERT INTO subscriptions (id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count,
    currency, net, cost, anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at,
    lead_days, renew_task_kind, renew_task_payload, gateway, method_id, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: SubscriptionByID :one
SELECT id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count, currency, net, cost,
    anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at, lead_days,
    renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, revision, created_at, updated_at
FROM subscriptions WHERE id = ?;

-- name: SubscriptionByOrderLine :one
SELECT id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count, currency, net, cost,
    anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at, lead_days,
    renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, revision, created_at, updated_at
FROM subscriptions WHERE order_line_id = ? AND order_line_id <> '';

-- name: SubscriptionsByService :many
SELECT id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count, currency, net, cost,
    anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at, lead_days,
    renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, revision, created_at, updated_at
FROM subscriptions WHERE service_id = ? ORDER BY id;

-- name: SubscriptionsByCustomer :many
SELECT id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count, currency, net, cost,
    anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at, lead_days,
    renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, revision, created_at, updated_at
FROM subscriptions WHERE customer_id = sqlc.arg(customer_id) AND id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(page);

-- The due run is paged by (next_invoice_at, id) in two steps, so that each step
-- reads only its own part of the index: the rest of one instant, then later ones.
-- name: SubscriptionsDueAt :many
SELECT id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count, currency, net, cost,
    anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at, lead_days,
    renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, revision, created_at, updated_at
FROM subscriptions
WHERE next_invoice_at > 0 AND state IN ('active', 'past_due') AND next_invoice_at = sqlc.arg(due_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: SubscriptionsDueLater :many
SELECT id, customer_id, service_id, order_line_id, kind, description, state, cycle_unit, cycle_count, currency, net, cost,
    anchor_at, next_number, current_start_at, current_end_at, next_start_at, next_invoice_at, lead_days,
    renew_task_kind, renew_task_payload, gateway, method_id, cancel_at, revision, created_at, updated_at
FROM subscriptions
WHERE next_invoice_at > 0 AND state IN ('active', 'past_due') AND next_invoice_at > sqlc.arg(due_at)
    AND next_invoice_at <= sqlc.arg(now_at)
ORDER BY next_invoice_at, id LIMIT sqlc.arg(page);

-- Taken by whoever moves the revision: the run may be running twice.
-- name: SubscriptionBilled :execrows
UPDATE subscriptions SET next_number = sqlc.arg(next_number), next_start_at = sqlc.arg(next_start_at),
    next_invoice_at = sqlc.arg(next_invoice_at), revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND revision = sqlc.arg(revision) AND state IN ('active', 'past_due');

-- name: SubscriptionMove :execrows
UPDATE subscriptions SET state = sqlc.arg(state), current_start_at = sqlc.arg(current_start_at),
    current_end_at = sqlc.arg(current_end_at), next_number = sqlc.arg(next_number),
    next_start_at = sqlc.arg(next_start_at), next_invoice_at = sqlc.arg(next_invoice_at),
    revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND revision = sqlc.arg(revision);

-- name: SubscriptionPastDue :execrows
UPDATE subscriptions SET state = 'past_due', revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND state = 'active';

-- name: SubscriptionCancelAt :execrows
UPDATE subscriptions SET cancel_at = sqlc.arg(cancel_at), next_invoice_at = sqlc.arg(next_invoice_at), state = sqlc.arg(state),
    revision = revision + 1, updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id) AND revision = sqlc.arg(revision) AND state <> 'cancelled';

-- name: SubscriptionsEnding :many
SELECT id FROM subscriptions
WHERE cancel_at > 0 AND state <> 'cancelled' AND cancel_at <= sqlc.arg(now_at) AND id > sqlc.arg(after)
ORDER BY id LIMIT sqlc.arg(page);

-- name: SubscriptionEnd :execrows
UPDATE subscriptions SET state = 'cancelled', next_invoice_at = 0, revision = revision + 1, updated_at = sqlc.arg(now_at)
WHERE id = sqlc.arg(id) AND cancel_at > 0 AND cancel_at <= sqlc.arg(now_at) AND state <> 'cancelled';

-- name: SubscriptionSetMethod :execrows
UPDATE subscriptions SET gateway = sqlc.arg(gateway), method_id = sqlc.arg(method_id), revision = revision + 1,
    updated_at = sqlc.arg(updated_at)
WHERE id = sqlc.arg(id);

-- name: PeriodInsert :execrows
INSERT INTO subscription_periods (subscription_id, start_at, end_at, invoice_id, state)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: PeriodPaid :execrows
UPDATE subscription_periods SET state = 'paid'
WHERE subscription_id = sqlc.arg(subscription_id) AND start_at = sqlc.arg(start_at) AND state = 'billed';

-- name: PeriodsVoid :execrows
UPDATE subscription_periods SET state = 'void' WHERE invoice_id = ? AND state = 'billed';

-- name: PeriodEnds :execrows
UPDATE subscription_periods SET end_at = sqlc.arg(end_at)
WHERE subscription_id = sqlc.arg(subscription_id) AND start_at = sqlc.arg(start_at);

-- name: PeriodsBySubscription :many
SELECT subscription_id, start_at, end_at, invoice_id, state
FROM subscription_periods WHERE subscription_id = ? ORDER BY start_at;

-- name: PeriodLast :one
SELECT subscription_id, start_at, end_at, invoice_id, state
FROM subscription_periods WHERE subscription_id = ? ORDER BY start_at DESC LIMIT 1;

-- name: PeriodsUnpaid :one
SELECT count(start_at) AS periods FROM subscription_periods
WHERE subscription_id = sqlc.arg(subscription_id) AND state = 'billed' AND start_at <= sqlc.arg(now_at);
