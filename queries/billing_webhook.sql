-- name: WebhookDetailInsert :exec
INSERT INTO webhook_details (webhook_id, task_id, payload, ignored)
VALUES (sqlc.arg(webhook_id), sqlc.arg(task_id), sqlc.arg(payload), sqlc.arg(ignored));

-- WebhookIgnored says why nothing follows from a webhook that was read.
-- name: WebhookIgnored :execrows
UPDATE webhook_details SET ignored = sqlc.arg(ignored) WHERE webhook_id = sqlc.arg(webhook_id);

-- WebhookReplayed keeps the task that works on it now.
-- name: WebhookReplayed :execrows
UPDATE webhook_details SET task_id = sqlc.arg(task_id), ignored = '', replays = replays + 1 WHERE webhook_id = sqlc.arg(webhook_id);

-- name: WebhookReopen :execrows
UPDATE webhook_inbox SET processed_at = 0 WHERE id = sqlc.arg(id);

-- WebhookSeen is a webhook with all that is known of it.
-- name: WebhookSeen :one
SELECT w.id, w.gateway, w.event_id, w.kind, w.payments, w.refunds, w.received_at, w.processed_at,
    CAST(coalesce(d.task_id, '') AS TEXT) AS task_id, CAST(coalesce(d.payload, '') AS TEXT) AS payload,
    CAST(coalesce(d.ignored, '') AS TEXT) AS ignored, CAST(coalesce(d.replays, 0) AS BIGINT) AS replays,
    CAST(coalesce(t.state, '') AS TEXT) AS task_state, CAST(coalesce(t.last_error, '') AS TEXT) AS task_error
FROM webhook_inbox w LEFT JOIN webhook_details d ON d.webhook_id = w.id LEFT JOIN tasks t ON t.id = d.task_id
WHERE w.id = sqlc.arg(id);

-- WebhookPage is a page of the inbox, the latest first; an empty cursor is the start.
-- name: WebhookPage :many
SELECT w.id, w.gateway, w.event_id, w.kind, w.received_at, w.processed_at,
    CAST(coalesce(d.task_id, '') AS TEXT) AS task_id, CAST(coalesce(d.ignored, '') AS TEXT) AS ignored,
    CAST(coalesce(d.replays, 0) AS BIGINT) AS replays,
    CAST(coalesce(t.state, '') AS TEXT) AS task_state, CAST(coalesce(t.last_error, '') AS TEXT) AS task_error
FROM webhook_inbox w LEFT JOIN webhook_details d ON d.webhook_id = w.id LEFT JOIN tasks t ON t.id = d.task_id
WHERE (CAST(sqlc.arg(before_id) AS TEXT) = '' OR w.id < CAST(sqlc.arg(before_id) AS TEXT))
  AND (CAST(sqlc.arg(gateway) AS TEXT) = '' OR w.gateway = CAST(sqlc.arg(gateway) AS TEXT))
ORDER BY w.id DESC LIMIT sqlc.arg(max_rows);

-- WebhooksUnprocessed are those that came in a span of time and were not processed,
-- oldest first; task_state says whether something works on them.
-- name: WebhooksUnprocessed :many
SELECT w.id, w.received_at, CAST(coalesce(t.state, '') AS TEXT) AS task_state
FROM webhook_inbox w LEFT JOIN webhook_details d ON d.webhook_id = w.id LEFT JOIN tasks t ON t.id = d.task_id
WHERE w.processed_at = 0 AND w.id > sqlc.arg(after) AND w.received_at >= sqlc.arg(since_at) AND w.received_at <= sqlc.arg(until_at)
ORDER BY w.id LIMIT sqlc.arg(max_rows);

-- AuditWebhooksDropped: an event is not processed and nothing works on it.
-- name: AuditWebhooksDropped :many
SELECT w.id AS id, w.kind AS detail
FROM webhook_inbox w
WHERE w.processed_at = 0 AND NOT EXISTS (
    SELECT 1 FROM tasks t WHERE t.subject = w.id AND t.state <> 'done' AND t.state <> 'cancelled')
ORDER BY w.id LIMIT 100;

-- The oldest webhooks behind the last one whose body was forgotten.
-- name: WebhooksOldest :many
SELECT id, received_at FROM webhook_inbox WHERE id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(max_rows);

-- WebhookForget leaves what a webhook named, and that it came.
-- name: WebhookForget :execrows
UPDATE webhook_details SET payload = '' WHERE webhook_id = sqlc.arg(webhook_id) AND payload <> '';
