-- name: MailInsert :exec
INSERT INTO mails (id, event_id, event_kind, event_data, customer_id, subject, resent_of, created_at)
VALUES (sqlc.arg(id), sqlc.arg(event_id), sqlc.arg(event_kind), sqlc.arg(event_data), sqlc.arg(customer_id), sqlc.arg(subject),
    sqlc.arg(resent_of), sqlc.arg(created_at));

-- name: MailByID :one
SELECT id, event_id, event_kind, event_data, customer_id, subject, template, title, state, error_code, resent_of, created_at, sent_at, recipient, message_id
FROM mails WHERE id = sqlc.arg(id);

-- name: MailList :many
-- MailList gives the newest first, from before an id on.
SELECT id, event_id, event_kind, event_data, customer_id, subject, template, title, state, error_code, resent_of, created_at, sent_at, recipient, message_id
FROM mails
WHERE (CAST(sqlc.arg(before_id) AS TEXT) = '' OR id < sqlc.arg(before_id))
ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- name: MailListByCustomer :many
SELECT id, event_id, event_kind, event_data, customer_id, subject, template, title, state, error_code, resent_of, created_at, sent_at, recipient, message_id
FROM mails
WHERE customer_id = sqlc.arg(customer_id) AND (CAST(sqlc.arg(before_id) AS TEXT) = '' OR id < sqlc.arg(before_id))
ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- name: MailSent :execrows
UPDATE mails SET state = 'sent', template = sqlc.arg(template), title = sqlc.arg(title), sent_at = sqlc.arg(sent_at),
    recipient = sqlc.arg(recipient), message_id = sqlc.arg(message_id), error_code = ''
WHERE id = sqlc.arg(id);

-- name: MailNotSent :execrows
UPDATE mails SET state = sqlc.arg(state), error_code = sqlc.arg(error_code) WHERE id = sqlc.arg(id) AND state = 'queued';
