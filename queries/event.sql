-- name: EventInsert :exec
INSERT INTO events (id, kind, subject, customer_id, data, happened_at)
VALUES (sqlc.arg(id), sqlc.arg(kind), sqlc.arg(subject), sqlc.arg(customer_id), sqlc.arg(data), sqlc.arg(happened_at));

-- name: EventsAfter :many
SELECT id, kind, subject, customer_id, data, happened_at
FROM events WHERE id > sqlc.arg(after_id) ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: EventsBySubject :many
SELECT id, kind, subject, customer_id, data, happened_at
FROM events WHERE subject = sqlc.arg(subject) AND id > sqlc.arg(after_id) ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: EventsByCustomer :many
SELECT id, kind, subject, customer_id, data, happened_at
FROM events
WHERE customer_id = sqlc.arg(customer_id) AND customer_id <> '' AND id > sqlc.arg(after_id)
ORDER BY id LIMIT sqlc.arg(max_rows);

-- AlarmAgain counts an alarm that is open already.
-- name: AlarmAgain :execrows
UPDATE alarms SET message = sqlc.arg(message), raises = raises + 1, latest_at = sqlc.arg(latest_at)
WHERE code = sqlc.arg(code) AND subject = sqlc.arg(subject) AND cleared_at = 0;

-- AlarmInsert writes nothing where another opened the same alarm meanwhile.
-- name: AlarmInsert :execrows
INSERT INTO alarms (id, code, subject, message, raised_at, latest_at)
VALUES (sqlc.arg(id), sqlc.arg(code), sqlc.arg(subject), sqlc.arg(message), sqlc.arg(raised_at), sqlc.arg(latest_at))
ON CONFLICT DO NOTHING;

-- name: AlarmClear :execrows
UPDATE alarms SET cleared_at = sqlc.arg(cleared_at)
WHERE code = sqlc.arg(code) AND subject = sqlc.arg(subject) AND cleared_at = 0;

-- name: AlarmsOpen :many
SELECT id, code, subject, message, raises, raised_at, latest_at
FROM alarms WHERE cleared_at = 0 AND id > sqlc.arg(after_id) ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: AlarmOpenOf :one
SELECT id, code, subject, message, raises, raised_at, latest_at
FROM alarms WHERE code = sqlc.arg(code) AND subject = sqlc.arg(subject) AND cleared_at = 0;

-- AlarmsOpenOf are the open alarms of one code: a handful.
-- name: AlarmsOpenOf :many
SELECT id, code, subject, message, raises, raised_at, latest_at
FROM alarms WHERE code = sqlc.arg(code) AND cleared_at = 0 ORDER BY id;
